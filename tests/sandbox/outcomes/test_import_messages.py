"""Every message about files and rows of an outcomes CSV, as a table."""

import pytest

from tests.sandbox.outcomes.desk import Desk, group, outcome, row

LONG = "x" * 256
HEADER = b"vendor_guid,object_type,title"
BAD_METHOD = (
    'Calculation method calculation_method must be one of the following: ["decaying_average", "weighted_average", '
    '"standard_decaying_average", "n_mastery", "highest", "latest", "average"]'
)
UNUSED_INT = "Calculation int A calculation value is not used with this calculation method"


def out_of_range(number: str, least: int, most: int) -> str:
    return (
        f"Calculation int '{number}' is not a valid value for this calculation method. "
        f"The value must be between '{least}' and '{most}'"
    )


WHOLE_FILES = (
    (b"", "File has no data"),
    (HEADER, "File has no outcomes data"),
    (HEADER + b"\n", "File has no outcomes data"),
    (HEADER + b'\na,outcome,"A\n', "Invalid CSV File"),
    (HEADER + b'\na,outcome,A"B\n', "Invalid CSV File"),
    (HEADER + b'\na,outcome,"A"B\n', "Invalid CSV File"),
    (b"title,ratings,,colour, ,size\nA,1,x,,,\n", 'Invalid fields after ratings: ["colour", "size"]'),
    (b"colour,ratings\nred,1\n", 'Missing required fields: ["title", "vendor_guid", "object_type"]'),
    (b"title\nA\n", 'Missing required fields: ["vendor_guid", "object_type"]'),
    (HEADER + b",colour,Description\na,outcome,A,red,x\n", 'Invalid fields: ["colour", "Description"]'),
    (HEADER + b', title,""\na,outcome,A,B,\n', 'Invalid fields: [" title", ""]'),
    (HEADER + b",\na,outcome,A,\n", "An unexpected error has occurred: see error report 1001"),
    (HEADER + b",,ratings\na,outcome,A,\n", "An unexpected error has occurred: see error report 1001"),
    (HEADER + b",caf\xe9\na,outcome,A,\n", "An unexpected error has occurred: see error report 1001"),
)


@pytest.mark.parametrize("content, message", WHOLE_FILES)
def test_a_file_that_cannot_be_read_fails_the_import_at_row_1(content: bytes, message: str, desk: Desk) -> None:
    ended = desk.send_bytes(content)
    assert (ended["workflow_state"], ended["progress"]) == ("failed", 0)
    assert ended["processing_errors"] == [[1, message]]


ROWS = (
    (row("", "Good", "3", "Fair"), "Points for rating tier 1 not present"),
    (row("4", "Good", " ", "Fair"), "Points for rating tier 2 not present"),
    (row("4", "Good", "three", "Fair"), 'Invalid value for rating tier 2 threshold: "three"'),
    (
        row("1", "Good", "2", "Fair"),
        "Points for tier 2 must be less than points for prior tier (2.0 is greater than 1.0)",
    ),
    (row(mastery_points="high"), 'Invalid value for mastery points: "high"'),
    (row(friendly_description=LONG), "Friendly description is too long (maximum is 255 characters)"),
    (row(vendor_guid=""), 'The "vendor_guid" field is required'),
    (row(title=" "), 'The "title" field is required'),
    (row(vendor_guid="a b"), 'The "vendor_guid" field must have no spaces'),
    (row(workflow_state="Active"), '"workflow_state" must be either "active" or "deleted"'),
    (row(object_type="Outcome"), 'Invalid object_type: "Outcome"'),
    (row(object_type=""), 'Invalid object_type: ""'),
    (group("g", calculation_method="highest"), 'Invalid fields for a group: ["calculation_method"]'),
    (
        row("3", "x", object_type="group", calculation_int="5", calculation_method="latest"),
        'Invalid fields for a group: ["calculation_method", "calculation_int", "ratings"]',
    ),
    (group("g", course_id="999"), "Course with canvas id 999 not found"),
    (group("g", course_id="music"), "Course with canvas id music not found"),
    (group("canvas_outcome_group:99"), "Outcome group with canvas id  not found"),
    (group("canvas_outcome_group:1"), "Cyclic reference detected when importing: canvas_outcome_group:1"),
    (group("g", parent_guids="y z"), 'Parent references not found prior to this row: ["y", "z"]'),
    (outcome("a", course_id="1"), 'Invalid fields for an outcome: ["course_id"]'),
    (outcome("canvas_outcome:99"), 'Outcome with canvas id "" not found'),
    (outcome("a", parent_guids="p  q"), 'Parent references not found prior to this row: ["p", "q"]'),
    (outcome("a", calculation_method="best"), BAD_METHOD),
    (outcome("a", calculation_method="highest", calculation_int="1"), UNUSED_INT),
    (outcome("a", calculation_method="latest", calculation_int="1"), UNUSED_INT),
    (outcome("a", calculation_method="average", calculation_int="1"), UNUSED_INT),
    (outcome("a", calculation_method="decaying_average", calculation_int="0"), out_of_range("0", 1, 99)),
    (outcome("a", calculation_method="decaying_average", calculation_int="100"), out_of_range("100", 1, 99)),
    (outcome("a", calculation_method="weighted_average", calculation_int="100"), out_of_range("100", 1, 99)),
    (outcome("a", calculation_method="n_mastery", calculation_int="0"), out_of_range("0", 1, 10)),
    (outcome("a", calculation_method="n_mastery", calculation_int="11"), out_of_range("11", 1, 10)),
    (outcome("a", calculation_method="n_mastery", calculation_int="few"), out_of_range("0", 1, 10)),
    (outcome("a", title=LONG), "Short description is too long (maximum is 255 characters)"),
    (outcome("a", display_name=LONG), "Display name is too long (maximum is 255 characters)"),
    (row(vendor_guid=LONG), "Vendor guid is too long (maximum is 255 characters)"),
    (group("g", title=LONG), "Title is too long (maximum is 255 characters)"),
    (group(LONG, title="G"), "Vendor guid is too long (maximum is 255 characters)"),
)


@pytest.mark.parametrize("cells, message", ROWS, ids=[message[:60] for _, message in ROWS])
def test_a_bad_row_is_told_and_the_others_are_imported(cells: list[str], message: str, desk: Desk) -> None:
    assert desk.errors(group("before"), cells, outcome("after")) == [[3, message]]
    assert desk.outcome("after")["workflow_state"] == "active"


def test_a_cell_that_is_not_utf8_is_a_row_error(desk: Desk) -> None:
    ended = desk.send_bytes(HEADER + b"\na,outcome,caf\xe9\nb,outcome,B\n")
    assert ended["processing_errors"] == [[2, 'Not a valid utf-8 string: "caf\\xE9"']]
    assert desk.outcome("b")["short_description"] == "B"


def test_a_standard_decaying_average_begins_at_fifty_once_its_flag_is_on(desk: Desk) -> None:
    desk.switch("outcomes_new_decaying_average_calculation", on=True)
    cells = outcome("a", calculation_method="standard_decaying_average", calculation_int="49")
    assert desk.errors(cells) == [[2, out_of_range("49", 50, 99)]]


def test_one_row_can_break_several_rules_of_the_model(desk: Desk) -> None:
    cells = outcome("a", title=LONG, calculation_method="highest", calculation_int="2")
    assert desk.errors(cells) == [
        [2, "Short description is too long (maximum is 255 characters)"],
        [2, UNUSED_INT],
    ]


def test_course_ids_have_no_place_in_a_course_import(desk: Desk) -> None:
    music = desk.course("Music")
    assert desk.errors(group("g", course_id=str(music.id)), into=music) == [[2, "Cannot import to other courses"]]


def test_a_group_reaches_only_courses_below_the_account(desk: Desk) -> None:
    torts, arts = desk.course("Torts"), desk.account("Faculty of Arts")
    message = f"Target course {torts.id} is not a child of current account (Faculty of Arts)"
    assert desk.errors(group("g", course_id=str(torts.id)), into=arts) == [[2, message]]


def test_a_group_of_an_unrelated_context_is_not_taken(desk: Desk) -> None:
    desk.send(group("g"), into=desk.account("Faculty of Law"))
    guid = f"canvas_outcome_group:{desk.group('g')['id']}"
    message = f"Group with ID {guid} already exists in another unrelated course or account (Faculty of Law)"
    assert desk.errors(group(guid), into=desk.account("Faculty of Arts")) == [[2, message]]


def test_an_outcome_of_an_unrelated_context_is_not_taken(desk: Desk) -> None:
    desk.send(outcome("a"), into=desk.account("Faculty of Law"))
    message = "Outcome with ID a already exists in another unrelated course or account (Faculty of Law)"
    assert desk.errors(outcome("a"), into=desk.account("Faculty of Arts")) == [[2, message]]
    assert desk.errors(outcome("a")) == [[2, message]]


def test_a_group_has_one_parent(desk: Desk) -> None:
    assert desk.errors(group("p"), group("q"), group("g", parent_guids="p q")) == [
        [4, "An outcome group can only have one parent"]
    ]


def test_a_guid_appears_once_in_a_file(desk: Desk) -> None:
    assert desk.errors(group("g"), group("g"), outcome("a"), outcome("a")) == [
        [3, 'Group "g" has already appeared in this import'],
        [5, 'Outcome "a" has already appeared in this import'],
    ]


def test_a_group_cannot_move_below_itself(desk: Desk) -> None:
    desk.send(group("g"), group("h", parent_guids="g"))
    below = desk.group("h")["id"]
    assert desk.errors(group("g"), group_id=below) == [[2, "Cyclic reference detected when importing: g"]]


def test_an_outcome_from_above_can_be_linked_but_not_changed(desk: Desk) -> None:
    desk.send(outcome("a", "4", "Good", "2", "Poor", description="old", calculation_method="highest"))
    changed = outcome("a", "5", "Good", description="new", calculation_method="n_mastery")
    assert desk.errors(changed, into=desk.course("Music")) == [
        [
            2,
            (
                "Cannot modify outcome from another context: "
                '["description", "data", "calculation_method", "calculation_int"]; '
                'outcome must be modified in "Practice University"'
            ),
        ]
    ]


def test_a_global_outcome_says_so_when_it_cannot_be_changed(desk: Desk) -> None:
    desk.send(outcome("a", calculation_method="highest"))
    desk.site.db().execute("UPDATE learning_outcomes SET context_type = NULL, context_id = NULL")
    assert desk.errors(outcome("a", title="B", calculation_method="highest")) == [
        [
            2,
            (
                'Cannot modify outcome from another context: ["short_description"]; '
                "outcome must be modified in the global context"
            ),
        ]
    ]


def test_only_the_first_25_messages_are_shown_by_row(desk: Desk) -> None:
    ended = desk.send(*(row(object_type="x") for _ in range(40)))
    assert [number for number, _ in ended["processing_errors"]] == list(range(2, 27))
