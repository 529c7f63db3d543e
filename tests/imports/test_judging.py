"""When a forecast is over a limit."""

from typing import Any

import pytest

from imports.judging import Bound, default_bounds, in_force, over

NOTHING: dict[str, Any] = {"kinds": [], "places": [], "totals": [], "clean_up": None, "storms": []}


def removing(kind: str, removed: int, live: int) -> dict[str, Any]:
    return {**NOTHING, "kinds": [{"kind": kind, "removed": removed, "live": live}]}


def in_departments(**removed: int) -> dict[str, Any]:
    """Enrollments removed per department, of a hundred each."""
    places = [{"kind": "enrollment", "term": "fall", "account": name, "removed": n} for name, n in removed.items()]
    totals = [{"kind": "enrollment", "term": "fall", "account": name, "live": 100} for name in removed]
    return {**NOTHING, "places": places, "totals": totals}


def test_a_forecast_that_removes_nothing_is_over_no_limit() -> None:
    assert over(NOTHING, default_bounds()) == []


@pytest.mark.parametrize("removed, is_over", [(10, False), (11, True)])
def test_a_share_is_exceeded_by_strictly_more(removed: int, is_over: bool) -> None:
    assert bool(over(removing("course", removed, 100), [Bound("course", "account", 10)])) == is_over


@pytest.mark.parametrize("removed, is_over", [(20, False), (21, True)])
def test_a_number_is_exceeded_by_strictly_more(removed: int, is_over: bool) -> None:
    assert bool(over(removing("user", removed, 10**6), [Bound("user", "account", 20, "rows")])) == is_over


def test_below_the_floor_nothing_is_held() -> None:
    assert not over(removing("course", 4, 4), [Bound("course", "account", 10, floor=5)])


def test_a_limit_of_zero_holds_every_removal() -> None:
    assert over(removing("user", 1, 10**6), [Bound("user", "account", 0, "rows")])


def test_each_department_is_measured_by_itself() -> None:
    told = over(in_departments(arts=40, bio=20), [Bound("enrollment", "department", 30)])
    assert told == ["It removes 40 enrollments (40.0 % of 100) in department arts; the limit is 30 %."]


def test_a_limit_for_one_department_leaves_the_others_alone() -> None:
    told = over(in_departments(arts=40, bio=40), [Bound("enrollment", "department", 30, place="bio")])
    assert told == ["It removes 40 enrollments (40.0 % of 100) in department bio; the limit is 30 %."]


def test_places_without_an_id_have_their_names_and_one_is_no_plural() -> None:
    figures = {
        **NOTHING,
        "places": [{"kind": "course", "term": "", "account": "", "removed": 1}],
        "totals": [{"kind": "course", "term": "", "account": "", "live": 2}],
    }
    told = over(figures, [Bound("course", "term", 0), Bound("course", "department", 0)])
    assert told == [
        "It removes 1 course (50.0 % of 2) in the default term; the limit is 0 %.",
        "It removes 1 course (50.0 % of 2) in the root account; the limit is 0 %.",
    ]


def test_departments_add_up_to_their_term() -> None:
    told = over(in_departments(arts=40, bio=40), [Bound("enrollment", "term", 30)])
    assert told == ["It removes 80 enrollments (40.0 % of 200) in term fall; the limit is 30 %."]


def test_a_batch_file_without_rows_is_over_unless_its_limit_stops_canvas() -> None:
    clean_up = {"stopped_by": "", "empty": ["course"]}
    assert over({**NOTHING, "clean_up": clean_up}, [])
    assert not over({**NOTHING, "clean_up": {**clean_up, "stopped_by": "course"}}, [])


@pytest.mark.parametrize("count, is_over", [(4, False), (5, True)])
def test_a_storm_of_identities_is_held_once_it_is_more_than_a_few(count: int, is_over: bool) -> None:
    storm = {"sort": "moved_logins", "count": count, "of": count, "examples": []}
    assert bool(over({**NOTHING, "storms": [storm]}, [])) == is_over


def test_a_limit_for_one_department_leaves_the_default_for_the_others() -> None:
    bounds = in_force([Bound("enrollment", "department", 90, place="bio")])
    told = over(in_departments(arts=60, bio=60), bounds)
    assert told == [
        "It removes 60 enrollments (60.0 % of 100) in department arts; the limit is 30 %.",
        "It removes 120 enrollments (60.0 % of 200) in term fall; the limit is 30 %.",
    ]


def test_a_limit_for_a_place_that_does_not_exist_opens_nothing() -> None:
    bounds = in_force([Bound("enrollment", "department", 100, place=" 'nowhere'; --")])
    assert "in department arts" in over(in_departments(arts=60), bounds)[0]


def test_a_limit_for_one_department_takes_over_from_that_for_each() -> None:
    own = [Bound("enrollment", "department", 10), Bound("enrollment", "department", 50, "rows", "bio")]
    told = over(in_departments(arts=20, bio=20), in_force([*own, Bound("enrollment", "term", 100)]))
    assert told == ["It removes 20 enrollments (20.0 % of 100) in department arts; the limit is 10 %."]


def test_a_share_and_a_number_for_the_same_place_both_hold() -> None:
    own = [Bound("enrollment", "term", 50, place="fall"), Bound("enrollment", "term", 19, "rows", "fall")]
    told = over(in_departments(arts=20), in_force([*own, Bound("enrollment", "department", 100)]))
    assert told == ["It removes 20 enrollments (20.0 % of 100) in term fall; the limit is 19."]


def test_a_full_batch_whose_term_is_not_known_is_over() -> None:
    clean_up = {"stopped_by": "", "empty": [], "terms": []}
    assert "cannot be counted" in over({**NOTHING, "clean_up": clean_up}, [])[0]
    assert not over({**NOTHING, "clean_up": {**clean_up, "terms": [""]}}, [])
