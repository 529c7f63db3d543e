"""An outcome as Canvas describes it by itself or in a tree, and the part of it that can be changed. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from canvas.outcome_records import Outcome
from outcomes.outcome.measured import Level
from outcomes.outcome.palette import colors
from outcomes.outcome.prose import paragraphs
from outcomes.outcome.wording import formula, method_in_words, points

Scale = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What `PUT /outcomes/:id` takes. `levels` are (description, points), best first.

    `has_scale` is False where the site keeps scales by account: then levels, mastery and method are not the outcome's.
    """

    title: str
    display_name: str = ""
    description: str = ""
    vendor_guid: str = ""
    method: str = ""
    method_number: int | None = None
    mastery: float | None = None
    levels: Scale = ()
    has_scale: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{**document, "levels": tuple((str(text), float(at)) for text, at in document["levels"])})


@dataclass(frozen=True, slots=True)
class Described:
    """`levels` best first, with colours; `description` is HTML as Canvas keeps it: show `paragraphs` instead.

    `method` is empty and `levels` are none where Canvas was asked without a context and scales belong to accounts.
    """

    id: int
    title: str
    display_name: str = ""
    vendor_guid: str = ""
    description: str = ""
    friendly_description: str = ""
    context_type: str = ""
    context_id: int | None = None
    levels: tuple[Level, ...] = ()
    mastery: float | None = None
    points_possible: float | None = None
    method: str = ""
    method_number: int | None = None
    assessed: bool | None = None
    can_edit: bool | None = None
    has_updateable_rubrics: bool | None = None
    scale_of: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        return self.display_name or self.title

    @property
    def paragraphs(self) -> list[str]:
        return paragraphs(self.description)

    @property
    def method_in_words(self) -> str:
        return method_in_words(self.method, self.method_number) if self.method else ""

    @property
    def formula(self) -> str:
        return formula(self.method, self.method_number, self.mastery)

    @property
    def shown_levels(self) -> list[dict[str, Any]]:
        """What a page shows of each level; `is_mastery` marks the level at which mastery begins."""
        reached = [level.points for level in self.levels if self.mastery is not None and level.points >= self.mastery]
        lowest = min(reached, default=None)
        return [
            {
                "color": level.color,
                "description": level.description,
                "points": points(level.points),
                "is_mastery": level.points == lowest,
            }
            for level in self.levels
        ]

    @property
    def definition(self) -> Definition:
        return Definition(
            title=self.title,
            display_name=self.display_name,
            description=self.description,
            vendor_guid=self.vendor_guid,
            method=self.method,
            method_number=self.method_number,
            mastery=self.mastery,
            levels=tuple((level.description, level.points) for level in self.levels),
            has_scale=bool(self.method) and self.scale_of is None,
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        scale_of = document.get("scale_of")
        levels = tuple(Level(**level) for level in document["levels"])
        return cls(**{**document, "levels": levels, "scale_of": tuple(scale_of) if scale_of else None})

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """From Canvas's answer."""
        given = [rating.color for rating in outcome.ratings]
        shades = colors([rating.points for rating in outcome.ratings], outcome.mastery_points, given)
        return cls(
            id=outcome.id,
            title=outcome.title,
            display_name=outcome.display_name,
            vendor_guid=outcome.vendor_guid,
            description=outcome.description,
            friendly_description=outcome.friendly_description,
            context_type=outcome.context_type or "",
            context_id=outcome.context_id,
            levels=tuple(
                Level(rating.description, rating.points, shade)
                for rating, shade in zip(outcome.ratings, shades, strict=True)
            ),
            mastery=outcome.mastery_points,
            points_possible=outcome.points_possible,
            method=outcome.calculation_method,
            method_number=outcome.calculation_int,
            assessed=outcome.assessed,
            can_edit=outcome.can_edit,
            has_updateable_rubrics=outcome.has_updateable_rubrics,
            scale_of=outcome.scale_of,
        )
