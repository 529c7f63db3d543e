"""Logins and integration ids that two people want: of the upload, or one of the upload and one whom Canvas has.

Most pieces are proven free of that at once: every login is new, or belongs to the user of its row.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from imports.check.hashing import Hashes, HashMap, Ints, Mask, hash_text, mix
from imports.check.knowledge import ABSENT, ALIVE, DEAD, GONE, PADDED
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


@dataclass
class _Wanted:
    """What the rows of a piece want, and who had it before the piece.

    `asked` are places of rows with a value; `before` ordinals of holders of the upload, `foreign` SIS ids of those whom
    only the account knows, by row; `holders` the numbers of either's ids, 0 where there is none.
    """

    keys: Hashes
    users: Column
    leaving: Mask
    asked: Ints
    before: Ints
    holders: Hashes
    foreign: dict[int, str]


class Claim:
    """Refuses rows that want what another user holds."""

    def __init__(self, rule: str, column: str, *, any_case: bool) -> None:
        """`any_case`: as logins, which are compared so, and which are free again once their user is deleted."""
        self._rule, self._column, self._any_case = rule, column, any_case

    def __call__(self, rows: Rows) -> None:
        if not rows.has(self._column):
            return
        owners: Owners = rows.world.memory("owners").setdefault(self._column, Owners())
        wanted = self._look(rows, owners)
        if self._may_clash(wanted):
            self._judge(rows, owners, wanted)
        wanting = wanted.asked[rows.alive[wanted.asked] & ~wanted.leaving[wanted.asked]]
        owners.of_key.put(wanted.keys[wanting], owners.add(wanted.users, wanting))
        changing = wanted.asked[rows.alive[wanted.asked]]
        now = np.where(wanted.leaving, np.uint64(_NOTHING), wanted.keys)
        owners.key_of.put(wanted.users.hash[changing], now[changing])

    def _look(self, rows: Rows, owners: Owners) -> _Wanted:
        column, users = rows.column(self._column), rows.column("user_id")
        keys = column.lowered_hash if self._any_case else column.hash
        leaving = deleted(rows)
        asks = rows.alive & ~column.empty
        asked = np.flatnonzero(asks if self._any_case else asks & ~leaving)
        before = np.zeros(len(rows), np.int64)
        before[asked] = owners.of_key.get(keys[asked]).astype(np.int64)
        holders = owners.users(before).copy()
        foreign = self._foreign(rows, column, users, asked[before[asked] == 0])
        for row, user_id in foreign.items():
            holders[row] = hash_text(user_id)
        return _Wanted(keys, users, leaving, asked, before, holders, foreign)

    def _foreign(self, rows: Rows, column: Column, users: Column, places: Ints) -> dict[int, str]:
        """What nobody of the upload had may be somebody's whom only the account knows, by the id that they had."""
        if not rows.world.knowledge.has_account:
            return {}
        texts = column.texts(places)
        held = rows.world.knowledge.holders(self._column, texts)
        found = {
            row: held[key]
            for row, text in zip(places.tolist(), texts, strict=True)
            if (key := text.lower() if self._any_case else text) in held
        }
        says = rows.world.knowledge.upload_says
        return {row: of for row, of in found.items() if of != users.text(row) and says("user", of) != GONE}

    def _may_clash(self, wanted: _Wanted) -> bool:
        """Whether anything is wanted that another holds, or twice in this piece."""
        asked = wanted.asked
        users, holders = wanted.users.hash[asked], wanted.holders[asked]
        if ((holders != 0) & (holders != users)).any():
            return True
        pairs = np.unique(mix(wanted.keys[asked], users)).size
        return pairs != np.unique(wanted.keys[asked]).size

    def _judge(self, rows: Rows, owners: Owners, wanted: _Wanted) -> None:
        """Row by row, for each may take or leave what the next one wants."""
        has_now = owners.key_of.get(wanted.holders)
        known = look_up(rows, "user_id", "user")
        may_move = rows.world.options.update_sis_id_if_login_claimed
        users, keys = wanted.users.hash.tolist(), wanted.keys.tolist()
        takers: dict[int, int] = {}  # key → row of this piece
        holds: dict[int, int] = {}  # user → key, as this piece changed it
        refused: dict[int, str] = {}
        for row in wanted.asked.tolist():
            key, user, taker = keys[row], users[row], takers.get(keys[row])
            holder = users[taker] if taker is not None else int(wanted.holders[row])
            is_held = holder not in {0, user} and holds.get(holder, int(has_now[row])) in {0, key}
            is_new = user not in holds and known[row] not in (ALIVE, DEAD)
            is_certainly_new = user not in holds and known[row] in (ABSENT, PADDED)
            if is_held and not (may_move and is_new) and (is_certainly_new or not wanted.leaving[row]):
                refused[row] = self._name(owners, wanted, row, taker)
            elif wanted.leaving[row]:
                holds[user] = _NOTHING
            else:
                takers[key], holds[user] = row, key
        clash = np.zeros(len(rows), np.bool_)
        clash[list(refused)] = True
        rows.report(self._rule, clash, self._column, extra=lambda row: {"owner": f"SIS ID {refused[row]}"})

    def _name(self, owners: Owners, wanted: _Wanted, row: int, taker: int | None) -> str:
        if taker is not None:
            return wanted.users.text(taker)
        return wanted.foreign.get(row) or owners.name(int(wanted.before[row]))
