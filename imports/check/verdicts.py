"""What became of every row of a file: nothing is kept of pieces in which all is well."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from imports.check.rows import RULE_NUMBERS, Rows

_RULES = {number: rule for rule, number in RULE_NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of the rows of one piece: numbers of the rules that refused them (0: none); a bit a column, the emptied cells."""

    refusals: npt.NDArray[np.uint16] | None
    emptied: npt.NDArray[np.uint64] | None

    def refused_by(self, row: int) -> str:
        """The rule that refused the row; empty where Canvas takes it."""
        return _RULES.get(int(self.refusals[row]), "") if self.refusals is not None else ""

    def emptied_columns(self, row: int) -> list[int]:
        """Places of cells that Canvas takes for empty because it cannot read them."""
        bits = int(self.emptied[row]) if self.emptied is not None else 0
        return [place for place in range(bits.bit_length()) if bits >> place & 1]


@dataclass
class Verdicts:
    """Of one file, by the first record of the piece: a file is cut into the same pieces whenever it is read.

    `refused` and `mended` count rows: those that are out, and those of the others that have cells emptied.
    """

    refused: int = 0
    mended: int = 0
    of_piece: dict[int, Verdict] = field(default_factory=dict)

    def add(self, rows: Rows) -> None:
        if rows.refusals is not None:
            self.refused += int(np.count_nonzero(rows.refusals))
        if rows.emptied is not None:
            self.mended += int(np.count_nonzero((rows.emptied != 0) & rows.alive))
        if rows.refusals is not None or rows.emptied is not None:
            self.of_piece[rows.piece.first_record] = Verdict(rows.refusals, rows.emptied)
