"""What the rows of an outcomes CSV do."""

import json
from typing import Any

import pytest

from tests.sandbox.outcomes.desk import Desk, group, outcome, row

DEFAULT_RATINGS = [[5.0, "Exceeds Expectations"], [3.0, "Meets Expectations"], [0.0, "Does Not Meet Expectations"]]


def criterion(desk: Desk, guid: str = "a") -> tuple[list[Any], float, float | None]:
    stored = json.loads(desk.outcome(guid)["rubric_criterion"])
    return stored["ratings"], stored["mastery_points"], stored["points_possible"]


def method(desk: Desk) -> tuple[str, int | None]:
    stored = desk.outcome("a")
    return stored["calculation_method"], stored["calculation_int"]


READINGS = (
    (b"\xef\xbb\xbftitle,vendor_guid,object_type\nA,a,outcome\n", "A", "a byte order mark"),
    (b"title;vendor_guid;object_type\nA,1;a;outcome\n", "A,1", "semicolons"),
    (b'object_type,title,vendor_guid\r\noutcome,"A""B",a\r\n', 'A"B', "windows line ends and quotes"),
    (b"title,vendor_guid,object_type\rA,a,outcome\nx", None, "old line ends are not mixed with new ones"),
    (b"title,vendor_guid,object_type\n\n,,\nA,a,outcome", "A", "blank rows and no last line end"),
    (b"title,title,vendor_guid,object_type\nA,B,a,outcome\n", "B", "the later of two columns with one name"),
    (b'title,vendor_guid,object_type\n"A\nB",a,outcome\n', "A\nB", "line ends inside quotes"),
)


@pytest.mark.parametrize("content, title, what", READINGS, ids=[what for *_, what in READINGS])
def test_a_file_is_read_with(content: bytes, title: str | None, what: str, desk: Desk) -> None:
    ended = desk.send_bytes(content)
    if title is None:
        assert ended["workflow_state"] == "failed"
    else:
        assert (ended["workflow_state"], ended["processing_errors"]) == ("succeeded", [])
        assert desk.outcome("a")["short_description"] == title


def test_rows_are_counted_in_records_not_in_lines(desk: Desk) -> None:
    ended = desk.send_bytes(b'title,vendor_guid,object_type\n"A\nB",a,outcome\n\nC,c,thing\n')
    assert ended["processing_errors"] == [[4, 'Invalid object_type: "thing"']]


def test_cells_beyond_the_header_are_ratings_even_without_that_column(desk: Desk) -> None:
    desk.send_bytes(b"title,vendor_guid,object_type\nA,a,outcome,3,Good,1,Poor\n")
    assert criterion(desk) == ([[3.0, "Good"], [1.0, "Poor"]], 3.0, 3.0)


CRITERIA: tuple[tuple[list[str], list[Any], float, float | None, str], ...] = (
    (row(), DEFAULT_RATINGS, 3.0, 5.0, "the default scale where nothing is said"),
    (row("4", "Good", "2", "Fair"), [[4.0, "Good"], [2.0, "Fair"]], 4.0, 4.0, "mastery at the top where it is blank"),
    (row("4", "Good", "2", "", mastery_points="2"), [[4.0, "Good"], [2.0, "No Comment"]], 2.0, 4.0, "no comment"),
    (row("2", "A", "2", "B"), [[2.0, "A"], [2.0, "B"]], 2.0, 2.0, "equal points"),
    (row("1,000", "A", ".5", "B"), [[1000.0, "A"], [0.5, "B"]], 1000.0, 1000.0, "English numbers"),
    (row(mastery_points="4"), [], 4.0, None, "mastery alone wipes the ratings"),
    (row(mastery_points="3"), DEFAULT_RATINGS, 3.0, 5.0, "mastery that is the default changes nothing"),
)


@pytest.mark.parametrize("cells, ratings, mastery, possible, what", CRITERIA, ids=[what for *_, what in CRITERIA])
def test_a_scale_is_read_as(
    cells: list[str], ratings: list[Any], mastery: float, possible: float | None, what: str, desk: Desk
) -> None:
    assert desk.errors(cells) == []
    assert criterion(desk) == (ratings, mastery, possible)


def test_a_row_without_scale_keeps_the_stored_one(desk: Desk) -> None:
    desk.send(row("4", "Good", "2", "Fair", mastery_points="2"))
    desk.send(row(title="New"))
    assert criterion(desk) == ([[4.0, "Good"], [2.0, "Fair"]], 2.0, 4.0)


METHODS = (
    ("", "", False, "decaying_average", 65),
    ("", "", True, "standard_decaying_average", 65),
    ("decaying_average", "", False, "decaying_average", 65),
    ("decaying_average", "", True, "decaying_average", 65),
    ("weighted_average", "70", False, "weighted_average", 70),
    ("weighted_average", "70", True, "decaying_average", 70),
    ("standard_decaying_average", "60", False, "decaying_average", 60),
    ("standard_decaying_average", "60", True, "standard_decaying_average", 60),
    ("n_mastery", "", False, "n_mastery", 5),
    ("n_mastery", "10", False, "n_mastery", 10),
    ("highest", "", False, "highest", None),
    ("latest", "", True, "latest", None),
    ("average", "", True, "average", None),
)


@pytest.mark.parametrize("given, number, flag, stored, stored_number", METHODS)
def test_a_calculation_method_is_stored_as_the_flag_has_it(
    given: str, number: str, flag: bool, stored: str, stored_number: int | None, desk: Desk
) -> None:
    desk.switch("outcomes_new_decaying_average_calculation", on=flag)
    assert desk.errors(row(calculation_method=given, calculation_int=number)) == []
    assert method(desk) == (stored, stored_number)


def test_a_blank_method_resets_what_was_stored(desk: Desk) -> None:
    desk.send(row(calculation_method="highest"))
    desk.send(row())
    assert method(desk) == ("decaying_average", 65)


def test_groups_and_outcomes_hang_where_the_file_says(desk: Desk) -> None:
    assert desk.errors(group("g"), group("h", parent_guids="g"), outcome("a", parent_guids="g h"), outcome("b")) == []
    assert desk.parents("a") == ["G", "H"]
    assert desk.parents("b") == ["Practice University"]
    assert desk.group("h")["learning_outcome_group_id"] == desk.group("g")["id"]


def test_links_are_replaced_by_what_the_row_names(desk: Desk) -> None:
    desk.send(group("g"), group("h"), outcome("a", parent_guids="g"))
    desk.send(group("h"), outcome("a", parent_guids="h"))
    assert desk.parents("a") == ["H"]
    desk.send(group("g"), outcome("a", parent_guids="g"))
    assert desk.parents("a") == ["G"]


def test_a_link_that_something_is_aligned_through_stays(desk: Desk) -> None:
    music = desk.course("Music")
    desk.send(group("g"), outcome("a", parent_guids="g"), into=music)
    desk.align("a", music)
    desk.send(group("h"), outcome("a", parent_guids="h"), into=music)
    assert desk.parents("a") == ["G", "H"]
    desk.send(outcome("a", workflow_state="deleted"), into=music)
    assert desk.outcome("a")["workflow_state"] == "active"


def test_a_deleted_outcome_loses_its_links_and_comes_back(desk: Desk) -> None:
    desk.send(group("g"), outcome("a", parent_guids="g"))
    desk.send(outcome("a", workflow_state="deleted"))
    assert (desk.outcome("a")["workflow_state"], desk.parents("a")) == ("deleted", [])
    desk.send(group("g"), outcome("a", parent_guids="g"))
    assert (desk.outcome("a")["workflow_state"], desk.parents("a")) == ("active", ["G"])


def test_a_deleted_outcome_lives_on_where_another_context_links_it(desk: Desk) -> None:
    desk.send(outcome("a"))
    desk.send(outcome("a"), into=desk.course("Music"))
    desk.send(outcome("a", workflow_state="deleted"))
    assert (desk.outcome("a")["workflow_state"], desk.parents("a")) == ("active", ["Music"])


def test_a_deleted_group_takes_all_inside_with_it(desk: Desk) -> None:
    desk.send(group("g"), group("h", parent_guids="g"), outcome("a", parent_guids="h"))
    desk.send(group("g", workflow_state="deleted"))
    states = [desk.group("g")["workflow_state"], desk.group("h")["workflow_state"], desk.outcome("a")["workflow_state"]]
    assert states == ["deleted", "deleted", "deleted"]


def test_an_outcome_from_above_is_linked_into_a_course(desk: Desk) -> None:
    desk.send(outcome("a", calculation_method="highest"))
    music = desk.course("Music")
    assert desk.errors(outcome("a", calculation_method="highest"), into=music) == []
    assert desk.outcome("a")["context_type"] == "Account"
    assert desk.parents("a") == ["Music", "Practice University"]


def test_a_course_id_puts_a_group_into_a_course_and_lets_outcomes_follow(desk: Desk) -> None:
    music = desk.course("Music")
    rows = (group("g"), group("h", course_id=str(music.id)), outcome("a", parent_guids="g h"))
    assert desk.errors(*rows) == []
    assert (desk.group("h")["context_type"], desk.group("h")["context_id"]) == music.key
    assert (desk.outcome("a")["context_type"], desk.parents("a")) == ("Account", ["G", "H"])
    desk.send(group("g"), outcome("a", parent_guids="g"))
    assert desk.parents("a") == ["G", "H"]
    desk.send(group("g"), group("k", course_id=str(music.id)), outcome("a", parent_guids="g"))
    assert desk.parents("a") == ["G"]


def test_a_group_of_canvas_is_found_by_the_id_in_its_guid(desk: Desk) -> None:
    desk.send(group("g"))
    number = desk.group("g")["id"]
    desk.send(group(f"canvas_outcome_group:{number}", title="Renamed"))
    assert desk.group(f"canvas_outcome_group:{number}")["id"] == number


def test_a_guid_that_names_a_group_above_makes_a_new_group(desk: Desk) -> None:
    desk.send(group("g"))
    guid = f"canvas_outcome_group:{desk.group('g')['id']}"
    assert desk.errors(group(guid), into=desk.course("Music")) == []
    assert desk.group(guid)["context_type"] == "Course"


def test_an_outcome_of_canvas_is_found_by_the_id_in_its_guid(desk: Desk) -> None:
    desk.send(outcome("a"))
    number = desk.outcome("a")["id"]
    desk.send(outcome(f"canvas_outcome:{number}", title="Renamed"))
    assert desk.outcome(f"canvas_outcome:{number}")["short_description"] == "Renamed"


def test_html_is_kept_without_what_could_run(desk: Desk) -> None:
    desk.send(outcome("a", description='<p onclick="x()">Good <b>work</b><script>x()</script></p>'))
    assert desk.outcome("a")["description"] == "<p>Good <b>work</b></p>"


def test_a_blank_friendly_description_removes_the_stored_one(desk: Desk) -> None:
    count = "SELECT count(*) FROM outcome_friendly_descriptions"
    desk.send(outcome("a", friendly_description="In short"))
    assert desk.site.db().execute(count).fetchone()[0] == 1
    desk.send(outcome("a"))
    assert desk.site.db().execute(count).fetchone()[0] == 0


def test_rows_without_parents_go_into_the_group_of_the_address(desk: Desk) -> None:
    desk.send(group("g"))
    target = desk.group("g")["id"]
    desk.send(group("h"), outcome("a"), group_id=target)
    assert desk.parents("a") == ["G"]
    assert desk.group("h")["learning_outcome_group_id"] == target


def test_a_group_of_the_address_that_is_not_there_fails_the_import_late(desk: Desk) -> None:
    ended = desk.send(outcome("a"), group_id=99)
    assert (ended["workflow_state"], ended["progress"]) == ("failed", 0)
    assert ended["processing_errors"] == [[1, "An unexpected error has occurred: see error report 1001"]]


def test_created_group_ids_are_those_last_touched(desk: Desk) -> None:
    first = desk.send(group("g"), group("h"))
    second = desk.send(group("h", workflow_state="deleted"))
    assert desk.created_group_ids(first) == [str(desk.group("g")["id"])]
    assert desk.created_group_ids(second) == [str(desk.group("h")["id"])]


def test_batches_before_a_broken_line_stay(desk: Desk) -> None:
    rows = "".join(f"a{number},outcome,A\n" for number in range(1100))
    ended = desk.send_bytes(f'vendor_guid,object_type,title\n{rows}b,outcome,"B\n'.encode())
    assert (ended["workflow_state"], ended["processing_errors"]) == ("failed", [[1, "Invalid CSV File"]])
    kept = desk.site.db().execute("SELECT count(*) FROM learning_outcomes").fetchone()[0]
    assert kept == 999
