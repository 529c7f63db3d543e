"""What Canvas answers about outcome results and rollups, as typed records; the manner is that of `canvas.records`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from canvas.fields import Fields, JsonObject
from canvas.outcome_records import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """One result of one student for one outcome. `percent` is 0 to 1.

    `alignment` is what was aligned, such as `assignment_12` or `assessment_question_bank_4`; `assignment` the
    assignment that it came from, `assignment_12`, empty where Canvas finds none.
    """

    id: int
    user_id: int
    outcome_id: int
    score: float | None
    possible: float | None
    percent: float | None
    mastery: bool | None
    hide_points: bool | None
    submitted_or_assessed_at: datetime | None
    alignment: str
    assignment: str = ""

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="outcome result")
        links = Fields(fields.object("links"), what="links of an outcome result")
        return cls(
            id=fields.needed_integer("id"),
            user_id=links.needed_integer("user"),
            outcome_id=links.needed_integer("learning_outcome"),
            score=fields.number("score"),
            possible=fields.number("possible"),
            percent=fields.number("percent"),
            mastery=fields.flag("mastery"),
            hide_points=fields.flag("hide_points"),
            submitted_or_assessed_at=fields.moment("submitted_or_assessed_at"),
            alignment=links.text("alignment") or "",
            assignment=links.text("assignment") or "",
        )


@dataclass(frozen=True, slots=True)
class RollupScore:
    """A rollup score. None although `count` results went in: the method has not reached a score yet."""

    outcome_id: int
    score: float | None
    count: int
    submitted_at: datetime | None
    hide_points: bool | None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="rollup score")
        return cls(
            outcome_id=Fields(fields.object("links"), what="links of a rollup score").needed_integer("outcome"),
            score=fields.number("score"),
            count=fields.integer("count") or 0,
            submitted_at=fields.moment("submitted_at"),
            hide_points=fields.flag("hide_points"),
        )


@dataclass(frozen=True, slots=True)
class Rollup:
    """The scores of one student as seen in one section, or of a whole course: then both ids are None.

    A student of several sections comes once for each, with the same scores. `status` is the state of the enrollment.
    """

    user_id: int | None
    section_id: int | None
    status: str
    scores: tuple[RollupScore, ...]

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="rollup")
        links = Fields(fields.object("links"), what="links of a rollup")
        return cls(
            user_id=links.integer("user"),
            section_id=links.integer("section"),
            status=links.text("status") or "",
            scores=tuple(RollupScore.from_json(item) for item in fields.list("scores")),
        )


@dataclass(frozen=True, slots=True)
class LinkedUser:
    """A student as rollups name them; what the token's owner may not see is None."""

    id: int
    name: str = field(repr=False)
    sortable_name: str = field(repr=False)
    sis_id: str | None = field(default=None, repr=False)
    login_id: str | None = field(default=None, repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="student")
        name = fields.text("name") or fields.text("display_name") or ""
        return cls(
            id=fields.needed_integer("id"),
            name=name,
            sortable_name=fields.text("sortable_name") or name,
            sis_id=fields.text("sis_id"),
            login_id=fields.text("login_id"),
        )


@dataclass(frozen=True, slots=True)
class RollupPage:
    """One page of a course's rollups: up to 100 students, with all their rows.

    `outcomes` and `paths` (titles from below the root down to the outcome's own, by outcome) are empty where they
    were not asked for. `page_count` says how many pages there are in all, `count` how many students: without them
    nobody could tell a page from the whole.
    """

    rollups: tuple[Rollup, ...]
    users: tuple[LinkedUser, ...]
    outcomes: tuple[Outcome, ...]
    paths: dict[int, tuple[str, ...]]
    alignments: dict[str, str] = field(repr=False)
    page: int
    page_count: int
    count: int

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="page of rollups")
        linked = Fields(fields.object("linked"), what="linked objects")
        meta = Fields(fields.object("meta").get("pagination") or {}, what="pagination")
        return cls(
            rollups=tuple(Rollup.from_json(item) for item in fields.list("rollups")),
            users=tuple(LinkedUser.from_json(item) for item in linked.list("users")),
            outcomes=tuple(Outcome.from_json(item) for item in linked.list("outcomes")),
            paths=dict(_path(item) for item in linked.list("outcome_paths") if isinstance(item, dict)),
            alignments=dict(_name(item) for item in linked.list("outcomes.alignments") if isinstance(item, dict)),
            page=meta.needed_integer("page"),
            page_count=meta.needed_integer("page_count"),
            count=meta.needed_integer("count"),
        )


def _path(document: JsonObject) -> tuple[int, tuple[str, ...]]:
    fields = Fields(document, what="outcome path")
    parts = [part for part in fields.list("parts") if isinstance(part, dict)]
    return fields.needed_integer("id"), tuple(str(part.get("name", "")) for part in parts)


def _name(document: JsonObject) -> tuple[str, str]:
    """The name of an aligned thing by its id, such as `assignment_12`."""
    fields = Fields(document, what="alignment")
    return fields.text("id") or "", fields.text("name") or ""


@dataclass(frozen=True, slots=True)
class AlignedThing:
    """What contributes to an outcome: `id` such as D_12, `asset` such as (Assignment, 4)."""

    id: str
    name: str
    asset: tuple[str, int | None]
    url: str


@dataclass(frozen=True, slots=True)
class ContributingScore:
    user_id: int
    alignment_id: str
    score: float | None
    submitted_or_assessed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContributingScores:
    """The results behind one outcome's rollup scores in a course."""

    things: tuple[AlignedThing, ...]
    scores: tuple[ContributingScore, ...] = field(repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="contributing scores")
        return cls(
            things=tuple(_thing(item) for item in fields.list("alignments")),
            scores=tuple(_contribution(item) for item in fields.list("scores")),
        )


def _thing(document: Any) -> AlignedThing:
    fields = Fields(document, what="aligned thing")
    return AlignedThing(
        id=fields.needed_text("alignment_id"),
        name=fields.text("associated_asset_name") or "",
        asset=(fields.text("associated_asset_type") or "", fields.integer("associated_asset_id")),
        url=fields.text("html_url") or "",
    )


def _contribution(document: Any) -> ContributingScore:
    fields = Fields(document, what="contributing score")
    return ContributingScore(
        user_id=fields.needed_integer("user_id"),
        alignment_id=fields.text("alignment_id") or "",
        score=fields.number("score"),
        submitted_or_assessed_at=fields.moment("submitted_or_assessed_at"),
    )


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How many students of a course have this rating of an outcome."""

    description: str
    points: float
    count: int

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="rating of a distribution")
        return cls(
            description=fields.text("description") or "",
            points=fields.number("points") or 0.0,
            count=fields.integer("count") or 0,
        )


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the students of a course spread over the ratings of one outcome. `total` are those with a score; some may
    be below the lowest rating, and so in none."""

    outcome_id: int
    ratings: tuple[RatingCount, ...]
    total: int

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="distribution")
        return cls(
            outcome_id=fields.needed_integer("outcome_id"),
            ratings=tuple(RatingCount.from_json(item) for item in fields.list("ratings") if isinstance(item, dict)),
            total=fields.integer("total_students") or 0,
        )
