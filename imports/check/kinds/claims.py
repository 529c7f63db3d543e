"""Logins and integration ids that two people want: of the upload, or one of the upload and one whom Canvas has.

Most pieces are proven free of that at once: every login is new, or belongs to the user of its row.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from imports.check.hashing import Hashes, HashMap, Ints, Mask, hash_text
from imports.check.knowledge import ALIVE, GONE
from imports.check.pieces import Column
from imports.check.rows import Rows
from imports.check.steps import deleted, look_up

_NOTHING = 1  # the number of no login


@dataclass
class Owners:
    """Who holds which login, by the ordinal number of the user's row; and what each user holds now."""

    of_key: HashMap = field(default_factory=lambda: HashMap(np.uint64))
    key_of: HashMap = field(default_factory=lambda: HashMap(np.uint64))
    _firsts: list[int] = field(default_factory=list)
    _users: Hashes = field(default_factory=lambda: np.zeros(1 << 10, np.uint64))
    _names: list[bytes] = field(default_factory=list)
    _count: int = 0

    def add(self, column: Column, rows: Ints) -> Ints:
        """Note these rows' users; their ordinal numbers, from 1."""
        self._firsts.append(self._count + 1)
        self._names.append(column.joined(rows))
        ordinals = np.arange(self._count + 1, self._count + rows.size + 1)
        self._count += rows.size
        while self._users.size <= self._count:
            self._users = np.concatenate((self._users, np.zeros_like(self._users)))
        self._users[ordinals] = column.hash[rows]
        return ordinals

    def users(self, ordinals: Ints) -> Hashes:
        """The number of each user's id; 0 for ordinal 0."""
        return self._users[ordinals]

    def name(self, ordinal: int) -> str:
        piece = bisect_right(self._firsts, ordinal) - 1
        return self._names[piece].split(b"\n")[ordinal - self._firsts[piece]].decode()


class Claim:
    """Refuses rows that want what another user holds."""

    def __init__(self, rule: str, column: str, *, any_case: bool) -> None:
        self._rule, self._column, self._any_case = rule, column, any_case

    def __call__(self, rows: Rows) -> None:
        if not rows.has(self._column):
            return
        column, users = rows.column(self._column), rows.column("user_id")
        keys = column.lowered_hash if self._any_case else column.hash
        owners: Owners = rows.world.memory("owners").setdefault(self._column, Owners())
        leaving = deleted(rows)
        wanting = np.flatnonzero(rows.alive & ~column.empty & ~leaving)
        ordinals = owners.add(users, wanting)
        owners.key_of.put(users.hash[wanting], keys[wanting])
        owners.key_of.put(users.hash[rows.alive & leaving], _NOTHING)
        holder = self._holders(owners, keys[wanting], ordinals)
        self._refuse_what_the_account_holds(rows, owners, keys, wanting[holder == ordinals])
        owner = np.zeros(len(rows), np.int64)
        owner[wanting] = holder
        clash = np.zeros(len(rows), np.bool_)
        clash[wanting] = owners.users(holder) != users.hash[wanting]
        if clash.any():
            clash &= self._still_held(owners, owners.users(owner), keys, rows)
            rows.report(self._rule, clash, self._column, extra=lambda row: _owner(owners.name(int(owner[row]))))
        kept = rows.alive[wanting]
        owners.of_key.put(keys[wanting][kept], ordinals[kept])

    def _holders(self, owners: Owners, keys: Hashes, ordinals: Ints) -> Ints:
        """The ordinal of who holds each key: from before, or the first in this piece."""
        held = owners.of_key.get(keys).astype(np.int64)
        if (held != 0).all() or not keys.size:
            return held
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        return np.where(held != 0, held, ordinals[first][inverse])

    def _refuse_what_the_account_holds(self, rows: Rows, owners: Owners, keys: Hashes, first: Ints) -> None:
        """What nobody in the upload had before may be somebody's whom only the account knows."""
        column, users, knowledge = rows.column(self._column), rows.column("user_id"), rows.world.knowledge
        wanted = column.texts(first)
        holders = knowledge.holders(self._column, wanted)
        if not holders:
            return
        held_by = {
            row: holders.get(_key(text, any_case=self._any_case), "") for row, text in zip(first, wanted, strict=True)
        }
        clash, owner = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.uint64)
        for row, holder in held_by.items():
            if holder and holder != users.text(row) and knowledge.upload_says("user", holder) != GONE:
                clash[row], owner[row] = True, hash_text(holder)
        clash &= self._still_held(owners, owner, keys, rows)
        rows.report(self._rule, clash, self._column, extra=lambda row: _owner(held_by[row]))

    def _still_held(self, owners: Owners, owner: Hashes, keys: Hashes, rows: Rows) -> Mask:
        """Who got another login or was deleted since holds it no more. Who is new may take one over by an option."""
        now = owners.key_of.get(owner)
        held: Mask = (now == 0) | (now == keys)
        if rows.world.options.update_sis_id_if_login_claimed:
            held &= look_up(rows, "user_id", "user") == ALIVE
        return held


def _key(text: str, *, any_case: bool) -> str:
    return text.lower() if any_case else text


def _owner(user_id: str) -> dict[str, str]:
    return {"owner": f"SIS ID {user_id}"}
