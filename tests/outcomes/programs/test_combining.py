"""Scores of a student in several courses: every one counts, or the latest alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.programs.combining import ScoredCells, latest
from outcomes.programs.figures import TOTAL, Counting, ProgramFigures
from outcomes.programs.gathering import ReadCourse, gathered
from outcomes.programs.matching import shared
from outcomes.programs.published import published
from outcomes.rollups.sheet import Sheet, Student

LEVELS = (Level("Exceeds", 4), Level("Meets", 3), Level("Near", 2), Level("Below", 0))
WRITING = MeasuredOutcome(1, "Writing", vendor_guid="WR-1", levels=LEVELS, mastery=3, alignments=("Essay",))

# Student, course, outcome, time, score: few of each, so that they meet.
CELLS = st.lists(
    st.tuples(*(st.integers(0, 4),) * 4, st.sampled_from([0.0, 1.5, 3.0, 4.0])),
    max_size=40,
    unique_by=lambda cell: cell[:3],
)


def cells_of(rows: list[tuple[int, int, int, int, float]]) -> ScoredCells:
    columns: Any = zip(*rows, strict=True) if rows else [()] * 5
    student, course, outcome, time, score = (np.array(column) for column in columns)
    none = np.zeros(len(rows), np.int64)
    return ScoredCells(student, course, none, outcome, score, time, none, none, none == 1)


@given(CELLS)
def test_each_student_counts_once_per_outcome_with_the_latest_score(
    rows: list[tuple[int, int, int, int, float]],
) -> None:
    expected: dict[tuple[int, int], tuple[int, int, float]] = {}
    for student, course, outcome, time, score in rows:
        known = expected.get((student, outcome))
        if known is None or (time, course) > known[:2]:
            expected[student, outcome] = (time, course, score)
    cells = cells_of(rows)
    kept = cells.at(latest(cells))
    found = {
        (int(student), int(outcome)): (int(time), int(course), float(score))
        for student, outcome, time, course, score in zip(
            kept.student, kept.outcome, kept.time, kept.course, kept.score, strict=True
        )
    }
    assert found == expected
    assert len(kept) == len(expected)


@given(CELLS, st.randoms())
def test_the_order_in_which_courses_come_does_not_matter(
    rows: list[tuple[int, int, int, int, float]], dice: object
) -> None:
    turned = list(reversed(rows))
    one, other = cells_of(rows), cells_of(turned)
    assert sorted(one.at(latest(one)).score) == sorted(other.at(latest(other)).score)


def read_course(
    number: int,
    scores: dict[int, tuple[float, int]],
    *,
    term: int = 1,
    outcome: MeasuredOutcome = WRITING,
    sections: dict[int, tuple[int, ...]] | None = None,
) -> ReadCourse:
    """`scores`: (score, time) by student."""
    places = sections or {}
    students = [
        Student(one, f"S{one}", f"S{one}", places=tuple((n, "active") for n in places.get(one, (number * 10,))))
        for one in scores
    ]
    sheet = Sheet.blank([outcome], students)
    for row, (score, time) in enumerate(scores.values()):
        sheet.scores[row, 0], sheet.counts[row, 0], sheet.times[row, 0] = score, 1, time
    return ReadCourse(number, f"Course {number}", "", term, f"Term {term}", "", {}, sheet)


def figures_of(*courses: ReadCourse) -> ProgramFigures:
    return gathered(courses, shared(course.sheet.outcomes for course in courses))


def test_a_student_of_two_courses_counts_once_in_the_total_and_once_in_each_course() -> None:
    figures = figures_of(read_course(1, {7: (2.0, 100)}), read_course(2, {7: (4.0, 200), 8: (3.0, 50)}))
    total = figures.of(TOTAL, 1)
    assert (total.students, total.scores, total.mean, total.mastered) == (2, 2, 3.5, 2)
    assert figures.of("course:1", 1).mean == 2.0


def test_every_score_counts_where_that_is_chosen() -> None:
    figures = figures_of(read_course(1, {7: (2.0, 100)}), read_course(2, {7: (4.0, 200), 8: (3.0, 50)}))
    total = figures.of(TOTAL, 1, Counting.EVERY)
    assert (total.students, total.scores, total.mean, total.mastered, total.judged) == (2, 3, 3.0, 2, 3)


def test_of_equal_times_the_course_with_the_higher_number_decides() -> None:
    figures = figures_of(read_course(9, {7: (4.0, 100)}), read_course(2, {7: (1.0, 100)}))
    assert figures.of(TOTAL, 1).mean == 4.0


def test_scores_on_different_scales_come_together_only_as_share_at_mastery() -> None:
    other = MeasuredOutcome(1, "Writing", levels=(Level("Yes", 10), Level("No", 0)), mastery=8)
    figures = figures_of(read_course(1, {7: (3.0, 1)}), read_course(2, {8: (7.0, 1)}, outcome=other))
    total = figures.of(TOTAL, 1)
    assert (total.mean, total.median, total.levels, total.scale) == (None, None, (), None)
    assert total.share == 0.5
    assert figures.of("course:2", 1).mean == 7.0


def test_outcomes_of_different_ids_are_one_where_they_carry_one_guid() -> None:
    copy = MeasuredOutcome(5, "Writing", vendor_guid="WR-1", levels=LEVELS, mastery=3)
    figures = figures_of(read_course(1, {7: (3.0, 1)}), read_course(2, {8: (1.0, 1)}, outcome=copy))
    assert [(one.key, one.ids) for one in figures.outcomes] == [(1, (1, 5))]
    assert figures.of(TOTAL, 1).students == 2


def test_a_score_below_the_lowest_level_is_counted_apart() -> None:
    outcome = MeasuredOutcome(1, "Writing", levels=(Level("Yes", 3), Level("Partly", 2)), mastery=3)
    figures = figures_of(read_course(1, {1: (3.5, 1), 2: (2.0, 1), 3: (0.5, 1)}, outcome=outcome))
    assert figures.of(TOTAL, 1).levels == (1, 1, 1)


def test_a_student_of_two_sections_counts_in_both_and_once_in_their_course() -> None:
    figures = figures_of(read_course(1, {7: (3.0, 1), 8: (1.0, 1)}, sections={7: (11, 12), 8: (11,)}))
    assert figures.of("section:1:11", 1).students == 2
    assert figures.of("section:1:12", 1).students == 1
    assert figures.of("course:1", 1).students == 2


def test_one_term_alone_has_its_own_total() -> None:
    figures = figures_of(read_course(1, {7: (2.0, 100)}), read_course(2, {7: (4.0, 200)}, term=2))
    fall = figures.within("term:1")
    assert fall.of(TOTAL, 1).mean == 2.0
    assert [group.key for group in fall.groups] == ["total", "term:1", "course:1", "section:1:10"]


def test_one_term_alone_counts_every_course_where_that_is_chosen_whether_or_not_it_matters_there() -> None:
    twice = [read_course(1, {7: (2.0, 100)}), read_course(2, {7: (4.0, 200), 8: (3.0, 50)})]
    figures = figures_of(*twice, read_course(3, {9: (1.0, 100)}, term=2))
    for term, scores in (("term:1", 3), ("term:2", 1)):
        alone = figures.within(term)
        for key in (TOTAL, term):
            assert alone.of(key, 1, Counting.EVERY).scores == scores
        for course in alone.of_kind("course"):
            assert alone.of(course.key, 1, Counting.EVERY) == figures.of(course.key, 1)


def test_an_empty_row_that_was_frozen_where_the_counting_does_not_matter_hides_no_figures() -> None:
    figures = figures_of(read_course(1, {7: (2.0, 100)}))
    frozen = ProgramFigures.from_json(figures.as_json() | {"every": {TOTAL: {}, "term:1": {}}})
    assert frozen.of(TOTAL, 1, Counting.EVERY) == figures.of(TOTAL, 1)


def test_two_small_courses_of_the_same_students_are_hidden_with_a_third() -> None:
    few, many = range(6), range(6, 66)
    courses = [
        read_course(1, dict.fromkeys(few, (1.0, 100))),
        read_course(2, dict.fromkeys(few, (2.0, 200))),
        read_course(3, dict.fromkeys(many, (3.0, 300))),
        read_course(4, dict.fromkeys([*many][:20], (3.0, 400))),
    ]
    shown = published(figures_of(*courses), 10)
    gone = [course.key for course in shown.figures.of_kind("course") if shown.figures.of(course.key, 1).is_hidden]
    assert gone == ["course:1", "course:2", "course:4"]
    assert not shown.figures.of(TOTAL, 1).is_hidden
    assert not shown.as_json()["figures"]["carried"]


@pytest.mark.parametrize("first", [11, 12])
def test_sections_that_share_a_student_are_not_uncovered_whichever_of_them_canvas_lists_first(first: int) -> None:
    lecture, groups = 11, {12: range(50, 55), 13: range(55, 59)}
    sections: dict[int, tuple[int, ...]] = dict.fromkeys(range(50), (lecture,))
    sections |= {one: (section,) for section, students in groups.items() for one in students}
    sections[0] = (first, 23 - first)  # in the lecture and in a group of five
    shown = published(figures_of(read_course(1, dict.fromkeys(range(59), (3.0, 1)), sections=sections)), 10)
    hidden = [one.key for one in shown.figures.groups if shown.figures.of(one.key, 1).is_hidden]
    assert hidden == ["section:1:11", "section:1:12", "section:1:13"]


@pytest.mark.parametrize("turn", [1, -1])
def test_shown_sections_do_not_uncover_together_who_is_in_none_of_them(turn: int) -> None:
    sections: dict[int, tuple[int, ...]] = dict.fromkeys(range(30), (11,))
    sections |= dict.fromkeys(range(30, 61), (12,))
    sections |= dict.fromkeys(range(61, 64), (13,)) | dict.fromkeys(range(64, 69), (14,))
    sections |= {0: (13, 11)[::turn], 30: (13, 12)[::turn]}  # without these two, eight students are left
    shown = published(figures_of(read_course(1, dict.fromkeys(range(69), (3.0, 1)), sections=sections)), 10)
    hidden = [one.key for one in shown.figures.groups if shown.figures.of(one.key, 1).is_hidden]
    assert hidden == ["section:1:11", "section:1:13", "section:1:14"]


def test_figures_are_the_same_after_they_were_kept() -> None:
    figures = figures_of(read_course(1, {7: (2.0, 100)}), read_course(2, {7: (4.0, 200)}, term=2))
    assert ProgramFigures.from_json(figures.as_json()) == figures
