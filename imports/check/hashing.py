"""Text as 64-bit numbers, so that millions of ids can be compared at once.

Two different texts share a number with a chance of 2^-64: among 10,000,000 enrollments and 1,000,000 users that is one
mistake in some 2,000,000 checks.
"""

from hashlib import blake2b
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]
Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.uint8]

WORD = 8  # bytes that are hashed at a time; whoever hashes leaves as many readable bytes behind the last cell

_LONG = 1024  # bytes: what a cell has beyond is hashed by itself, for all cells together would wait for the longest
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_OTHER_PRIME = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT, _HALF = np.uint64(29), np.uint64(32)
_KEEP = np.array([(1 << (8 * kept)) - 1 for kept in range(WORD + 1)], dtype=np.uint64)


def words_of(data: bytes) -> Hashes:
    """The eight bytes that begin at every byte of the data."""
    return np.ndarray((max(0, len(data) - WORD + 1),), np.uint64, data, strides=(1,))


def hash_cells(words: Hashes, starts: Ints, ends: Ints) -> Hashes:
    """One number per cell; never 0, which stands for “nothing” in tables."""
    lengths = ends - starts
    hashed = lengths.astype(np.uint64) * _PRIME
    longest = int(lengths.max(initial=0))
    for offset in range(0, min(longest, _LONG), WORD):
        left = lengths - offset
        some: Ints | slice = slice(None)
        if offset and int(left.min()) <= 0:
            some = np.flatnonzero(left > 0)
        word = words[starts[some] + offset] & _KEEP[np.clip(left[some], 0, WORD)]
        hashed[some] = _step(hashed[some], word)
    if longest > _LONG:
        long = np.flatnonzero(lengths > _LONG)
        rests = [
            _hash_long(words[s + _LONG : e : WORD], int(e - s) - _LONG)
            for s, e in zip(starts[long], ends[long], strict=True)
        ]
        hashed[long] = _step(hashed[long], np.array(rests, np.uint64))
    hashed[hashed == 0] = 1
    return hashed


def _hash_long(words: Hashes, left: int) -> int:
    """Of one text, which may end within the last word."""
    text = words.tobytes()[:left]
    return int.from_bytes(blake2b(text, digest_size=WORD).digest(), "little")


def hash_text(text: str) -> int:
    """The number of one text, as `hash_cells` gives it for its UTF-8."""
    data = text.encode(errors="surrogateescape")
    cells = hash_cells(words_of(data + bytes(WORD)), np.zeros(1, np.int64), np.full(1, len(data), np.int64))
    return int(cells[0])


def mix(one: Hashes, other: Hashes) -> Hashes:
    """Two columns of numbers as one; the order matters.

    The first is scrambled once more: ids of two columns often differ by a letter only, and so their numbers by little.
    """
    scrambled = (one ^ (one >> _HALF)) * _OTHER_PRIME
    scrambled ^= scrambled >> _HALF
    return _step(scrambled, other)


def _step(one: Hashes, other: Hashes) -> Hashes:
    mixed = (one ^ other) * _PRIME
    mixed ^= mixed >> _SHIFT
    return mixed


class HashMap:
    """Numbers that are not 0 → small values that are not 0, for whole columns at once. Open addressing."""

    def __init__(self, values: type[np.generic] = np.uint8) -> None:
        self._keys = np.zeros(1 << 10, np.uint64)
        self._values = np.zeros(1 << 10, values)
        self._most = 0  # at least as many as there are: counting exactly costs more than it is worth

    def __len__(self) -> int:
        return int(np.count_nonzero(self._keys))

    def __bool__(self) -> bool:
        return self._most > 0

    def clear(self) -> None:
        """Forget everything, but keep the room."""
        self._keys.fill(0)
        self._most = 0

    def get(self, hashes: Hashes) -> npt.NDArray[np.generic]:
        """The value of each number, 0 where there is none."""
        slots = self._slots(hashes)
        found = self._keys[slots]
        hit = found == hashes
        values = self._values[slots] if hit.all() else np.where(hit, self._values[slots], self._values.dtype.type(0))
        open_ = np.flatnonzero(~hit & (found != 0))
        while open_.size:
            slots[open_] = self._next(slots[open_])
            found_open = self._keys[slots[open_]]
            same = found_open == hashes[open_]
            values[open_[same]] = self._values[slots[open_[same]]]
            open_ = open_[~same & (found_open != 0)]
        return values

    def put(self, hashes: Hashes, values: npt.NDArray[np.generic] | int) -> None:
        """Set values; where a number comes twice, the last one counts."""
        values = np.broadcast_to(np.asarray(values, self._values.dtype), hashes.shape)
        if 2 * (self._most + hashes.size) > self._keys.size:
            self._most = len(self)
            new = int(np.count_nonzero(self.get(hashes) == 0))
            while 2 * (self._most + new) > self._keys.size:
                self._grow()
        self._insert(hashes, values)

    def _insert(self, hashes: Hashes, values: npt.NDArray[np.generic]) -> None:
        slots = self._slots(hashes)
        left = np.arange(hashes.size)
        while left.size:
            at, wanted = slots[left], hashes[left]
            free = self._keys[at] == 0
            self._keys[at[free]] = wanted[free]
            mine = self._keys[at] == wanted
            self._most += int(np.count_nonzero(free))
            self._values[at[mine]] = values[left[mine]]
            left = left[~mine]
            slots[left] = self._next(slots[left])

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._keys = np.zeros(keys.size * 4, keys.dtype)
        self._values = np.zeros(values.size * 4, values.dtype)
        self._most = 0
        used = keys != 0
        self._insert(keys[used], values[used])

    def _slots(self, hashes: Hashes) -> Ints:
        bits = self._keys.size.bit_length() - 1
        return ((hashes * _PRIME) >> np.uint64(64 - bits)).astype(np.int64)

    def _next(self, slots: Ints) -> Ints:
        return (slots + 1) & (self._keys.size - 1)
