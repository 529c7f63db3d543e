"""The tree of outcomes of an account or a course: read whole, shown with everything that tells outcomes apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models import Course, ImportRun, SubAccount
from outcomes.models import Tree
from outcomes.services import errands, trees
from tests.canvas.answers import ACCESS_DENIED
from tests.cast import Seat
from tests.imports import rows
from tests.outcomes.library import PATH, an_outcome, read_tree, wait_no_more, work
from tests.outcomes.school import read_course
from tests.servers.practice import Practice

TREE = f"{PATH}tree/"


def titles_in_canvas(practice: Practice, context: str) -> set[str]:
    links = practice.api("GET", f"{context}/outcome_group_links", params={"per_page": 100})
    return {link["outcome"]["title"] for link in links}


def test_a_tree_holds_what_stands_in_canvas(tree: Tree, practice: Practice) -> None:
    assert {row.title for row in tree.outcomes.all()} == titles_in_canvas(practice, "accounts/1")
    groups = practice.api("GET", "accounts/1/outcome_groups", params={"per_page": 100})
    assert {group.title for group in tree.groups.all()} == {group["title"] for group in groups}


def test_a_first_look_has_the_tree_read_and_shows_it_when_it_is_there(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    browser = seat(designer)
    assert "Being read from Canvas" in browser.get(TREE).text
    work()
    shown = browser.get(TREE).text
    assert "hx-get" not in shown.partition('id="tree"')[2].partition(">")[0]
    outcome = an_outcome(practice)
    assert outcome["display_name"] in shown
    assert outcome["vendor_guid"] in shown
    assert "mastery at" in shown


def test_courses_and_departments_have_trees_of_their_own(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice, course: Course
) -> None:
    department = SubAccount.objects.exclude(parent_canvas_id=None).first()
    assert department
    browser = seat(designer)
    for place, context in (
        (f"course-{course.canvas_id}", f"courses/{course.canvas_id}"),
        (f"account-{department.canvas_id}", f"accounts/{department.canvas_id}"),
    ):
        assert browser.get(f"{TREE}{place}/").status_code == 200
        work()
        read = Tree.objects.get(place=place)
        assert {row.title for row in read.outcomes.all()} == titles_in_canvas(practice, context)


def test_places_are_chosen_by_department_and_by_the_name_of_a_course(
    university: CanvasAccount, designer: User, seat: Seat, course: Course
) -> None:
    page = seat(designer).get(f"{TREE}places/", {"text": course.name}).text
    assert f"{TREE}course-{course.canvas_id}/" in page
    assert f"{TREE}account-{SubAccount.objects.all()[0].canvas_id}/" in page


@pytest.mark.parametrize("place", ["account-99999", "course-99999", "course-x", "planet-1", "account-" + "9" * 30])
def test_a_place_that_is_not_known_is_not_found(
    university: CanvasAccount, designer: User, seat: Seat, place: str
) -> None:
    assert seat(designer).get(f"{TREE}{place}/").status_code == 404
    assert not Tree.objects.exists()


def test_a_tree_is_searched_by_title_display_name_and_guid(
    tree: Tree, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    browser = seat(designer)
    for text in (outcome["vendor_guid"].lower(), outcome["display_name"].upper(), outcome["title"]):
        assert outcome["display_name"] in browser.get(TREE, {"text": text}).text
    assert "No outcome here is like that" in browser.get(TREE, {"text": "nothing is called so"}).text


def test_outcomes_are_shown_by_whether_they_were_assessed_and_aligned(
    tree: Tree, designer: User, seat: Seat, course: Course
) -> None:
    reading = read_course(course)
    browser = seat(designer)
    aligned = {one["id"] for one in reading.outcomes if one["alignments"]}
    rows = {row.canvas_id: row for row in tree.outcomes.all()}
    expected = {
        "assessed": {number for number, row in rows.items() if row.assessed},
        "unassessed": {number for number, row in rows.items() if row.assessed is False},
        "aligned": aligned & rows.keys(),
        "unaligned": rows.keys() - aligned,
    }
    for show, numbers in expected.items():
        page = browser.get(TREE, {"show": show}).text
        assert {number for number in rows if f'outcome/{number}/"' in page} == numbers, show


def test_an_outcome_that_stands_in_two_groups_says_so_in_both(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    root = practice.api("GET", "accounts/1/root_outcome_group")
    practice.api("PUT", f"accounts/1/outcome_groups/{root['id']}/outcomes/{outcome['id']}")
    tree = read_tree(university)
    assert tree.outcomes.filter(canvas_id=outcome["id"]).count() == 1
    assert "top of the tree" in seat(designer).get(TREE).text


def test_a_large_group_is_fetched_when_it_is_opened(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    root = practice.api("GET", "accounts/1/root_outcome_group")
    group = practice.api("POST", f"accounts/1/outcome_groups/{root['id']}/subgroups", data={"title": "Many"})
    for number in range(130):
        told = {"title": f"Number {number:03}"}
        practice.api("POST", f"accounts/1/outcome_groups/{group['id']}/outcomes", data=told)
    read_tree(university)
    browser = seat(designer)
    assert "Number 000" not in browser.get(TREE).text
    inside = browser.get(f"{TREE}root/groups/{group['id']}/").text
    assert "Number 000" in inside
    assert "All 130 outcomes" in inside
    assert "Number 129" in browser.get(TREE, {"group": group["id"], "page": 2}).text


def test_a_tree_costs_a_request_per_hundred_groups_and_per_hundred_links(tree: Tree, practice: Practice) -> None:
    practice.control("DELETE", "requests")
    again = read_tree(tree.canvas_account)
    assert again.requests == len(practice.requests_seen("GET", "/outcome_group")) == 2


def test_a_reading_that_breaks_off_changes_nothing_that_is_shown(tree: Tree, practice: Practice) -> None:
    before = set(tree.outcomes.values_list("pk", flat=True))
    fault = {"match": "GET /api/v1/accounts/*/outcome_group_links", "kind": "html", "times": 9}
    practice.control("POST", "faults", fault)
    again = read_tree(tree.canvas_account)
    assert again.problem
    assert set(again.outcomes.values_list("pk", flat=True)) == before
    assert again.pages.count() == 1


def test_a_reading_goes_on_where_a_worker_died(tree: Tree, practice: Practice) -> None:
    fault = {"match": "GET /api/v1/accounts/*/outcome_group_links", "kind": "html", "times": 9}
    practice.control("POST", "faults", fault)
    read_tree(tree.canvas_account)
    wait_no_more()
    assert trees.claim(tree=tree)  # and then it is killed
    practice.control("DELETE", "faults")
    practice.control("DELETE", "requests")
    work()
    assert Tree.objects.get().wanted_at
    wait_no_more()
    work()
    again = Tree.objects.get()
    assert (again.wanted_at, again.problem, again.pages.count()) == (None, "", 0)
    assert practice.requests_seen("GET", "/outcome_groups") == []


def test_a_worker_that_was_overtaken_writes_nothing(tree: Tree) -> None:
    trees.want(canvas_account=tree.canvas_account, anew=True)
    slow, quick = Tree.objects.get(), Tree.objects.get()
    assert trees.claim(tree=slow)
    wait_no_more()
    assert trees.claim(tree=quick)
    before = Tree.objects.get().version
    errands.leave(slow, pause=0.0, problem="mine")
    assert (Tree.objects.get().version, Tree.objects.get().problem) == (before, "")


def test_a_reading_pauses_while_canvas_has_little_to_give(tree: Tree, practice: Practice) -> None:
    practice.control("POST", "throttle", {"enabled": True, "cost": 550})
    again = read_tree(tree.canvas_account)
    assert again.wanted_at
    assert not again.problem
    assert again.pages.count() < 2


def test_a_tree_that_the_token_may_not_read_says_so_and_is_not_asked_for_again(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    fault = {"match": "GET /api/v1/accounts/*/outcome_groups", "kind": "status", "status": 403, "body": ACCESS_DENIED}
    practice.control("POST", "faults", fault)
    tree = read_tree(university)
    assert tree.wanted_at is None
    assert "may not read outcomes" in seat(designer).get(TREE).text


def test_a_tree_that_the_token_may_read_no_more_says_so_for_a_while_and_keeps_what_was_read(
    tree: Tree, designer: User, seat: Seat, practice: Practice
) -> None:
    fault = {"match": "GET /api/v1/accounts/*/outcome_groups", "kind": "status", "status": 403, "body": ACCESS_DENIED}
    practice.control("POST", "faults", fault)
    Tree.objects.update(read_at=timezone.now() - timedelta(days=1))
    browser = seat(designer)
    browser.get(TREE)
    work()
    practice.control("DELETE", "requests")
    for _ in range(2):
        assert "may not read outcomes" in browser.get(TREE).text
        work()
    assert practice.requests_seen("GET", "/api/v1/") == []

    wait_no_more()
    browser.get(TREE)
    work()
    assert "may not read outcomes" not in browser.get(TREE).text


def test_under_account_mastery_scales_a_tree_shows_the_scale_of_its_place(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    practice.control("POST", "flags", {"account_level_mastery_scales": True})
    tree = read_tree(university)
    facts = tree.outcomes.all()[0].facts
    assert facts.scale_of == ("Account", "1")
    assert "Near Mastery" in seat(designer).get(TREE).text


def test_a_tree_is_read_again_once_an_import_of_outcomes_has_ended(tree: Tree, designer: User, seat: Seat) -> None:
    browser = seat(designer)
    assert "Being read from Canvas" not in browser.get(TREE).text
    rows.run(tree.canvas_account, canvas_id=1, kind="outcome", at=timezone.now())
    assert "the tree is being read again" in browser.get(f"{TREE}?group=999").text
    ImportRun.objects.update(finished_at=timezone.now())
    work()
    assert "No group of this tree has that number" in browser.get(f"{TREE}?group=999").text


def test_a_tree_is_read_again_when_an_import_of_outcomes_has_ended_while_it_was_read(
    tree: Tree, designer: User, seat: Seat, practice: Practice
) -> None:
    fault = {"match": "GET /api/v1/accounts/*/outcome_group_links", "kind": "html", "times": 9}
    practice.control("POST", "faults", fault)
    read_tree(tree.canvas_account)
    rows.run(tree.canvas_account, canvas_id=1, kind="outcome", at=timezone.now())
    ImportRun.objects.update(finished_at=timezone.now())
    practice.control("DELETE", "faults")
    wait_no_more()
    work()
    assert Tree.objects.get().wanted_at is None
    assert "the tree is being read again" in seat(designer).get(f"{TREE}?group=999").text


def test_without_a_token_the_page_says_so_and_goes_on_once_there_is_one(
    university: CanvasAccount, designer: User, seat: Seat
) -> None:
    browser = seat(designer)
    browser.get(TREE)
    token = university.credentials.get()
    university.credentials.all().delete()
    work()
    page = browser.get(TREE).text
    assert "There is no working token for this Canvas account" in page
    assert "Being read" not in page
    token.save()
    wait_no_more()
    work()
    assert "no working token" not in browser.get(TREE).text


def test_the_root_account_is_found_by_its_own_number_too(tree: Tree, designer: User, seat: Seat) -> None:
    assert "Root account" in seat(designer).get(f"{TREE}account-{tree.context_id}/").text
    assert not Tree.objects.exclude(pk=tree.pk).exists()


def test_a_tree_leads_to_its_export(university: CanvasAccount, designer: User, seat: Seat, course: Course) -> None:
    browser, export = seat(designer), "/c/example-university/outcome-exports/?context="
    assert f"{export}account:self" in browser.get(TREE).text
    assert f"{export}course:{course.canvas_id}" in browser.get(f"{TREE}course-{course.canvas_id}/").text


def test_who_may_not_read_outcomes_sees_no_tree(
    tree: Tree, viewer: User, registrar: User, stranger: User, seat: Seat
) -> None:
    for path in (TREE, f"{TREE}root/", f"{TREE}places/", f"{TREE}root/groups/1/"):
        assert seat(viewer).get(path).status_code == 403
        assert seat(registrar).get(path).status_code == 403
        assert seat(stranger).get(path).status_code == 404
    assert seat(registrar).post(f"{TREE}root/read-again/").status_code == 403


def test_the_page_of_a_tree_asks_the_database_a_bounded_number_of_times(
    tree: Tree, designer: User, seat: Seat, django_assert_max_num_queries: object
) -> None:
    browser = seat(designer)
    browser.get(TREE)
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # a fixture that is a function
        browser.get(TREE)
