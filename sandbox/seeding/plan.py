"""How much is made, and the dice that decide the rest."""

from dataclasses import dataclass
from random import Random

# Everything was there before the first term.
CREATED_AT = "2024-08-01T08:00:00.000000Z"
MOST_COURSES_OF_STUDENT = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of courses, students and outcomes, and the seed of the dice."""

    courses: int
    students: int
    outcomes: int
    seed: int

    def dice(self, purpose: str) -> Random:
        """Dice of their own for each purpose: more of one thing does not change another."""
        return Random(f"{self.seed}/{purpose}")
