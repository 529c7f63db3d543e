"""Finding a term by the words that the API understands."""

from typing import TYPE_CHECKING

from sandbox.store.records import DEFAULT_TERM_ID

if TYPE_CHECKING:
    from sandbox.site import Site


def find_term(site: "Site", wanted: str) -> int | None:
    """The id of an active term by number, `default`, `current`, `sis_term_id:<x>` or `sis_integration_id:<x>`."""
    where, values = _condition(site, wanted)
    rows = (
        site.db()
        .execute(f"SELECT id FROM enrollment_terms WHERE workflow_state = 'active' AND {where} LIMIT 2", values)
        .fetchall()
    )
    return int(rows[0]["id"]) if len(rows) == 1 else None


def _condition(site: "Site", wanted: str) -> tuple[str, tuple[object, ...]]:
    """`current` is found only where exactly one term holds the present moment."""
    prefix, colon, rest = wanted.partition(":")
    if colon and prefix == "sis_term_id":
        return "sis_source_id = ?", (rest,)
    if colon and prefix == "sis_integration_id":
        return "integration_id = ?", (rest,)
    if wanted == "default":
        return "id = ?", (DEFAULT_TERM_ID,)
    if wanted == "current":
        now = site.clock.text()
        return "start_at <= ? AND end_at >= ?", (now, now)
    return "id = ?", (wanted,)
