"""An outcome as it is measured in a course: its scale, its method, where it stands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from canvas.outcome_records import Outcome


@dataclass(frozen=True, slots=True)
class Level:
    """One rating of a scale. `color` is six hexadecimal digits, or empty where Canvas gives none."""

    description: str
    points: float
    color: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredOutcome:
    """`path` are titles of groups from below the root down; `levels` by points, descending.

    `mastery` are points; None where Canvas says nothing. `alignments` are names of the things aligned in the course,
    `assets` in the same order what they are, such as `assignment_12`; readings of an older Easel have none.
    `description` is HTML, as people wrote it in Canvas.
    """

    id: int
    title: str
    display_name: str = ""
    vendor_guid: str = ""
    path: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    mastery: float | None = None
    points_possible: float | None = None
    method: str = ""
    method_number: int | None = None
    alignments: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    context: tuple[str, int] | None = None
    description: str = ""

    @property
    def name(self) -> str:
        return self.display_name or self.title

    def level_of(self, score: float) -> int | None:
        """The place of a score's level: the first whose points it reaches; None where it is below the lowest."""
        return next((place for place, level in enumerate(self.levels) if score >= level.points), None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        context = document.get("context")
        return cls(
            **{
                **document,
                "path": tuple(document["path"]),
                "levels": tuple(Level(**level) for level in document["levels"]),
                "alignments": tuple(document["alignments"]),
                "assets": tuple(document.get("assets", ())),
                "context": (context[0], context[1]) if context else None,
            }
        )


def measured(
    outcomes: Iterable[Outcome], paths: Mapping[int, tuple[str, ...]], names: Mapping[str, str]
) -> list[MeasuredOutcome]:
    """Canvas's outcomes in Canvas's order, each once: one that stands in two groups comes twice there.

    `paths` end with the outcome's own title; `names` are those of aligned things, such as `assignment_12`.
    """
    by_id: dict[int, MeasuredOutcome] = {}
    for outcome in outcomes:
        by_id.setdefault(outcome.id, _measured(outcome, paths.get(outcome.id, ()), names))
    return list(by_id.values())


def _measured(outcome: Outcome, path: tuple[str, ...], names: Mapping[str, str]) -> MeasuredOutcome:
    has_context = outcome.context_type and outcome.context_id is not None
    return MeasuredOutcome(
        id=outcome.id,
        title=outcome.title,
        display_name=outcome.display_name,
        vendor_guid=outcome.vendor_guid,
        path=path[:-1],
        levels=tuple(Level(rating.description, rating.points, rating.color) for rating in outcome.ratings),
        mastery=outcome.mastery_points,
        points_possible=outcome.points_possible,
        method=outcome.calculation_method,
        method_number=outcome.calculation_int,
        alignments=tuple(names.get(asset, asset) for asset in outcome.alignments),
        assets=outcome.alignments,
        context=(str(outcome.context_type), int(outcome.context_id or 0)) if has_context else None,
        description=outcome.description,
    )
