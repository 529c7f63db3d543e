"""Levels to show an outcome's scores by, each with a colour, whatever Canvas says about them. Pure.

Palettes and the four levels of outcomes without a scale are Canvas's own (`app/models/learning_outcome.rb`, the
gradebook's `OutcomeGradebookView`).
"""

from collections.abc import Sequence
from dataclasses import replace

from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.outcome.palette import BLUE, GREEN, GREY, ORANGE, RED, YELLOW, colors

# By the number of levels below that of mastery, from the one next to it down.
_BELOW: Sequence[tuple[str, ...]] = ((), (GREY,), (YELLOW, GREY), (YELLOW, RED, GREY))
_LEGACY = (
    (1.5, "Exceeds Mastery", "127A1B"),
    (1.0, "Meets Mastery", "0B874B"),
    (0.5, "Near Mastery", "FC5E13"),
    (0.0, "Well Below Mastery", "E0061F"),
)


def shown_levels(outcome: MeasuredOutcome) -> tuple[Level, ...]:
    """By points, descending, every one with a colour; empty where Canvas says neither levels nor mastery."""
    if outcome.levels:
        levels = zip(outcome.levels, _canvas_colors(outcome), _colors(outcome), strict=True)
        return tuple(replace(level, color=canvas or ours) for level, canvas, ours in levels)
    if not outcome.mastery:
        return ()
    return tuple(Level(name, share * outcome.mastery, color) for share, name, color in _LEGACY)


def mastery_place(outcome: MeasuredOutcome) -> int | None:
    """The place of the lowest level that is mastery; None where no level is."""
    if outcome.mastery is None:
        return None
    reaching = [place for place, level in enumerate(shown_levels(outcome)) if level.points >= outcome.mastery]
    return reaching[-1] if reaching else None


def _canvas_colors(outcome: MeasuredOutcome) -> tuple[str, ...]:
    """What Canvas gives, or would give where it is asked; empty texts for scales that it has no colours for."""
    levels = outcome.levels
    given = [level.color.lstrip("#").upper() for level in levels]
    return colors([level.points for level in levels], outcome.mastery, given)


def _colors(outcome: MeasuredOutcome) -> list[str]:
    """Above mastery blue, mastery green, then by distance from it."""
    reaching = [level for level in outcome.levels if outcome.mastery is None or level.points >= outcome.mastery]
    above, below = max(len(reaching) - 1, 0), len(outcome.levels) - max(len(reaching), 1)
    return [BLUE] * above + [GREEN] + list(_below(below))


def _below(count: int) -> tuple[str, ...]:
    """Yellow, then orange, red last but one, grey last."""
    if count < len(_BELOW):
        return _BELOW[count]
    return (YELLOW, *[ORANGE] * (count - 3), RED, GREY)
