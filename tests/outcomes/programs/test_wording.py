"""How figures of programs are written: rounded as Canvas rounds, halves away from zero."""

from outcomes.programs.figures import TOTAL
from outcomes.programs.rows import HEADER, Asked, cells, rows
from outcomes.templatetags.figures import difference, share
from tests.outcomes.programs.test_combining import figures_of, read_course


def test_a_share_is_rounded_as_canvas_rounds() -> None:
    assert (share(1 / 16), share(0.5), share(None)) == ("6.3 %", "50.0 %", "-")


def test_a_difference_is_rounded_as_canvas_rounds() -> None:
    assert (difference(0.125), difference(-6.125), difference(0.001), difference(-2)) == (
        "+0.13",
        "\u22126.13",
        "0",
        "\u22122",
    )


def test_a_share_in_a_download_is_rounded_as_canvas_rounds() -> None:
    figures = figures_of(read_course(1, {student: (0.0 if student else 4.0, 1) for student in range(32)}))
    (total,) = rows(figures, Asked(by=TOTAL))
    assert cells(total, figures)[HEADER.index("Share at mastery")] == 0.0313
