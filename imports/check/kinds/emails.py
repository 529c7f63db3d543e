"""E-mail addresses: most columns are proven sound at once, and only what is left is read one by one."""

import re

import numpy as np

from imports.check.hashing import Ints, Mask
from imports.check.pieces import Column

_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[\w-]+(\.[\w-]+)*\.\w{2,}")
_PLAIN = np.zeros(256, np.bool_)
_PLAIN[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.@-_+")] = True
_AT, _DOT, _HYPHEN, _PLUS = b"@.-+"


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def proven(column: Column) -> Mask:
    """Cells that are addresses without a doubt: plain letters, one @, and a name of two letters or more at the end."""
    buffer, starts, ends = column.buffer, column.starts, column.ends
    ats = np.flatnonzero(buffer == _AT)
    first = np.searchsorted(ats, starts)
    one = np.searchsorted(ats, ends) - first == 1
    at = _at(ats, first)
    last_dot = _before(np.flatnonzero(buffer == _DOT), ends)
    dots_apart = _before(np.flatnonzero((buffer[:-1] == _DOT) & (buffer[1:] == _DOT)), ends) < starts
    last_odd = _before(np.flatnonzero((buffer == _HYPHEN) | (buffer == _PLUS)), ends)
    plain = _before(np.flatnonzero(~_PLAIN[buffer]), ends) < starts
    named: Mask = (starts < at) & (at + 1 < last_dot) & (last_dot + 2 < ends) & (last_odd < at)
    named &= buffer[np.minimum(at + 1, buffer.size - 1)] != _DOT
    sound: Mask = one & plain & named & dots_apart
    return sound


def _at(places: Ints, index: Ints) -> Ints:
    return places[np.minimum(index, places.size - 1)] if places.size else np.full(index.size, -1)


def _before(places: Ints, ends: Ints) -> Ints:
    """The last of the places before each end; -1 where there is none."""
    return np.concatenate(([-1], places))[np.searchsorted(places, ends)]
