"""What the numbers of a program mean, in the words that pages, reports and workbooks share. Pure."""

from outcomes.programs.figures import Counting

COUNTING = {
    Counting.LATEST: "Each student counts once for an outcome: with the latest score of all courses in the group.",
    Counting.EVERY: "Every score counts: a student of three courses may count three times for an outcome.",
}


_MEAN = (
    "Of the counted scores, in points; the mean rounded to two decimals as Canvas does. Neither is given where courses "
    "measure on different scales or where points are not to be shown."
)
_DISTRIBUTION = (
    "Counted scores by level: the highest level whose points a score reaches. Where courses measure on different "
    "scales, by whether mastery is reached."
)
_MASTERY = (
    "The share of counted scores that reach the points of mastery which their own course gives. Scores without such "
    "points are left out."
)
_ALWAYS = (
    ("Students", "Different students who have a score for the outcome, in whatever state their enrollment is."),
    ("Score", "Canvas's rollup: what a student's results in one course come to by the outcome's own method."),
    ("Latest", "The score whose newest result is newest. Of equal times, that of the course with the higher number."),
    ("Mean, median", _MEAN),
    ("Distribution", _DISTRIBUTION),
    ("At mastery", _MASTERY),
    ("Same outcome", "Outcomes of different courses are taken for the same by Canvas's id, else by vendor_guid."),
    ("Section", "A student of several sections counts in each of them."),
    ("Never assessed", "Nobody has a score. That is not the same as a low score, and counts nowhere."),
)


def definitions(threshold: int) -> list[tuple[str, str]]:
    """Names of numbers and what they are."""
    hidden = (
        f"Groups of fewer than {threshold} students, and as many more as are needed so that no hidden number can be "
        "computed from those shown."
    )
    return [*_ALWAYS, ("Hidden", hidden if threshold > 1 else "Nothing: groups of every size are shown.")]
