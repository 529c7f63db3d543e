"""Two sets of figures of a program, outcome by outcome. Pure."""

from dataclasses import dataclass

from outcomes.programs.figures import NOTHING, TOTAL, Figures, ProgramFigures
from outcomes.programs.matching import SharedOutcome


@dataclass(frozen=True, slots=True)
class Change:
    """An outcome before and after. Differences are None where one of both is hidden or is not there."""

    outcome: SharedOutcome
    before: Figures
    after: Figures
    is_new: bool
    is_gone: bool

    @property
    def students(self) -> int | None:
        hidden = self.before.is_hidden or self.after.is_hidden
        return None if hidden else self.after.students - self.before.students

    @property
    def mean(self) -> float | None:
        return _difference(self.before.mean, self.after.mean)

    @property
    def share(self) -> float | None:
        """In points of a percentage."""
        difference = _difference(self.before.share, self.after.share)
        return None if difference is None else 100 * difference


def compared(before: ProgramFigures, after: ProgramFigures) -> list[Change]:
    """In the order of what is after; what is gone comes last. Each student's latest score counts."""
    found, left = [], list(before.outcomes)
    for outcome in after.outcomes:
        earlier = next((one for one in left if one.is_same(outcome)), None)
        if earlier:
            left.remove(earlier)
        then = before.of(TOTAL, earlier.key) if earlier else NOTHING
        found.append(Change(outcome, then, after.of(TOTAL, outcome.key), is_new=earlier is None, is_gone=False))
    gone = (Change(one, before.of(TOTAL, one.key), NOTHING, is_new=False, is_gone=True) for one in left)
    return [*found, *gone]


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
