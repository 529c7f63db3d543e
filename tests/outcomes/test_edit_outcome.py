"""Changing an outcome: seen before it is sent, sent once, and never over somebody else's change."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditLine, CanvasAccount, User
from outcomes.models import OutcomeCopy, OutcomeEdit
from outcomes.selectors.outcomes import ShownOutcome
from outcomes.services import editing
from tests.cast import Seat
from tests.outcomes.library import PATH, an_outcome, as_sent, read_tree, wait_no_more, work
from tests.servers.practice import Practice


class Desk:
    """The designer before the form of one outcome."""

    def __init__(self, browser: Client, practice: Practice, outcome: dict[str, Any]) -> None:
        self.browser, self.practice, self.outcome = browser, practice, outcome
        self.page = f"{PATH}outcome/{outcome['id']}/"
        self.open()

    def open(self) -> str:
        self.browser.get(self.page)
        work()
        return self.browser.get(f"{self.page}edit/").text

    @property
    def seen(self) -> str:
        form = self.browser.get(f"{self.page}edit/").text
        return form.partition('name="seen" value="')[2].partition('"')[0]

    def submit(self, step: str, *, seen: str = "", **changes: Any) -> Any:
        told = as_sent(self.outcome, **changes) | {"step": step, "seen": seen or self.seen}
        return self.browser.post(f"{self.page}edit/", told)

    def send(self, **changes: Any) -> OutcomeEdit:
        """Send a change, as far as one call of a worker brings it."""
        answer = self.submit("send", **changes)
        assert answer.status_code == 302, answer.text
        work()
        return OutcomeEdit.objects.latest("pk")

    @property
    def in_canvas(self) -> dict[str, Any]:
        found: dict[str, Any] = self.practice.api("GET", f"outcomes/{self.outcome['id']}")
        return found

    @property
    def sent(self) -> int:
        """How many changes Canvas has got."""
        return len(self.practice.requests_seen("PUT", f"/outcomes/{self.outcome['id']}"))


@pytest.fixture
def desk(university: CanvasAccount, designer: User, seat: Seat, practice: Practice) -> Desk:
    return Desk(seat(designer), practice, an_outcome(practice))


def test_a_change_is_shown_beside_what_is_there_before_anything_is_sent(desk: Desk) -> None:
    page = desk.submit("preview", title="A better title").text
    assert desk.outcome["title"] in page
    assert "A better title" in page
    assert "Change it in Canvas" in page
    assert desk.sent == 0
    assert not OutcomeEdit.objects.exists()


def test_every_field_arrives_in_canvas(desk: Desk) -> None:
    changes: dict[str, Any] = {
        "title": "New title",
        "display_name": "New name",
        "description": "<p>New <b>words</b></p>",
        "vendor_guid": "NEW-1",
        "method": "n_mastery",
        "method_number": 4,
        "mastery": 2.5,
        "ratings": [("4", "Top"), ("2.5", "Fair"), ("0", "None yet"), ("", "")],
    }
    edit = desk.send(**changes)
    assert (edit.state, edit.lines != []) == ("done", True), edit.answer
    there = desk.in_canvas
    assert (there["title"], there["display_name"], there["vendor_guid"]) == ("New title", "New name", "NEW-1")
    assert there["description"] == "<p>New <b>words</b></p>"
    assert (there["calculation_method"], there["calculation_int"], there["mastery_points"]) == ("n_mastery", 4, 2.5)
    assert [(one["points"], one["description"]) for one in there["ratings"]] == [
        (4, "Top"), (2.5, "Fair"), (0, "None yet"),
    ]  # fmt: skip


def test_what_is_not_changed_is_not_sent(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    before = desk.in_canvas
    edit = desk.send(display_name="Only this")
    assert edit.state == "done"
    assert desk.in_canvas == before | {"display_name": "Only this"}
    assert [line["label"] for line in edit.lines] == ["Display name"]


def test_new_levels_without_mastery_make_the_best_level_mastery_and_the_preview_says_so(desk: Desk) -> None:
    changes: dict[str, Any] = {"ratings": [("6", "Best"), ("1", "Rest")], "mastery": ""}
    assert "6 points" in desk.submit("preview", **changes).text
    assert desk.send(**changes).state == "done"
    assert desk.in_canvas["mastery_points"] == 6


def test_a_calculation_without_a_number_loses_the_old_one(desk: Desk) -> None:
    assert desk.send(method="latest", method_number="65").state == "done"
    assert desk.in_canvas["calculation_method"] == "latest"


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"title": ""}, "required"),
        ({"title": "x" * 256}, "at most 255"),
        ({"vendor_guid": "has a space"}, "no spaces"),
        ({"method": "n_mastery", "method_number": 11}, "from 1 to 10"),
        ({"method": "decaying_average", "method_number": 100}, "less than or equal to 99"),
        ({"method": "standard_decaying_average", "method_number": 49}, "from 50 to 99"),
        ({"method": "guess"}, "not one of the available choices"),
        ({"ratings": [("", ""), ("", "")]}, "at least one level"),
        ({"ratings": [("3", "Good"), ("3", "Also good")]}, "same points"),
        ({"ratings": [("3", "")]}, "Name the level"),
        ({"ratings": [("", "Nameless")]}, "from how many points"),
        ({"ratings": [("nan", "Odd")]}, "not complete"),
        ({"ratings": [("3", "Good"), ("1", "Poor")], "mastery": 4}, "nobody could reach mastery"),
        ({"mastery": -1}, "greater than or equal to 0"),
        ({}, "Nothing is changed"),
        ({"levels-TOTAL_FORMS": "many"}, "not complete"),
    ],
)
def test_what_canvas_would_refuse_is_refused_before_and_in_words(
    desk: Desk, changes: dict[str, Any], words: str
) -> None:
    answer = desk.submit("preview", **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert desk.sent == 0


def test_more_lines_for_levels_come_when_they_are_asked_for(desk: Desk) -> None:
    page = desk.submit("more", ratings=[("3", "Good")], title="Kept").text
    assert 'name="levels-2-points"' in page
    assert 'value="Kept"' in page


def test_a_change_of_an_assessed_outcome_says_what_happens_to_its_scores(desk: Desk) -> None:
    assert (
        "computes the score of every student anew" in desk.submit("preview", method="highest").text.replace("\n", " ")
        or desk.outcome["calculation_method"] == "highest"
    )
    assert "decided by the new points" in desk.submit("preview", mastery=1).text
    assert "have been assessed" not in desk.submit("preview", title="Words alone").text


def test_a_change_writes_an_audit_line_with_old_and_new(desk: Desk, designer: User) -> None:
    desk.send(title="A better title")
    line = AuditLine.objects.get(verb="edit_outcome")
    assert (line.actor, line.subject_key) == (designer, f"outcome:{desk.outcome['id']}")
    assert line.detail == {"Title": f"{desk.outcome['title']} \u2192 A better title"}


def test_the_page_of_the_outcome_shows_changes_and_what_came_of_them(desk: Desk, designer: User) -> None:
    desk.submit("send", title="A better title")
    assert "Asked for" in desk.browser.get(desk.page).text
    work()
    page = desk.browser.get(desk.page).text
    assert "Canvas has saved it" in page
    assert str(designer) in page
    assert "<h1>" in page


def test_an_outcome_is_never_shown_older_than_the_last_change_of_it(desk: Desk) -> None:
    known_before = OutcomeCopy.objects.get()
    desk.send(title="A better title")
    shown = ShownOutcome(known_before)
    assert [edit.state for edit in shown.edits] == ["done"]
    assert shown.facts
    assert shown.facts.title == "A better title"


def test_trees_show_the_change_at_once(desk: Desk, university: CanvasAccount) -> None:
    read_tree(university)
    desk.send(display_name="Shown at once")
    assert "Shown at once" in desk.browser.get(f"{PATH}tree/").text


def test_a_change_is_not_sent_over_one_that_somebody_made_meanwhile(desk: Desk) -> None:
    desk.submit("send", title="Mine")
    desk.practice.api("PUT", f"outcomes/{desk.outcome['id']}", json={"title": "Theirs"})
    desk.practice.control("DELETE", "requests")
    work()
    edit = OutcomeEdit.objects.get()
    assert edit.state == "refused"
    assert "title" in edit.answer
    assert (desk.in_canvas["title"], desk.sent) == ("Theirs", 0)


def test_a_form_that_was_opened_before_a_change_is_not_taken(desk: Desk) -> None:
    seen = desk.seen
    desk.send(title="Quicker")
    answer = desk.submit("send", seen=seen, display_name="Slower")
    assert answer.status_code == 422
    assert "has changed in Canvas since" in answer.text


def test_a_change_whose_answer_was_lost_is_not_sent_again(desk: Desk) -> None:
    desk.practice.control("POST", "faults", {"match": "PUT /api/v1/outcomes/*", "kind": "cut_after", "times": 1})
    edit = desk.send(title="Arrived")
    assert edit.state == "sending"
    wait_no_more()
    work()
    edit.refresh_from_db()
    assert (edit.state, desk.in_canvas["title"], desk.sent) == ("done", "Arrived", 1)


def test_a_change_is_sent_later_when_canvas_cannot_be_reached_now(desk: Desk) -> None:
    desk.practice.control("POST", "faults", {"match": "PUT /api/v1/outcomes/*", "kind": "status", "status": 503})
    edit = desk.send(title="Late")
    assert edit.state == "sending"
    wait_no_more()
    work()
    edit.refresh_from_db()
    assert (edit.state, desk.in_canvas["title"]) == ("done", "Late")


def test_a_change_outlives_the_worker_that_had_it(desk: Desk) -> None:
    desk.submit("send", title="Outlived")
    assert editing.claim(edit=OutcomeEdit.objects.get())  # and then it is killed
    work()
    assert desk.in_canvas["title"] == desk.outcome["title"]
    wait_no_more()
    work()
    assert (OutcomeEdit.objects.get().state, desk.in_canvas["title"], desk.sent) == ("done", "Outlived", 1)


def test_a_second_change_waits_for_the_end_of_the_first(desk: Desk) -> None:
    desk.submit("send", title="First")
    answer = desk.submit("send", title="Second")
    assert answer.status_code == 422
    assert "on its way already" in answer.text
    assert OutcomeEdit.objects.count() == 1


def test_what_canvas_saves_otherwise_is_told(desk: Desk) -> None:
    edit = desk.send(title="<b>Bold</b> words")
    assert edit.state == "done"
    assert "not quite as wished" in edit.answer
    assert "Bold words" in edit.answer


def test_a_refusal_is_told_in_words(desk: Desk) -> None:
    refusal = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
    fault = {"match": "PUT /api/v1/outcomes/*", "kind": "status", "status": 403, "body": refusal}
    desk.practice.control("POST", "faults", fault)
    edit = desk.send(title="Not allowed")
    assert edit.state == "refused"
    assert "right to manage outcomes" in edit.answer


def test_scales_that_came_to_belong_to_accounts_meanwhile_are_told_in_words(desk: Desk) -> None:
    refusal = {"error": "Individual outcome ratings cannot be modified."}
    fault = {"match": "PUT /api/v1/outcomes/*", "kind": "status", "status": 403, "body": refusal}
    desk.practice.control("POST", "faults", fault)
    edit = desk.send(mastery=1)
    assert edit.state == "refused"
    assert "by account" in edit.answer


def test_a_change_stops_where_scales_came_to_belong_to_accounts_since_it_was_seen(desk: Desk) -> None:
    desk.submit("send", mastery=1)
    desk.practice.control("POST", "flags", {"account_level_mastery_scales": True})
    work()
    edit = OutcomeEdit.objects.get()
    assert edit.state == "refused"
    assert "kept by account now" in edit.answer
    assert desk.sent == 0


def test_where_scales_belong_to_accounts_only_the_words_can_be_changed(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    outcome = an_outcome(practice)
    practice.control("POST", "flags", {"account_level_mastery_scales": True})
    desk = Desk(seat(designer), practice, outcome)
    form = desk.open()
    assert 'name="mastery"' not in form
    assert "by account" in form
    assert desk.send(title="Words alone", mastery=1).state == "done"
    practice.control("POST", "flags", {"account_level_mastery_scales": False})
    assert desk.in_canvas == outcome | {"title": "Words alone"}


def test_an_outcome_that_is_gone_is_not_changed(
    university: CanvasAccount, designer: User, seat: Seat, practice: Practice
) -> None:
    desk = Desk(seat(designer), practice, an_outcome(practice))
    desk.submit("send", title="Too late")
    body = {"errors": [{"message": "The specified resource does not exist."}]}
    practice.control(
        "POST", "faults", {"match": "GET /api/v1/outcomes/*", "kind": "status", "status": 404, "body": body}
    )
    work()
    assert OutcomeEdit.objects.get().state == "refused"
    page = desk.browser.get(desk.page).text
    assert "it was deleted" in page
    assert desk.browser.get(f"{desk.page}edit/").status_code == 302


def test_an_outcome_that_the_token_may_not_change_offers_no_change(desk: Desk) -> None:
    copy = OutcomeCopy.objects.get()
    OutcomeCopy.objects.update(described={**copy.described, "can_edit": False})
    assert f"{desk.page}edit/" not in desk.browser.get(desk.page).text
    answer = desk.browser.get(f"{desk.page}edit/", follow=True)
    assert "right to manage outcomes" in answer.text


def test_the_weighted_average_keeps_its_name_where_the_site_knows_it(desk: Desk) -> None:
    desk.practice.control("POST", "flags", {"outcomes_new_decaying_average_calculation": True})
    edit = desk.send(method="standard_decaying_average", method_number=60)
    assert edit.state == "done", edit.answer
    assert desk.in_canvas["calculation_method"] == "standard_decaying_average"


def test_a_site_without_the_new_decaying_average_keeps_it_as_a_weighted_one_and_that_is_told(desk: Desk) -> None:
    edit = desk.send(method="standard_decaying_average", method_number=60)
    assert edit.state == "done"
    assert "not quite as wished" in edit.answer
    assert "Weighted average" in edit.answer
