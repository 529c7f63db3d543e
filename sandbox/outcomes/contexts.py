"""Accounts and courses as the places in which outcomes live."""

import sqlite3
from dataclasses import dataclass

ACCOUNT, COURSE = "Account", "Course"


@dataclass(frozen=True, slots=True)
class Context:
    """An account or a course. `account_id` is the account above it, None for the root account."""

    type: str
    id: int
    name: str
    account_id: int | None

    @property
    def path(self) -> str:
        """Its part of an address: `accounts/1`, `courses/2`."""
        return f"{self.type.lower()}s/{self.id}"

    @property
    def key(self) -> tuple[str, int]:
        return self.type, self.id


def account(db: sqlite3.Connection, account_id: int) -> Context | None:
    """None where it is unknown or deleted."""
    row = db.execute(
        "SELECT name, parent_account_id FROM accounts WHERE id = ? AND workflow_state = 'active'", (account_id,)
    ).fetchone()
    return row and Context(ACCOUNT, account_id, row["name"], row["parent_account_id"])


def course(db: sqlite3.Connection, course_id: int) -> Context | None:
    """None where it is unknown or deleted."""
    row = db.execute(
        "SELECT name, account_id FROM courses WHERE id = ? AND workflow_state <> 'deleted'", (course_id,)
    ).fetchone()
    return row and Context(COURSE, course_id, row["name"], row["account_id"])


def context(db: sqlite3.Connection, kind: str, context_id: int) -> Context | None:
    return account(db, context_id) if kind == ACCOUNT else course(db, context_id)


def chain(db: sqlite3.Connection, start: Context) -> list[Context]:
    """The context and the accounts above it, nearest first."""
    found = [start]
    while (above := found[-1].account_id) is not None and (parent := account(db, above)) is not None:
        found.append(parent)
    return found


def is_in(db: sqlite3.Connection, inner: Context, outer: Context) -> bool:
    """Whether `inner` is `outer` or lies somewhere below it."""
    return any(one.key == outer.key for one in chain(db, inner))


def sub_accounts(db: sqlite3.Connection, account_id: int) -> list[int]:
    """The account and all below it."""
    rows = db.execute(
        "WITH RECURSIVE below (id) AS (SELECT ? UNION SELECT accounts.id FROM accounts JOIN below "
        "ON accounts.parent_account_id = below.id) SELECT id FROM below ORDER BY id",
        (account_id,),
    )
    return [row["id"] for row in rows]


def courses_in(db: sqlite3.Connection, accounts: list[int]) -> list[int]:
    marks = ", ".join("?" * len(accounts))
    return [row["id"] for row in db.execute(f"SELECT id FROM courses WHERE account_id IN ({marks})", accounts)]
