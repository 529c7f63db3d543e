"""SQL for what a row means: is it valid, which key has it, into which state does it bring its object.

Expressions over one row of the table `staged`; `held` is what is known under its key.
"""

from collections.abc import Iterable

from canvas.formats import SisKind
from imports.known.tables import APART, Kept

# How a role is written does not matter where it is one of Canvas's own.
_ROLES = ("student", "teacher", "ta", "observer", "designer")


def valid(kind: SisKind) -> str:
    """Every row needs a value in one column of each set, and a status that Canvas understands."""
    needs = [f"coalesce({', '.join((*_staged(columns), 'NULL'))}) IS NOT NULL" for columns in kind.row_needs]
    if kind.name == "course":
        needs = ["staged.course_id IS NOT NULL", "coalesce(staged.short_name, staged.abstract_course_id) IS NOT NULL"]
        needs.append("coalesce(staged.long_name, staged.abstract_course_id) IS NOT NULL")
    if kind.name == "term":
        needs += ["staged.name IS NOT NULL", "staged.date_override_enrollment_type IS NULL"]
    if kind.name == "user_observer":
        needs.append("staged.observer_id <> staged.student_id")
    if kind.name == "section":
        needs.append("(staged.name IS NOT NULL OR (held.key IS NOT NULL AND lower(staged.status) LIKE 'deleted%'))")
    return " AND ".join([*needs, f"{status(kind)} IS NOT NULL"])


def _staged(columns: Iterable[str]) -> list[str]:
    return [f"staged.{column}" for column in sorted(columns)]


def status(kind: SisKind) -> str:
    """The status meant by a row, by prefix and in any case or exactly; NULL: improper."""
    if not kind.statuses:
        return "'active'"
    if kind.status_exact:
        listed = ", ".join(f"'{name}'" for name in kind.statuses)
        return f"CASE WHEN staged.status IN ({listed}) THEN staged.status END"
    longest_first = sorted(kind.statuses, key=len, reverse=True)
    meant = {name: "active" if kind.name == "user" else name for name in longest_first}
    cases = [f"WHEN lower(staged.status) = '{name}' THEN '{name}'" for name in longest_first]
    cases += [f"WHEN lower(staged.status) LIKE '{name}%' THEN '{meant[name]}'" for name in longest_first]
    return f"CASE {' '.join(cases)} END"


def state(kept: Kept) -> str:
    """The state after the row."""
    if kept.name == "course":
        return (
            f"CASE {status(kept.kind)} WHEN 'published' THEN 'available' WHEN 'unpublished' THEN 'claimed' "
            "WHEN 'active' THEN CASE WHEN held.state IN ('completed', 'available') THEN 'available' ELSE 'claimed' END "
            f"ELSE {status(kept.kind)} END"
        )
    return status(kept.kind)


def key(kept: Kept) -> str:
    parts = [value(kept, column) for column in kept.identity]
    if len(parts) == 1:
        return parts[0]
    return f" || {APART} || ".join(f"coalesce({part}, '')" for part in parts)


def value(kept: Kept, column: str) -> str:
    """What a row says about a column that is kept."""
    if kept.name == "enrollment" and column in _ENROLLMENT:
        return _ENROLLMENT[column]
    if (kept.name, column) == ("admin", "rights"):
        return "coalesce('id ' || role_id, lower(role))"
    if (kept.name, column) == ("section", "xlist_course"):
        return "NULL"
    if (kept.name, column) == ("course", "term_id"):
        # Canvas passes over a term that it does not have.
        return (
            "CASE WHEN EXISTS (SELECT 1 FROM known_term WHERE key = staged.term_id AND state = 'active') "
            "THEN staged.term_id END"
        )
    return f"staged.{column}"


def _role() -> str:
    named = " ".join(f"WHEN lower(role) IN ('{role}', '{role}enrollment') THEN '{role}'" for role in _ROLES)
    return (
        f"CASE WHEN role_id IS NOT NULL THEN 'id ' || role_id {named} "
        "WHEN lower(role) LIKE 'student%' THEN 'student' ELSE role END"
    )


_PERSON = (
    "CASE WHEN user_integration_id IS NULL THEN staged.user_id "
    "ELSE (SELECT key FROM known_user WHERE integration_id = staged.user_integration_id) END"
)
# A section takes its enrollments along when it moves: with one, the course is no part of the identity.
_ENROLLMENT = {
    "person": _PERSON,
    "home": "CASE WHEN staged.section_id IS NULL THEN staged.course_id END",
    "course": "coalesce(place.xlist_course, place.course_id, staged.course_id)",
    "section": "coalesce(staged.section_id, '')",
    "enrolled_as": _role(),
}
