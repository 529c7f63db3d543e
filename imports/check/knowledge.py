"""What can be referred to: what the upload applied so far, and what the account is known to hold."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from imports.check.hashing import Codes, Hashes, HashMap, Mask, hash_cells, hash_text, words_of
from imports.check.pieces import Column

# What is known of an id, as numbers that fit into a column. PADDED and MAYBE_PADDED: absent or unsure, while an id is
# known that differs by zeros at its front.
ABSENT, ALIVE, DEAD, GONE, UNSURE, PADDED, MAYBE_PADDED = range(7)

_MEMORY = 1_000_000  # distinct values that are remembered before everything is forgotten
_ZERO = ord("0")
_MOST_ZEROS = 6


class Known(Protocol):
    """The last known state of an account.

    Kinds are those of SIS files, by what the id names: `user`, `course`, `section`, `term`, `account`, `group` ...; and
    `<kind>_integration` for integration ids, `role` and `admin_role` (by name, of enrollments and of admins), `role_id`
    and `admin_role_id` (by number), `blueprint` (courses that are one), `canvas_user` (by Canvas's number),
    `enrollment_number`.
    """

    def has(self, kind: str, sis_id: str, /) -> bool | None:
        """Whether the account holds it and it is not deleted; None: nothing is known about things of this kind."""

    def thing(self, kind: str, sis_id: str, /) -> Mapping[str, str] | None:
        """What the account is certain to have, even if it is deleted: its `state`, and columns that are not empty."""

    def living(self, kind: str, columns: Mapping[str, str], /) -> Sequence[str] | None:
        """What has these values in these columns and is not deleted, by its id; None: nobody knows."""

    def holders(self, column: str, values: Sequence[str], /) -> Mapping[str, str]:
        """Who in the account has these: `login_id`s, in small letters, or `integration_id`s, to SIS ids of users."""

    def names(self, kind: str, /) -> Collection[str]:
        """All that are known of a kind of which there are few, such as roles: one of them may have been meant."""


class Memo:
    """An opinion about texts that is asked for once per different text."""

    def __init__(self, opinion: Callable[[str], int]) -> None:
        """`opinion` gives a number from 0 to 254."""
        self._opinion = opinion
        self._codes = HashMap()
        self._remembered = 0

    def of(self, column: Column, rows: Mask | None = None) -> Codes:
        """The opinion of each cell; of the others, where `rows` are given, nothing that counts."""
        codes: Codes = self._codes.get(column.hash).astype(np.uint8)
        new = np.flatnonzero((codes == 0) if rows is None else (codes == 0) & rows)
        if new.size:
            if self._remembered > _MEMORY:
                self._codes.clear()
                self._remembered = 0
            texts = column.texts(new)
            opinions = {text: self._opinion(text) + 1 for text in set(texts)}
            self._remembered += len(opinions)
            codes[new] = [opinions[text] for text in texts]
            self._codes.put(column.hash[new], codes[new])
        return codes - np.uint8(1)


@dataclass(slots=True)
class _Things:
    """The things of one kind that the upload applied."""

    states: HashMap
    zero_led: HashMap


class Knowledge:
    """Asked by whole columns. `was_at_a_loss`: was asked what new ids in the upload keep it from answering."""

    def __init__(self, known: Known | None) -> None:
        self._known = known
        self._things: dict[str, _Things] = {}
        self._memos: dict[str, Memo] = {}
        self._renames = False
        self.was_at_a_loss = False

    def applied_any(self, kind: str) -> bool:
        return kind in self._things and bool(self._things[kind].states)

    def states(self, kind: str, column: Column) -> Codes:
        """What is known of each cell's id; empty cells are ABSENT."""
        things = self._of(kind)
        states: Codes = things.states.get(column.hash).astype(np.uint8)
        missing = (states == ABSENT) & ~column.empty
        if missing.any():
            states[missing] = self._outside(kind, column, missing)[missing]
            absent = np.flatnonzero(missing & (states != ALIVE))
            if absent.size and things.zero_led:
                led = things.zero_led.get(column.hash[absent]) != 0
                led_states = np.where(states[absent[led]] == UNSURE, MAYBE_PADDED, PADDED)
                states[absent[led]] = led_states
        states[states == GONE] = ABSENT
        return states

    def state(self, kind: str, sis_id: str) -> int:
        """As `states`, of one id outside the upload; what the upload applied is not looked at."""
        has = self._known.has(kind, sis_id) if self._known else None
        if has:
            return ALIVE
        if has is None:
            return UNSURE
        if self._known and self._known.thing(kind, sis_id):
            return DEAD
        return PADDED if sis_id.isdigit() and self._is_known_padded(kind, sis_id) else ABSENT

    def thing(self, kind: str, sis_id: str) -> Mapping[str, str]:
        """As `Known.thing`; nothing where the upload gives things ids by which the account does not know them."""
        known = self._known_by_its_ids()
        return (known.thing(kind, sis_id) if known else None) or {}

    def living(self, kind: str, columns: Mapping[str, str]) -> Sequence[str] | None:
        """As `Known.living`; None where the upload gives things other ids."""
        known = self._known_by_its_ids()
        return known.living(kind, columns) if known else None

    def _known_by_its_ids(self) -> Known | None:
        self.was_at_a_loss |= self._renames
        return None if self._renames else self._known

    def names(self, kind: str) -> Collection[str]:
        """Those that may have been meant by an unknown one."""
        return self._known.names(kind) if self._known else ()

    @property
    def has_account(self) -> bool:
        """Whether there is anything to ask beyond the upload."""
        return self._known is not None

    def holders(self, column: str, values: Sequence[str]) -> Mapping[str, str]:
        """As `Known.holders`; what the upload changed about them is not looked at."""
        return self._known.holders(column, values) if self._known and values else {}

    def upload_says(self, kind: str, sis_id: str) -> int:
        """The state of an id by what the upload applied; ABSENT where it does not name it."""
        things = self._things.get(kind)
        return int(things.states.get(np.array([hash_text(sis_id)], np.uint64))[0]) if things else ABSENT

    def _is_known_padded(self, kind: str, sis_id: str) -> bool:
        known = self._known
        return known is not None and any(known.has(kind, "0" * zeros + sis_id) for zeros in range(1, _MOST_ZEROS + 1))

    def apply(self, kind: str, column: Column, rows: Mask, states: Codes | int = ALIVE) -> None:
        """The upload made or changed these things."""
        chosen = np.flatnonzero(rows & ~column.empty)
        if not chosen.size:
            return
        things = self._of(kind)
        values = states[chosen] if isinstance(states, np.ndarray) else states
        things.states.put(column.hash[chosen], values)
        zero_led = chosen[column.buffer[column.starts[chosen]] == _ZERO]
        if zero_led.size:
            things.zero_led.put(self._without_zeros(column, zero_led), 1)

    def apply_one(self, kind: str, sis_id: str, state: int) -> None:
        """The upload gives an id to something, or takes it away."""
        self._renames = True
        self._of(kind).states.put(np.array([hash_text(sis_id)], np.uint64), state)

    def _outside(self, kind: str, column: Column, rows: Mask) -> Codes:
        if self._known is None:
            return np.full(len(column), UNSURE, np.uint8)
        memo = self._memos.get(kind)
        if memo is None:
            memo = self._memos[kind] = Memo(partial(self.state, kind))
        return memo.of(column, rows)

    def _without_zeros(self, column: Column, rows: np.typing.NDArray[np.int64]) -> Hashes:
        starts, ends = column.starts[rows], column.ends[rows]
        while (lead := (starts < ends - 1) & (column.buffer[starts] == _ZERO)).any():
            starts = starts + lead
        return hash_cells(words_of(column.data), starts, ends)

    def _of(self, kind: str) -> _Things:
        return self._things.setdefault(kind, _Things(HashMap(), HashMap()))
