"""A forecast beside what a practice Canvas then counted: number by number, and whether they are the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from canvas.formats import SIS_KINDS
from imports.known.cleanup import CLEANED

FIELDS = ("created", "restored", "concluded", "deactivated", "deleted")
# What an e-mail address makes of a user is no part of the forecast.
_NOT_FORECAST = frozenset({"CommunicationChannel"})
# Canvas's names of types in the words of its pages.
_WORDS = {
    "AbstractCourse": "abstract courses",
    "Account": "accounts",
    "AccountUser": "admins",
    "Course": "courses",
    "CourseSection": "sections",
    "Enrollment": "enrollments",
    "EnrollmentTerm": "terms",
    "Group": "groups",
    "GroupCategory": "group categories",
    "GroupMembership": "group memberships",
    "Pseudonym": "logins",
    "UserObserver": "observer links",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One number twice: of what, what happened to them, by the forecast, by the practice Canvas.

    `foretold` is None where there is no forecast.
    """

    subject: str
    happened: str
    foretold: int | None
    counted: int

    @property
    def difference(self) -> int:
        """How many more the practice Canvas counted."""
        return 0 if self.foretold is None else self.counted - self.foretold

    @property
    def words(self) -> str:
        """What is the matter, if anything."""
        if not self.difference:
            return ""
        if self.happened == "rows":
            return f"{-self.difference:,} refused" if self.difference < 0 else f"{self.difference:,} more"
        return f"{abs(self.difference):,} {'more' if self.difference > 0 else 'fewer'}"


def compare(figures: Mapping[str, Any], told: Mapping[str, Any]) -> list[Line]:
    """`figures` of a forecast, empty where there is none; `told` as `imports.practising.play` returns it.

    Numbers that are 0 on both sides are left out.
    """
    lines = [*_rows(figures, told), *_changes(figures, told), *_removals(figures, told)]
    return [line for line in lines if line.foretold or line.counted]


def end_foretold(figures: Mapping[str, Any]) -> str:
    """The end that the forecast expects, as far as it can tell: `aborted` where a full batch would be stopped."""
    clean_up = figures.get("clean_up")
    return "aborted" if clean_up and clean_up["stopped_by"] else ""


def _rows(figures: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Line]:
    given = {line["kind"]: line["given"] for line in figures.get("kinds", [])}
    for kind in SIS_KINDS:
        foretold = given.get(kind.name, 0) if figures else None
        yield Line(kind.plural.replace("_", " "), "rows", foretold, told["counts"].get(kind.plural, 0))


def _changes(figures: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Line]:
    foretold: Mapping[str, Any] = figures.get("statistics", {})
    counted = {name: fields for name, fields in told["statistics"].items() if isinstance(fields, dict)}
    for name in sorted({*foretold, *counted} - _NOT_FORECAST, key=lambda name: _WORDS.get(name, name)):
        for field in FIELDS:
            number = foretold.get(name, {}).get(field, 0) if figures else None
            yield Line(_WORDS.get(name, name), field, number, int(counted.get(name, {}).get(field) or 0))


def _removals(figures: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Line]:
    clean_up = figures.get("clean_up") or {}
    is_stopped = bool(clean_up.get("stopped_by"))
    foretold = {one["kind"]: one["removed"] for one in clean_up.get("verdicts", [])}
    for kind in CLEANED:
        number = (0 if is_stopped else foretold.get(kind, 0)) if figures else None
        counted = told["counts"].get(f"batch_{kind}s_deleted", 0)
        yield Line(f"{kind}s", "removed by the full batch", number, counted)
