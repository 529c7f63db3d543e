"""What Canvas answers about outcomes, as typed records; the manner is that of `canvas.records`.

Keys and types were taken from `lib/api/v1/outcome.rb`, `outcome_import.rb`, `outcome_results.rb` and their tests. Ids
inside `links` come as text, ids of objects as numbers: both read as numbers here. Texts that are null read as empty.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from canvas.fields import Fields, JsonObject, integer
from canvas.records import CanvasUser


@dataclass(frozen=True, slots=True)
class OutcomeImport:
    """An outcome import. `processing_errors` are (row, message), the first 25 of an unknown number.

    `ended_at` stays None in practice: only `state` says that it is over. `raw` is the whole object.
    """

    id: int
    state: str
    progress: int | None
    created_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime | None
    user: CanvasUser | None
    group_id: int | None
    processing_errors: tuple[tuple[int | None, str], ...] = field(repr=False)
    raw: JsonObject = field(repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="outcome import")
        user = fields.object("user")
        return cls(
            id=fields.needed_integer("id"),
            state=fields.needed_text("workflow_state"),
            progress=fields.integer("progress"),
            created_at=fields.moment("created_at"),
            ended_at=fields.moment("ended_at"),
            updated_at=fields.moment("updated_at"),
            user=CanvasUser.from_json(user) if integer(user.get("id")) is not None else None,
            group_id=fields.integer("learning_outcome_group_id"),
            processing_errors=tuple(
                (integer(pair[0]), str(pair[1]))
                for pair in fields.list("processing_errors")
                if isinstance(pair, list) and len(pair) >= 2
            ),
            raw=document,
        )


@dataclass(frozen=True, slots=True)
class Rating:
    """One level of a scale. `color` is six hexadecimal digits, or empty; `mastery` marks the level of mastery."""

    description: str
    points: float
    color: str = ""
    mastery: bool = False

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="rating")
        return cls(
            description=_text(fields, "description"),
            points=fields.number("points") or 0.0,
            color=(fields.text("color") or "").lstrip("#"),  # the fallback colour comes with one, all others without
            mastery=fields.flag("mastery") is True,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A learning outcome. Ratings by points, descending.

    `ratings`, `mastery_points` and `calculation_method` are empty or None in the abbreviated form, and where account
    mastery scales are on and the answer was given without a context; with one, they are those of `scale_of`, such as
    ("Account", "1"). `alignments` (such as `assignment_12`) and `group_id` come with rollups alone.
    """

    id: int
    title: str
    context_type: str | None
    context_id: int | None
    vendor_guid: str
    display_name: str
    description: str
    friendly_description: str
    points_possible: float | None
    mastery_points: float | None
    ratings: tuple[Rating, ...]
    calculation_method: str
    calculation_int: int | None
    scale_of: tuple[str, str] | None
    assessed: bool | None
    can_edit: bool | None
    has_updateable_rubrics: bool | None
    alignments: tuple[str, ...]
    group_id: int | None

    @property
    def has_own_scale(self) -> bool:
        """Whether ratings, mastery and method were told, and are the outcome's own."""
        return bool(self.calculation_method) and self.scale_of is None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="outcome")
        ratings = [Rating.from_json(item) for item in fields.list("ratings") if isinstance(item, dict)]
        owner = _text(fields, "proficiency_context_type")
        return cls(
            id=fields.needed_integer("id"),
            title=_text(fields, "title"),
            context_type=fields.text("context_type"),
            context_id=fields.integer("context_id"),
            vendor_guid=_text(fields, "vendor_guid"),
            display_name=_text(fields, "display_name"),
            description=_text(fields, "description"),
            friendly_description=_text(fields, "friendly_description"),
            points_possible=fields.number("points_possible"),
            mastery_points=fields.number("mastery_points"),
            ratings=tuple(sorted(ratings, key=lambda rating: -rating.points)),
            calculation_method=_text(fields, "calculation_method"),
            calculation_int=fields.integer("calculation_int"),
            scale_of=(owner, _text(fields, "proficiency_context_id")) if owner else None,
            assessed=fields.flag("assessed"),
            can_edit=fields.flag("can_edit"),
            has_updateable_rubrics=fields.flag("has_updateable_rubrics"),
            alignments=fields.texts("alignments"),
            group_id=fields.integer("group_id"),
        )


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """A folder of outcomes. `parent_id` is None for the root of its account or course."""

    id: int
    title: str
    vendor_guid: str
    description: str
    parent_id: int | None
    context_type: str | None
    context_id: int | None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="outcome group")
        return cls(
            id=fields.needed_integer("id"),
            title=_text(fields, "title"),
            vendor_guid=_text(fields, "vendor_guid"),
            description=_text(fields, "description"),
            parent_id=integer(fields.object("parent_outcome_group").get("id")),
            context_type=fields.text("context_type"),
            context_id=fields.integer("context_id"),
        )


@dataclass(frozen=True, slots=True)
class OutcomeLink:
    """That an outcome stands in a group. `assessed`: whether anybody has a result for it in this context."""

    group_id: int
    outcome: Outcome
    assessed: bool | None
    can_unlink: bool | None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="outcome link")
        return cls(
            group_id=Fields(fields.object("outcome_group"), what="outcome group").needed_integer("id"),
            outcome=Outcome.from_json(fields.object("outcome")),
            assessed=fields.flag("assessed"),
            can_unlink=fields.flag("can_unlink"),
        )


@dataclass(frozen=True, slots=True)
class OutcomeAlignment:
    """A thing in a course that an outcome is aligned with; `assignment_id` is None for a live assessment."""

    outcome_id: int
    title: str
    assignment_id: int | None
    submission_types: str
    url: str

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="outcome alignment")
        return cls(
            outcome_id=fields.needed_integer("learning_outcome_id"),
            title=_text(fields, "title"),
            assignment_id=fields.integer("assignment_id"),
            submission_types=_text(fields, "submission_types"),
            url=_text(fields, "url"),
        )


def _text(fields: Fields, key: str) -> str:
    """Without NUL characters, which no database of ours takes."""
    return (fields.text(key) or "").replace("\0", "")
