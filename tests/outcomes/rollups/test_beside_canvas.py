"""What we compute is what Canvas computes, on courses with all that makes real ones uneven."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
import requests

from canvas.client import CanvasClient
from outcomes.outcome.measured import measured
from outcomes.rollups import statistics
from outcomes.rollups.calculation import recomputed
from outcomes.rollups.choosing import Chosen, rows_of
from outcomes.rollups.sheet import Sheet
from tests.outcomes.rollups.uneven import make_uneven
from tests.sandbox.outcomes.classroom import TOKEN, Classroom

NEW_DECAYING = "outcomes_new_decaying_average_calculation"
SCALE = [
    {"description": "Great", "points": 4, "mastery": False, "color": "#0374B5"},
    {"description": "Fine", "points": 2.5, "mastery": True, "color": "#0B874B"},
    {"description": "Weak", "points": 1, "mastery": False, "color": ""},
]


@dataclass
class Uneven:
    classroom: Classroom
    canvas: CanvasClient
    new_decaying_average: bool

    @property
    def course_id(self) -> int:
        return self.classroom.course.id

    def sheet(self) -> Sheet:
        page = self.canvas.outcomes.rollup_page(self.course_id, 1, with_outcomes=True)
        assert page.page_count == 1
        return Sheet.of_rollups(measured(page.outcomes, page.paths, page.alignments), page.users, page.rollups)

    def aggregate(self, stat: str, **params: Any) -> dict[int, tuple[float | None, int]]:
        asked = {"aggregate": "course", "aggregate_stat": stat, **params}
        [rollup] = self.classroom.get("outcome_rollups", **asked)["rollups"]
        return {int(one["links"]["outcome"]): (one["score"], one["count"]) for one in rollup["scores"]}


@pytest.fixture(params=[False, True], ids=["own scales", "scale of the course"])
def scales(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[False, True], ids=["old decaying average", "new decaying average"])
def decaying(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=range(3))
def uneven(request: pytest.FixtureRequest, classroom: Classroom, scales: bool, decaying: bool) -> Iterator[Uneven]:
    make_uneven(classroom, request.param)
    classroom.desk.switch("account_level_mastery_scales", on=scales)
    classroom.desk.switch(NEW_DECAYING, on=decaying)
    place = f"/api/v1/courses/{classroom.course.id}"
    assert classroom.request("POST", f"{place}/outcome_proficiency", json={"ratings": SCALE}).status_code == 200
    if scales and request.param == 1:
        _set_method(
            classroom.request("POST", f"{place}/outcome_calculation_method", data={"calculation_method": "average"})
        )
    with CanvasClient(classroom.url, TOKEN, insecure_hosts={"127.0.0.1"}) as canvas:
        yield Uneven(classroom, canvas, decaying)


def _set_method(answer: requests.Response) -> None:
    assert answer.status_code == 200, answer.text


def test_scores_computed_from_results_are_canvas_s(uneven: Uneven) -> None:
    sheet = uneven.sheet()
    scored = sheet.counts > 0
    theirs = {
        (sheet.students[row].id, sheet.outcomes[column].id): None if np.isnan(score) else float(score)
        for row, column in zip(*np.nonzero(scored), strict=True)
        for score in [sheet.scores[row, column]]
    }
    results = list(uneven.canvas.outcomes.results(uneven.course_id))
    ours = recomputed(sheet.outcomes, results, new_decaying_average=uneven.new_decaying_average)
    assert ours == theirs
    assert (None in theirs.values()) is any(one.method == "n_mastery" for one in sheet.outcomes)
    assert len(theirs) > 100


def test_figures_of_a_course_are_canvas_s(uneven: Uneven) -> None:
    figures = statistics.column_figures(uneven.sheet())
    for stat in ("mean", "median"):
        ours = {one.outcome.id: (getattr(one, stat), one.assessed) for one in figures if one.assessed}
        assert ours == uneven.aggregate(stat)


def test_figures_of_some_students_are_canvas_s(uneven: Uneven) -> None:
    sheet = uneven.sheet()
    names = {"completed": "concluded_enrollments", "inactive": "inactive_enrollments"}
    for section, states in product((None, "a", "b"), ((), ("completed",), ("inactive",), ("completed", "inactive"))):
        number = uneven.classroom.section(section) if section else None
        figures = statistics.column_figures(sheet, rows_of(sheet, Chosen(number, frozenset(states))))
        params: dict[str, Any] = {"exclude[]": [names[state] for state in states]}
        params |= {"section_id": number} if number else {}
        for stat in ("mean", "median"):
            ours = {one.outcome.id: (getattr(one, stat), one.assessed) for one in figures if one.assessed}
            assert ours == uneven.aggregate(stat, **params), (section, states)


def test_distributions_are_canvas_s(uneven: Uneven) -> None:
    figures = statistics.column_figures(uneven.sheet())
    theirs = {one.outcome_id: one for one in uneven.canvas.outcomes.distribution(uneven.course_id)}
    assert theirs.keys() == {one.outcome.id for one in figures}
    for one in figures:
        ours, canvas = one.distribution, theirs[one.outcome.id]
        assert ours.counts == tuple(rating.count for rating in canvas.ratings)
        assert ours.total == canvas.total
        assert ours.below == canvas.total - sum(rating.count for rating in canvas.ratings)
        at_mastery = sum(rating.count for rating in canvas.ratings if rating.points >= (one.outcome.mastery or 0))
        assert one.mastered == at_mastery
    assert any(one.distribution.below for one in figures)


def test_shares_of_ratings_are_canvas_s(uneven: Uneven) -> None:
    figures = statistics.column_figures(uneven.sheet())
    asked = {"rating_percents": "true", "include[]": "outcomes", "sort_by": "student"}
    linked = uneven.classroom.get("outcome_rollups", **asked)["linked"]["outcomes"]
    theirs = {one["id"]: tuple(rating["percent"] for rating in one["ratings"]) for one in linked}
    assert {one.outcome.id: one.distribution.percents for one in figures} == theirs


def test_points_are_hidden_where_canvas_hides_them(uneven: Uneven) -> None:
    [rollup] = uneven.classroom.get("outcome_rollups", aggregate="course")["rollups"]
    theirs = {int(one["links"]["outcome"]) for one in rollup["scores"] if one["hide_points"]}
    ours = {one.outcome.id for one in statistics.column_figures(uneven.sheet()) if one.hides_points}
    assert theirs <= ours
