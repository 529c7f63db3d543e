"""What the site holds, as the API and the control interface show it."""

import sqlite3
import uuid
from collections.abc import Sequence
from typing import Any

from sandbox.people import user_json
from sandbox.site import Site
from sandbox.store.records import ADMIN_ID, RECORDS, ROOT_ACCOUNT_ID

Json = dict[str, Any]

_OUTCOMES = {
    "assignments",
    "learning_outcome_groups",
    "learning_outcome_results",
    "learning_outcomes",
    "outcome_alignments",
    "outcome_links",
}
_TABLES = frozenset(record.TABLE for record in RECORDS) - {"users"} | _OUTCOMES
# Names that people would try, for tables that Canvas calls differently.
_ALSO = {
    "sections": "course_sections",
    "terms": "enrollment_terms",
    "logins": "pseudonyms",
    "admins": "account_users",
    "outcomes": "learning_outcomes",
    "outcome_groups": "learning_outcome_groups",
    "outcome_results": "learning_outcome_results",
}
_ACCOUNT_IDS = {"sis_account_id": "sis_source_id", "sis_integration_id": "integration_id"}


def listing(site: Site, kind: str, offset: int, limit: int) -> tuple[list[Json], int]:
    """One page of `kind` (plural, as `users`, `courses`) and how many there are. Raises KeyError: unknown kind."""
    if kind == "users":
        rows, total = _page(site, "users", "1", (), "id", offset, limit)
        return [{**user_json(site.db(), row["id"]), "workflow_state": row["workflow_state"]} for row in rows], total
    table = table_of(kind)
    if table not in _TABLES:
        raise KeyError(kind)
    rows, total = _page(site, table, "1", (), "id", offset, limit)
    return [dict(row) for row in rows], total


def tally(site: Site, kind: str) -> tuple[int, int]:
    """How many of `kind` are alive, and how many are deleted. Raises KeyError: unknown kind."""
    table = table_of(kind)
    if table not in _TABLES | {"users"}:
        raise KeyError(kind)
    gone = "coalesce(sum(workflow_state IN ('deleted', 'retired')), 0)"
    found = site.db().execute(f"SELECT count(*) AS everything, {gone} AS gone FROM {table}").fetchone()
    return found["everything"] - found["gone"], found["gone"]


def table_of(kind: str) -> str:
    """The table that a plural names."""
    return _ALSO.get(kind, kind)


def account(site: Site, account_id: str) -> Json | None:
    """An account by number, `self`, `default`, `sis_account_id:<x>`, ...; None: unknown or deleted."""
    prefix, _, rest = account_id.partition(":")
    if account_id in {"self", "default"}:
        column, value = "id", str(ROOT_ACCOUNT_ID)
    elif prefix in _ACCOUNT_IDS:
        column, value = _ACCOUNT_IDS[prefix], rest
    elif prefix == "uuid":
        return next((found for found in _accounts(site, "1", ()) if found["uuid"] == rest), None)
    else:
        column, value = "id", account_id if account_id.isdecimal() else "0"
    return next(iter(_accounts(site, f"{column} = ?", (value,))), None)


def sub_accounts(site: Site, account_id: int, *, recursive: bool) -> list[Json]:
    """The active accounts right below one, or all below it, by number."""
    below = _accounts(site, "parent_account_id = ?", (account_id,))
    if recursive:
        below += [deeper for child in list(below) for deeper in sub_accounts(site, child["id"], recursive=True)]
    return sorted(below, key=lambda found: int(found["id"]))


def users_self(site: Site) -> Json:
    """The user whose token it is."""
    return user_json(site.db(), ADMIN_ID)


def _page(
    site: Site, table: str, where: str, values: Sequence[object], order: str, offset: int, limit: int
) -> tuple[list[sqlite3.Row], int]:
    db = site.db()
    total = db.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()[0]
    rows = db.execute(
        f"SELECT * FROM {table} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, offset)
    ).fetchall()
    return rows, total


def _accounts(site: Site, where: str, values: Sequence[object]) -> list[Json]:
    rows = site.db().execute(f"SELECT * FROM accounts WHERE workflow_state = 'active' AND {where}", values)
    return [_account(site, row) for row in rows.fetchall()]


def _account(site: Site, row: sqlite3.Row) -> Json:
    shown = {
        "id": row["id"],
        "name": row["name"],
        "workflow_state": row["workflow_state"],
        "parent_account_id": row["parent_account_id"],
        "root_account_id": None if row["id"] == ROOT_ACCOUNT_ID else ROOT_ACCOUNT_ID,
        "uuid": uuid.uuid5(uuid.NAMESPACE_OID, f"{site.key}/{row['id']}").hex,
        "default_storage_quota_mb": 500,
        "default_user_storage_quota_mb": 50,
        "default_group_storage_quota_mb": 50,
        "default_time_zone": "Etc/UTC",
    }
    if row["id"] != ROOT_ACCOUNT_ID:
        shown |= {
            "sis_account_id": row["sis_source_id"],
            "sis_import_id": row["sis_batch_id"],
            "integration_id": row["integration_id"],
        }
    return shown
