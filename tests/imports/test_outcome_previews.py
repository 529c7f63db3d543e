"""What an import of outcomes would do, shown before it is launched; and exports, which it begins with."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import CanvasAccount, User
from canvas.outcomes import Context
from imports.models import Forecast, Upload
from imports.preview.exporting import export
from imports.preview.present import Present
from imports.preview.previewing import preview
from imports.services import forecasting
from tests.cast import Seat
from tests.imports import desk, files, outcomes
from tests.servers.practice import Practice

HEADER = "vendor_guid,object_type,title,parent_guids,workflow_state\n"


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


def page(answer: Any) -> str:
    html: str = answer.content.decode()
    return html


def content_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def previewed(browser: Client, canvas_account: CanvasAccount, folder: Path, content: str, query: str = "") -> Forecast:
    """A preview of the content, asked for by its page."""
    given = desk.upload(canvas_account, files.write(folder / "outcomes.csv", content))
    browser.get(given.get_absolute_url() + query)
    desk.make_forecasts()
    made = given.forecasts.get()
    assert made.state == Forecast.State.READY
    return made


def counts(made: Forecast) -> dict[str, tuple[int, int]]:
    told = made.figures["counts"].items()
    return {effect: (count["group"], count["outcome"]) for effect, count in told if any(count.values())}


def of(name: str, made: Forecast) -> str:
    return reverse(f"imports:{name}", args=[made.upload.canvas_account.slug, made.upload.pk, made.pk])


def test_a_preview_tells_new_changed_moved_retired_and_refused_apart(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(practice, tmp_path, outcomes.SMALL + "o3,outcome,Counts,A\no4,outcome,Draws,A\n")
    content = (
        f"{HEADER}A,group,Alpha,,\nB,group,Beta,A,\no1,outcome,Writes well,A,\no2,outcome,Reads,A,\n"
        "o3,outcome,Counts,A,deleted\no5,outcome,Sings,B,\no6,outcome,Lost,NOWHERE,\n"
    )
    made = previewed(browser, canvas_account, tmp_path, content)

    assert counts(made) == {
        "refused": (0, 1),
        "retired": (0, 1),
        "new": (0, 1),
        "changed": (0, 1),
        "moved": (0, 1),
        "unchanged": (2, 0),
        "untouched": (0, 1),
    }
    shown = page(browser.get(of("preview", made)))
    assert "<del>Writes</del>" in shown
    assert "Writes well" in shown
    assert "Draws" not in shown
    assert "Draws" in page(browser.get(of("preview", made), {"all": "yes"}))


def test_moved_is_what_leaves_its_groups_and_not_what_is_in_one_more_or_one_less(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(practice, tmp_path, outcomes.SMALL + "o3,outcome,Counts,A B\n")
    content = outcomes.GROUPS + "o1,outcome,Writes,A B\no2,outcome,Reads,A\no3,outcome,Counts,B\n"
    made = previewed(browser, canvas_account, tmp_path, content)

    assert counts(made) == {"added": (0, 1), "moved": (0, 1), "withdrawn": (0, 1), "unchanged": (2, 0)}
    shown = page(browser.get(of("preview", made)))
    assert "added to a group" in shown
    assert "taken out of a group" in shown
    assert "<del>Alpha</del> → <ins>Alpha, Alpha &gt; Beta</ins>" in shown


def test_a_row_of_no_known_kind_is_refused_although_its_guid_is_known(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(practice, tmp_path, outcomes.SMALL)
    made = previewed(browser, canvas_account, tmp_path, outcomes.GROUPS + "o1,Outcome,Writes,A\n")

    assert counts(made) == {"refused": (0, 1), "unchanged": (2, 0), "untouched": (0, 2)}


def test_an_outcome_that_goes_into_a_course_below_is_not_said_to_stay(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(practice, tmp_path, outcomes.SMALL)
    header = "vendor_guid,object_type,title,parent_guids,course_id\n"
    content = f"{header}C,group,Of a course,,{outcomes.course(practice)}\no1,outcome,Writes,C,\n"
    made = previewed(browser, canvas_account, tmp_path, content)
    done = outcomes.imported(practice, tmp_path, content)

    assert done.processing_errors == ()
    assert "o1" not in {outcome.guid for outcome in outcomes.tree(practice).outcomes.values()}
    assert counts(made) == {"elsewhere": (1, 1), "untouched": (2, 1)}
    assert "<del>Alpha</del>" in page(browser.get(of("preview", made)))


def test_what_a_course_below_has_is_retired_here_all_the_same(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(practice, tmp_path, outcomes.SMALL)
    header = "vendor_guid,object_type,title,parent_guids,course_id,workflow_state\n"
    rows = f"C,group,Of a course,,{outcomes.course(practice)},\no1,outcome,Writes,C,,deleted\n"
    made = previewed(browser, canvas_account, tmp_path, header + rows)
    outcomes.imported(practice, tmp_path, header + rows)

    assert "o1" not in {outcome.guid for outcome in outcomes.tree(practice).outcomes.values()}
    assert counts(made) == {"elsewhere": (1, 0), "retired": (0, 1), "untouched": (2, 1)}


def test_the_preview_can_be_taken_as_a_table(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(practice, tmp_path, outcomes.SMALL)
    made = previewed(browser, canvas_account, tmp_path, f"{HEADER}A,group,Alpha,,\no1,outcome,=Writes,A,\n")

    text = content_of(browser.get(of("preview_csv", made))).removeprefix("\ufeff")

    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["effect"], line["title"], line["group"]) == ("changed", "'=Writes", "Alpha")
    assert line["changes"] == "title: Writes → =Writes"


def test_a_tree_of_thousands_is_shown_by_windows(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    rows = "".join(f"o{number},outcome,Skill {number:04},G{number % 3},\n" for number in range(5000))
    groups = "".join(f"G{number},group,Group {number},,\n" for number in range(3))
    made = previewed(browser, canvas_account, tmp_path, HEADER + groups + rows)

    first = page(browser.get(of("preview", made)))
    assert first.count("Skill") < 600
    window = page(browser.get(of("branch", made), {"node": "1"}, headers={"HX-Request": "true"}))
    assert window.count("new</span>") == 100
    assert "after=" in window


def test_while_a_preview_is_made_nothing_is_sent_again_and_a_dead_worker_delays_it_only(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    given = desk.upload(canvas_account, files.write(tmp_path / "outcomes.csv", outcomes.SMALL))
    browser.get(given.get_absolute_url())
    made = given.forecasts.get()
    assert browser.get(of("preview", made), headers={"HX-Request": "true"}).status_code == 204
    assert forecasting.claim(forecast=made)
    desk.make_forecasts()
    assert given.forecasts.get().state == Forecast.State.WAITING

    Forecast.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    desk.make_forecasts()

    assert given.forecasts.get().state == Forecast.State.READY


def test_an_outcome_of_an_account_above_is_linked_and_not_made_again(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    outcomes.imported(
        practice, tmp_path, "vendor_guid,object_type,title,calculation_method\no1,outcome,Writes,highest\n"
    )
    course = outcomes.course(practice)
    content = "vendor_guid,object_type,title,calculation_method\no1,outcome,{},highest\n"

    fits = previewed(browser, canvas_account, tmp_path, content.format("Writes"), f"?context=course:{course}")
    differs = previewed(browser, canvas_account, tmp_path, content.format("Sings"), f"?context=course:{course}")

    assert counts(fits) == {"new": (0, 1)}
    assert counts(differs) == {"refused": (0, 1)}
    assert "another account, which alone may change it: title" in page(browser.get(of("preview", differs)))


def test_what_something_in_the_course_is_aligned_with_stays(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control("POST", "seed", {"courses": 1, "students": 5, "outcomes": 4, "seed": 3})
    number = practice.api("GET", "accounts/self/courses")[0]["id"]
    context = Context.course(number)
    present = outcomes.tree(practice, context)
    content = _all_deleted(present)

    made = previewed(browser, canvas_account, tmp_path, content, f"?context=course:{number}")
    outcomes.imported(practice, tmp_path, content, context=context)

    after = outcomes.tree(practice, context)
    assert made.figures["counts"]["kept"]["outcome"] == len({outcome for _, outcome in after.links})
    assert made.figures["counts"]["retired"]["outcome"] == len(present.outcomes) - len(after.outcomes)


def _all_deleted(present: Present) -> str:
    (header, *rows) = csv.reader(io.StringIO(b"".join(export(present)).decode()))
    kind, state, parents = (header.index(name) for name in ("object_type", "workflow_state", "parent_guids"))
    out = io.StringIO(newline="")
    csv.writer(out).writerow(header)
    for row in rows:
        if row[kind] == "outcome":
            row[state], row[parents] = "deleted", ""
            csv.writer(out).writerow(row)
    return out.getvalue()


# --- Exports


def exported(browser: Client, canvas_account: CanvasAccount, context: str = "account:self") -> str:
    address = reverse("imports:export", args=[canvas_account.slug])
    assert browser.post(address, {"context": context}).status_code == 302
    desk.fetch_outcome_trees()
    tree = canvas_account.outcome_trees.get(context=context)
    file = reverse("imports:export_csv", args=[canvas_account.slug, tree.pk])
    assert file in page(browser.get(address, {"context": context}))
    return content_of(browser.get(file))


def test_an_export_imported_unchanged_changes_nothing(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control("POST", "seed", {"courses": 2, "students": 5, "outcomes": 20, "seed": 3})
    root = outcomes.tree(practice).root
    practice.api("POST", f"accounts/self/outcome_groups/{root}/subgroups", json={"title": "Without guid"})
    before = outcomes.tree(practice)

    file = exported(browser, canvas_account)
    made = previewed(browser, canvas_account, tmp_path, file)
    done = outcomes.imported(practice, tmp_path, file)

    assert set(counts(made)) == {"unchanged"}
    assert made.figures["guids_given"] >= 1
    assert "It changes nothing." in page(browser.get(of("preview", made)))
    assert done.processing_errors == ()
    after = outcomes.tree(practice)
    assert (after.outcomes, after.links) == (before.outcomes, before.links)
    assert [(one.id, one.title, one.description, one.parent) for one in after.groups.values()] == [
        (one.id, one.title, one.description, one.parent) for one in before.groups.values()
    ]


def test_an_export_of_a_course_imported_unchanged_changes_nothing(practice: Practice, tmp_path: Path) -> None:
    practice.control("POST", "seed", {"courses": 1, "students": 5, "outcomes": 9, "seed": 3})
    context = Context.course(practice.api("GET", "accounts/self/courses")[0]["id"])
    before = outcomes.tree(practice, context)
    file = b"".join(export(before)).decode()
    above = {outcome.guid: outcome for outcome in outcomes.tree(practice).outcomes.values()}

    told = preview(outcomes.source(tmp_path, file), outcomes.tree(practice, context), above=above)
    done = outcomes.imported(practice, tmp_path, file, context=context)

    effects = {effect for effect, count in told.figures["counts"].items() if any(count.values())}
    assert effects == {"unchanged"}
    assert done.processing_errors == ()
    assert outcomes.tree(practice, context).links == before.links


def test_under_account_mastery_scales_an_export_leaves_the_levels_of_outcomes_alone(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control("POST", "seed", {"courses": 1, "students": 5, "outcomes": 20, "seed": 3})
    before = outcomes.tree(practice)
    practice.control("POST", "flags", {"account_level_mastery_scales": True})

    file = exported(browser, canvas_account)
    made = previewed(browser, canvas_account, tmp_path, file)
    done = outcomes.imported(practice, tmp_path, file)

    practice.control("POST", "flags", {"account_level_mastery_scales": False})
    after = outcomes.tree(practice)
    assert set(counts(made)) == {"unchanged"}
    assert done.processing_errors == ()
    levels = {(one.ratings, one.mastery) for one in before.outcomes.values()}
    assert len(levels) > 1
    assert [(one.id, one.ratings, one.mastery) for one in after.outcomes.values()] == [
        (one.id, one.ratings, one.mastery) for one in before.outcomes.values()
    ]


def test_an_export_is_for_who_imports_outcomes(seat: Seat, registrar: User, canvas_account: CanvasAccount) -> None:
    assert seat(registrar).get(reverse("imports:export", args=[canvas_account.slug])).status_code == 403


def test_an_export_that_canvas_refuses_says_why(
    browser: Client, canvas_account: CanvasAccount, practice: Practice
) -> None:
    address = reverse("imports:export", args=[canvas_account.slug])
    browser.post(address, {"context": "course:999"})
    desk.fetch_outcome_trees()
    assert "could not be fetched" in page(browser.get(address, {"context": "course:999"}))


def test_nothing_of_a_preview_is_shown_to_who_may_not_import_outcomes(
    browser: Client, seat: Seat, registrar: User, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    made = previewed(browser, canvas_account, tmp_path, outcomes.SMALL)
    assert Upload.objects.get().holds_outcomes
    for name in ("preview", "branch", "preview_csv"):
        assert seat(registrar).get(of(name, made), {"node": "1"}).status_code == 403
