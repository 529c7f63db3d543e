"""The page of one outcome: everything that Canvas says of it, where it stands, and where it is used."""

from accounts.models import CanvasAccount, User
from imports.models import Course
from outcomes.models import OutcomeCopy, Tree
from outcomes.selectors.sheets import sheet_of
from tests.canvas.answers import ACCESS_DENIED
from tests.cast import Seat
from tests.outcomes.library import PATH, an_outcome, read_tree, wait_no_more, work
from tests.outcomes.school import read_course
from tests.servers.practice import Practice

NASTY = (
    "<p>Reads <b>texts</b> &amp; maps.</p><script>alert('own')</script><ul><li>first</li><li>second</li></ul>"
    '<img src="x" alt="a picture" onerror="alert(1)">&lt;script&gt;'
)


def page_of(browser: object, outcome_id: int) -> str:
    """The page once a worker has read what it asks for."""
    path = f"{PATH}outcome/{outcome_id}/"
    browser.get(path)  # type: ignore[attr-defined]  # Django's test client
    work()
    return str(browser.get(path).text)  # type: ignore[attr-defined]


def test_it_shows_what_canvas_says(university: CanvasAccount, designer: User, seat: Seat, practice: Practice) -> None:
    outcome = an_outcome(practice)
    page = page_of(seat(designer), outcome["id"])
    for told in (outcome["title"], outcome["display_name"], outcome["vendor_guid"], "assessed"):
        assert told in page
    for rating in outcome["ratings"]:
        assert rating["description"] in page
    assert f"{practice.url}/accounts/1/outcomes/{outcome['id']}" in page


def test_the_calculation_is_said_in_words_with_its_number(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    browser = seat(designer)
    for told, words in (
        ({"calculation_method": "n_mastery", "calculation_int": 3}, "Mastery reached 3 times"),
        ({"calculation_method": "decaying_average", "calculation_int": 70}, "the mean of all earlier ones 30 %"),
        ({"calculation_method": "latest"}, "The newest result alone"),
    ):
        practice.api("PUT", f"outcomes/{outcome['id']}", json=told)
        OutcomeCopy.objects.all().delete()
        assert words in page_of(browser, outcome["id"])


def test_the_new_decaying_average_is_told_from_the_weighted_one(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    practice.control("POST", "flags", {"outcomes_new_decaying_average_calculation": True})
    outcome = an_outcome(practice)
    told = {"calculation_method": "standard_decaying_average", "calculation_int": 60}
    practice.api("PUT", f"outcomes/{outcome['id']}", json=told)
    assert "From the oldest result to the newest" in page_of(seat(designer), outcome["id"])


def test_a_description_is_shown_as_text_and_never_as_html(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    page_of(seat(designer), outcome["id"])
    copy = OutcomeCopy.objects.get()
    OutcomeCopy.objects.update(described={**copy.described, "description": NASTY})
    page = seat(designer).get(f"{PATH}outcome/{outcome['id']}/").text
    assert "<p>Reads texts &amp; maps.</p>" in page
    assert "<p>\u2022 first</p>" in page
    assert "a picture&lt;script&gt;" in page
    assert "alert(" not in page


def test_friendly_descriptions_are_shown_where_the_site_has_them(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    practice.control("POST", "flags", {"outcomes_friendly_description": True})
    file = "vendor_guid,object_type,title,friendly_description,calculation_method,mastery_points,ratings\n"
    file += "F-1,outcome,Friendly,You can do it,highest,3,5,Best,3,Good\n"
    practice.api("POST", "accounts/1/outcome_imports", files={"attachment": ("o.csv", file)})
    found: list[int] = []
    while not found:
        links = practice.api("GET", "accounts/1/outcome_group_links", params={"per_page": 100})
        found = [link["outcome"]["id"] for link in links if link["outcome"]["vendor_guid"] == "F-1"]
    assert "You can do it" in page_of(seat(designer), found[0])


def test_it_names_the_groups_and_courses_it_stands_in(
    tree: Tree, designer: User, seat: Seat, practice: Practice, course: Course
) -> None:
    reading = read_course(course)
    read_tree(tree.canvas_account, f"course-{course.canvas_id}")
    used = next(one for one in reading.outcomes if one["alignments"] and one["context"] == ["Account", 1])
    page = page_of(seat(designer), used["id"])
    assert f"tree/course-{course.canvas_id}/?group=" in page
    assert "tree/root/?group=" in page
    assert used["alignments"][0] in page


def test_it_counts_the_students_with_a_result_in_each_course(
    university: CanvasAccount, designer: User, seat: Seat, course: Course
) -> None:
    sheet = sheet_of(read_course(course))
    for column in range(2):
        with_result = sum(1 for counts in sheet.counts if counts[column])
        page = page_of(seat(designer), sheet.outcomes[column].id)
        assert " ".join(page.split()).count(f'{with_result} <span class="quiet">of {len(sheet.students)}</span>') == 1


def test_a_deleted_outcome_says_so_and_keeps_what_was_known(
    tree: Tree, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice, assessed=False)
    [link] = [
        link
        for link in practice.api("GET", "accounts/1/outcome_group_links", params={"per_page": 100})
        if link["outcome"]["id"] == outcome["id"]
    ]
    path = f"accounts/1/outcome_groups/{link['outcome_group']['id']}/outcomes/{outcome['id']}"
    practice.api("DELETE", path)
    page = page_of(seat(designer), outcome["id"])
    assert "it was deleted" in page
    assert outcome["display_name"] in page
    assert f"outcome/{outcome['id']}/edit/" not in page


def test_an_outcome_that_never_was_is_said_not_to_be_there(
    university: CanvasAccount, designer: User, seat: Seat
) -> None:
    assert "has no outcome 99999" in page_of(seat(designer), 99999)
    assert seat(designer).get(f"{PATH}outcome/{10**30}/").status_code == 404


def test_an_outcome_that_cannot_be_read_now_is_read_later(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    practice.control("POST", "faults", {"match": "GET /api/v1/outcomes/*", "kind": "html", "times": 9})
    browser = seat(designer)
    page_of(browser, outcome["id"])
    assert OutcomeCopy.objects.get().problem
    practice.control("DELETE", "faults")
    wait_no_more()
    assert outcome["title"] in page_of(browser, outcome["id"])


def test_an_outcome_that_the_token_may_not_read_is_read_once_it_may(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    fault = {"match": "GET /api/v1/outcomes/*", "kind": "status", "status": 403, "body": ACCESS_DENIED}
    practice.control("POST", "faults", fault)
    browser = seat(designer)
    for _ in range(2):
        assert "may not read this outcome" in page_of(browser, outcome["id"])
    wait_no_more()
    assert outcome["title"] in page_of(browser, outcome["id"])


def test_under_account_mastery_scales_it_shows_the_scale_of_each_place(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    practice.control("POST", "flags", {"account_level_mastery_scales": True})
    read_tree(university)
    page = page_of(seat(designer), an_outcome(practice)["id"])
    assert "not by outcome" in page
    assert "Near Mastery" in page


def test_the_scale_of_a_tree_that_was_read_before_is_not_taken_for_that_of_its_place(
    tree: Tree, designer: User, seat: Seat, practice: Practice
) -> None:
    practice.control("POST", "flags", {"account_level_mastery_scales": True})
    page = page_of(seat(designer), an_outcome(practice)["id"])
    assert "not by outcome" in page
    assert f"In {tree.title}" not in page
    assert "has been read again" in page


def test_who_may_not_read_outcomes_sees_none(
    university: CanvasAccount, viewer: User, registrar: User, stranger: User, seat: Seat
) -> None:
    for path in (f"{PATH}outcome/1/", f"{PATH}outcome/1/edit/"):
        assert seat(viewer).get(path).status_code == 403
        assert seat(registrar).get(path).status_code == 403
        assert seat(stranger).get(path).status_code == 404
    assert seat(registrar).post(f"{PATH}outcome/1/edit/", {"step": "send"}).status_code == 403
    assert not OutcomeCopy.objects.exists()
