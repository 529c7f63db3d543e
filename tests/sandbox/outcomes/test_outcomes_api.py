"""Outcomes, groups, links, scales and alignments over HTTP."""

from typing import Any

import pytest

from sandbox.outcomes.scales import with_defaults
from tests.sandbox.outcomes.classroom import Classroom


@pytest.fixture
def root(classroom: Classroom) -> str:
    """The address of the course's outcome groups."""
    return f"/api/v1/courses/{classroom.course.id}/outcome_groups"


def test_an_outcome_shows_its_scale_and_method(classroom: Classroom) -> None:
    number = classroom.outcome("o3")
    found = classroom.request("GET", f"/api/v1/outcomes/{number}").json()
    assert {name: found[name] for name in ("id", "title", "vendor_guid", "url", "assessed")} == {
        "id": number, "title": "Mind", "vendor_guid": "o3", "url": f"/api/v1/outcomes/{number}", "assessed": False,
    }  # fmt: skip
    assert (found["points_possible"], found["mastery_points"]) == (4.0, 3.0)
    assert (found["calculation_method"], found["calculation_int"]) == ("n_mastery", 2)
    assert found["ratings"][0] == {"description": "Best", "points": 4.0}
    assert found["friendly_description"] is None


def test_a_method_without_number_shows_none(classroom: Classroom) -> None:
    found = classroom.request("GET", f"/api/v1/outcomes/{classroom.outcome('o1')}").json()
    assert "calculation_int" not in found


def test_ids_are_strings_where_the_client_asks_for_it(classroom: Classroom) -> None:
    headers = {"Accept": "application/json+canvas-string-ids"}
    number = classroom.outcome("o1")
    found = classroom.request("GET", f"/api/v1/outcomes/{number}", headers=headers).json()
    assert (found["id"], found["context_id"]) == (str(number), str(classroom.course.id))


def test_a_deleted_outcome_is_not_found(classroom: Classroom) -> None:
    classroom.desk.site.db().execute("UPDATE learning_outcomes SET workflow_state = 'deleted'")
    assert classroom.request("GET", f"/api/v1/outcomes/{classroom.outcome('o1')}").status_code == 404


CHANGES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"title": "New <b>title</b>"}, {"title": "New title"}),
    ({"display_name": "<i>Short</i>"}, {"display_name": "Short"}),
    ({"vendor_guid": "x-1"}, {"vendor_guid": "x-1"}),
    ({"description": "<p>Fine</p><script>x</script>"}, {"description": "<p>Fine</p>"}),
    ({"mastery_points": 2}, {"mastery_points": 2.0, "points_possible": 4.0}),
    (
        {"ratings": [{"points": 6, "description": "Top"}, {"points": 1}]},
        {
            "mastery_points": 6.0,
            "points_possible": 6.0,
            "ratings": [{"description": "Top", "points": 6.0}, {"description": "No description", "points": 1.0}],
        },
    ),
    ({"ratings": [{"points": 6, "description": "Top"}], "mastery_points": 5}, {"mastery_points": 5.0}),
    ({"calculation_method": "n_mastery"}, {"calculation_method": "n_mastery", "calculation_int": 5}),
    (
        {"calculation_method": "decaying_average", "calculation_int": 70},
        {"calculation_method": "decaying_average", "calculation_int": 70},
    ),
    ({"nonsense": 1}, {"title": "Zeal"}),
)


@pytest.mark.parametrize("change, expected", CHANGES)
def test_an_outcome_is_changed_by_what_is_sent(
    change: dict[str, Any], expected: dict[str, Any], classroom: Classroom
) -> None:
    answer = classroom.request("PUT", f"/api/v1/outcomes/{classroom.outcome('o1')}", json=change)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in expected} == expected


def test_ratings_come_from_a_form_too(classroom: Classroom) -> None:
    form = [
        ("ratings[][description]", "Good"), ("ratings[][points]", "2"),
        ("ratings[][description]", "Bad"), ("ratings[][points]", "0"),
    ]  # fmt: skip
    answer = classroom.request("PUT", f"/api/v1/outcomes/{classroom.outcome('o1')}", data=form)
    ratings = [{"description": "Good", "points": 2.0}, {"description": "Bad", "points": 0.0}]
    assert answer.json()["ratings"] == ratings


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"title": ""}, "short_description"),
    ({"title": "x" * 256}, "short_description"),
    ({"calculation_method": "best"}, "calculation_method"),
    ({"calculation_method": "n_mastery", "calculation_int": 11}, "calculation_int"),
    ({"calculation_int": 3}, "calculation_int"),
)


@pytest.mark.parametrize("change, attribute", WRONG)
def test_a_wrong_change_is_refused_by_attribute(change: dict[str, Any], attribute: str, classroom: Classroom) -> None:
    answer = classroom.request("PUT", f"/api/v1/outcomes/{classroom.outcome('o1')}", json=change)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {attribute}


UNDER_SCALES = (
    ({"mastery_points": 2}, "mastery points"),
    ({"ratings": [{"points": 2}]}, "ratings"),
    ({"calculation_method": "latest"}, "calculation values"),
    ({"calculation_int": 2}, "calculation values"),
)


@pytest.mark.parametrize("change, words", UNDER_SCALES)
def test_under_account_scales_an_outcome_keeps_its_scale(
    change: dict[str, Any], words: str, classroom: Classroom
) -> None:
    classroom.desk.switch("account_level_mastery_scales", on=True)
    address = f"/api/v1/outcomes/{classroom.outcome('o1')}"
    answer = classroom.request("PUT", address, json=change)
    assert (answer.status_code, answer.json()) == (403, {"error": f"Individual outcome {words} cannot be modified."})
    assert classroom.request("PUT", address, json={"title": "New"}).status_code == 200
    assert "ratings" not in classroom.request("GET", address).json()


BLUE, GREEN, YELLOW, ORANGE, RED, GREY = "2B7ABC", "03893D", "FAB901", "D97900", "E62429", "555555"
PALETTES = (
    ((1,), 1, [GREEN]),
    ((2, 1), 2, [GREEN, GREY]),
    ((3, 2, 1), 2, [BLUE, GREEN, GREY]),
    ((3, 2, 1), 3, [GREEN, YELLOW, GREY]),
    ((4, 3, 2, 1), 3, [BLUE, GREEN, YELLOW, GREY]),
    ((4, 3, 2, 1), 4, [GREEN, YELLOW, RED, GREY]),
    ((4, 3, 2, 1), 2, None),
    ((5, 4, 3, 2, 1), 4, [BLUE, GREEN, YELLOW, RED, GREY]),
    ((5, 4, 3, 2, 1), 9, [BLUE, GREEN, YELLOW, RED, GREY]),
    ((5, 4, 3, 2, 1), 5, None),
    ((6, 5, 4, 3, 2, 1), 5, [BLUE, GREEN, YELLOW, ORANGE, RED, GREY]),
    ((7, 6, 5, 4, 3, 2, 1), 6, None),
)


@pytest.mark.parametrize("points, mastery, colours", PALETTES)
def test_defaults_add_colours_and_one_flag_of_mastery(
    points: tuple[int, ...], mastery: float, colours: list[str] | None
) -> None:
    ratings = with_defaults([{"points": float(number)} for number in points], mastery)
    assert [rating["color"] for rating in ratings if "color" in rating] == (colours or [])
    assert sum(rating["mastery"] for rating in ratings) == 1


def test_the_root_group_is_a_redirect(root: str, classroom: Classroom) -> None:
    answer = classroom.request("GET", root.replace("outcome_groups", "root_outcome_group"))
    assert answer.status_code == 302
    found = classroom.request("GET", answer.headers["Location"].removeprefix(classroom.url)).json()
    assert found["title"] == "Music"
    assert "parent_outcome_group" not in found


def test_groups_are_listed_in_full_and_subgroups_in_short(root: str, classroom: Classroom) -> None:
    top, group = classroom.request("GET", root).json()
    assert (top["title"], group["title"], group["parent_outcome_group"]["id"]) == ("Music", "G", top["id"])
    [short] = classroom.request("GET", f"{root}/{top['id']}/subgroups").json()
    assert short["id"] == group["id"]
    assert short.keys() == {"id", "title", "vendor_guid", "url", "subgroups_url", "outcomes_url", "can_edit"}
    assert short["url"] == f"{root}/{group['id']}"


def test_links_are_short_unless_asked_for_in_full(root: str, classroom: Classroom) -> None:
    links = root.replace("outcome_groups", "outcome_group_links")
    short = classroom.request("GET", links).json()
    full = classroom.request("GET", f"{links}?outcome_style=full&outcome_group_style=full").json()
    assert [one["outcome"]["title"] for one in short] == ["Zeal", "Art", "Mind"]
    assert "ratings" not in short[0]["outcome"]
    assert "ratings" in full[0]["outcome"]
    assert "import_url" in full[0]["outcome_group"]


def test_the_links_of_a_group_are_sorted_by_title_and_paged(root: str, classroom: Classroom) -> None:
    top = classroom.request("GET", root).json()[0]["id"]
    answer = classroom.request("GET", f"{root}/{top}/outcomes?per_page=1&page=2")
    assert [one["outcome"]["title"] for one in answer.json()] == ["Mind"]
    assert 'rel="prev"' in answer.headers["Link"]


def test_a_group_is_made_renamed_and_deleted(root: str, classroom: Classroom) -> None:
    top = classroom.request("GET", root).json()[0]["id"]
    made = classroom.request("POST", f"{root}/{top}/subgroups", json={"title": "New", "vendor_guid": "n"}).json()
    assert (made["title"], made["parent_outcome_group"]["id"]) == ("New", top)
    own = f"{root}/{made['id']}"
    assert classroom.request("PUT", own, json={"title": "Newer"}).json()["title"] == "Newer"
    assert classroom.request("DELETE", own).json()["id"] == made["id"]
    assert classroom.request("GET", own).status_code == 404


def test_the_root_group_stays_and_a_group_needs_a_title(root: str, classroom: Classroom) -> None:
    top = classroom.request("GET", root).json()[0]["id"]
    for answer in (
        classroom.request("PUT", f"{root}/{top}", json={"title": "x"}),
        classroom.request("DELETE", f"{root}/{top}"),
        classroom.request("POST", f"{root}/{top}/subgroups", json={"title": " "}),
    ):
        assert (answer.status_code, answer.json()) == (400, "error")


def test_an_outcome_is_made_linked_moved_and_unlinked(root: str, classroom: Classroom) -> None:
    top, group = (one["id"] for one in classroom.request("GET", root).json())
    made = classroom.request("POST", f"{root}/{top}/outcomes", json={"title": "Made", "vendor_guid": "m"}).json()
    number = made["outcome"]["id"]
    assert made["outcome_group"]["id"] == top
    moved = classroom.request("PUT", f"{root}/{group}/outcomes/{number}", json={"move_from": top}).json()
    assert (moved["outcome_group"]["id"], classroom.desk.parents("m")) == (group, ["G"])
    gone = classroom.request("DELETE", f"{root}/{group}/outcomes/{number}").json()
    assert "can_unlink" not in gone
    assert classroom.desk.outcome("m")["workflow_state"] == "deleted"


def test_the_last_link_of_an_aligned_outcome_stays(root: str, classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    group, outcome = classroom.desk.group("g")["id"], classroom.outcome("o1")
    answer = classroom.request("DELETE", f"{root}/{group}/outcomes/{outcome}")
    assert answer.status_code == 400
    assert answer.json().keys() == {"message"}


def test_an_outcome_of_elsewhere_cannot_be_linked(root: str, classroom: Classroom) -> None:
    torts = classroom.desk.course("Torts")
    classroom.desk.site.db().execute(
        "UPDATE learning_outcomes SET context_id = ? WHERE vendor_guid = 'o2'", (torts.id,)
    )
    group = classroom.desk.group("g")["id"]
    answer = classroom.request("PUT", f"{root}/{group}/outcomes/{classroom.outcome('o2')}")
    assert (answer.status_code, answer.json()) == (400, "error")


def test_a_group_is_copied_with_what_is_inside(root: str, classroom: Classroom) -> None:
    top, group = (one["id"] for one in classroom.request("GET", root).json())
    target = classroom.request("POST", f"{root}/{top}/subgroups", json={"title": "Copies"}).json()["id"]
    copied = classroom.request("POST", f"{root}/{target}/import", json={"source_outcome_group_id": group}).json()
    assert (copied["title"], copied["parent_outcome_group"]["id"]) == ("G", target)
    assert [one["outcome"]["title"] for one in classroom.request("GET", f"{root}/{copied['id']}/outcomes").json()] == [
        "Zeal"
    ]
    into_itself = classroom.request("POST", f"{root}/{group}/import", json={"source_outcome_group_id": top})
    assert (into_itself.status_code, into_itself.json()) == (400, "error")


SCALE = [
    {"description": "Top", "points": 2.0, "mastery": True, "color": "FFFFFF"},
    {"description": "Low", "points": 1.0, "mastery": False, "color": "000000"},
]


def test_a_scale_set_above_is_found_below(classroom: Classroom) -> None:
    course = f"/api/v1/courses/{classroom.course.id}/outcome_proficiency"
    assert classroom.request("GET", course).status_code == 404
    saved = classroom.request("POST", "/api/v1/accounts/1/outcome_proficiency", json={"ratings": SCALE})
    assert (saved.status_code, saved.json()) == (200, {"ratings": SCALE})
    assert classroom.request("GET", course).json() == {"ratings": SCALE}


BAD_SCALES: tuple[tuple[list[dict[str, Any]], str], ...] = (
    ([], "Missing required ratings"),
    ([{**SCALE[0], "mastery": False}], "Exactly one rating can have mastery"),
    ([SCALE[0], {**SCALE[1], "points": 2.0}], "Points should be strictly decreasing: 2.0 <= 2.0"),
)


@pytest.mark.parametrize("ratings, message", BAD_SCALES)
def test_a_scale_that_makes_no_sense_is_refused(
    ratings: list[dict[str, Any]], message: str, classroom: Classroom
) -> None:
    answer = classroom.request("POST", "/api/v1/accounts/1/outcome_proficiency", json={"ratings": ratings})
    assert answer.status_code == 422
    assert [error["message"] for error in answer.json()["errors"]] == [message]


def test_alignments_are_asked_for_by_student_or_assignment(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    course = f"{classroom.url}/courses/{classroom.course.id}"
    expected = [
        {
            "learning_outcome_id": classroom.outcome("o1"),
            "title": "Essay",
            "submission_types": "online_upload",
            "assignment_id": 1,
            "url": f"{course}/assignments/1",
        }
    ]
    assert classroom.get("outcome_alignments", assignment_id=1) == expected
    assert classroom.get("outcome_alignments", student_id=classroom.user("ann")) == expected


ALIGNMENT_REFUSALS: tuple[tuple[dict[str, str], int, dict[str, str]], ...] = (
    ({}, 400, {"message": "student_id or assignment_id is required"}),
    ({"assignment_id": "99"}, 404, {"message": "Assignment not found or does not belong to course"}),
    ({"assignment_id": "1", "as_user_id": "sis_user_id:ann"}, 401, {"message": "Unauthorized"}),
)


@pytest.mark.parametrize("params, status, body", ALIGNMENT_REFUSALS)
def test_alignments_are_refused(
    params: dict[str, str], status: int, body: dict[str, str], classroom: Classroom
) -> None:
    classroom.alignment("o1", "Essay")
    assert classroom.refused("outcome_alignments", **params) == (status, body)


def test_gradebook_settings_are_kept_and_checked(classroom: Classroom) -> None:
    name = "learning_mastery_gradebook_settings"
    address = f"/api/v1/courses/{classroom.course.id}/{name}"
    assert classroom.get(name) == {name: {}}
    saved = classroom.request("PUT", address, json={name: {"students_per_page": 30, "show_student_avatars": False}})
    assert saved.json() == {name: {"students_per_page": 30, "show_student_avatars": False}}
    wrong = classroom.request("PUT", address, json={name: {"students_per_page": 7}})
    message = "Invalid students_per_page ('7'). Valid values are: 15, 30, 50, 100"
    assert (wrong.status_code, wrong.json()) == (422, {"errors": [message]})
    assert classroom.get(name)[name]["students_per_page"] == 30


def test_a_gradebook_that_is_off_answers_nothing_and_keeps_nothing(classroom: Classroom) -> None:
    name = "learning_mastery_gradebook_settings"
    address = f"/api/v1/courses/{classroom.course.id}/{name}"
    classroom.desk.switch("outcome_gradebook", on=False)
    asked = classroom.request("GET", address)
    changed = classroom.request("PUT", address, json={name: {"students_per_page": 30}})
    assert [(answer.status_code, answer.content) for answer in (asked, changed)] == [(204, b"")] * 2
    classroom.desk.switch("outcome_gradebook", on=True)
    assert classroom.get(name) == {name: {}}


def test_a_flag_switches_friendly_descriptions_on(classroom: Classroom) -> None:
    desk, number = classroom.desk, classroom.outcome("o1")
    desk.site.db().execute(
        "INSERT INTO outcome_friendly_descriptions VALUES (?, 'Course', ?, 'In short')", (number, classroom.course.id)
    )
    assert classroom.request("GET", f"/api/v1/outcomes/{number}").json()["friendly_description"] is None
    desk.switch("outcomes_friendly_description", on=True)
    assert classroom.request("GET", f"/api/v1/outcomes/{number}").json()["friendly_description"] == "In short"
