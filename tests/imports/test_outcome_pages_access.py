"""Who gets which page of imports of outcomes: designers are in charge of them, registrars are not."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.models import ImportRun, OutcomeTree, Upload
from imports.services import outcome_trees
from tests.cast import Seat
from tests.imports import desk, files, outcomes, rows

EXPORTS = {"export", "export_state", "export_csv"}
PREVIEWS = {"preview", "branch", "preview_csv"}
LAUNCHING = {"upload", "upload_state", "check", "forecast", "abort"}
READING = {"detail", "status", "messages", "messages_csv", "uploaded_file", "lines"}
ADMINS = {"hold", "restore"}
REFUSED_TO = {
    "viewer": EXPORTS | PREVIEWS | LAUNCHING | ADMINS,
    "registrar": EXPORTS | PREVIEWS | LAUNCHING | ADMINS,
    "designer": ADMINS,
    "admin": set[str](),
}


@pytest.fixture
def addresses(canvas_account: CanvasAccount, designer: User, seat: Seat, tmp_path: Path) -> dict[str, str]:
    given = desk.upload(canvas_account, files.write(tmp_path / "outcomes.csv", outcomes.SMALL), by=designer)
    seat(designer).get(given.get_absolute_url())
    desk.make_forecasts()
    tree = outcome_trees.ask(canvas_account=canvas_account, context="account:self")
    run = rows.run(canvas_account, canvas_id=1, kind=ImportRun.Kind.OUTCOME, upload=given, options={})
    return _addresses(given, tree, run)


def _addresses(given: Upload, tree: OutcomeTree, run: ImportRun) -> dict[str, str]:
    slug, made = given.canvas_account.slug, given.forecasts.get()
    values: dict[str, list[object]] = {"export": [], "export_state": [tree.pk], "export_csv": [tree.pk]}
    values |= {name: [given.pk, made.pk] for name in PREVIEWS}
    values |= {name: [given.pk] for name in ("upload", "upload_state", "check", "forecast", "lines")}
    values |= {name: [run.pk] for name in ("detail", "status", "messages", "messages_csv", "abort", *ADMINS)}
    values["uploaded_file"] = [given.pk, given.files.get().pk]
    return {name: reverse(f"imports:{name}", args=[slug, *further]) for name, further in values.items()}


def refused(browser: Client, addresses: dict[str, str], status: int) -> set[str]:
    found = set()
    for name, address in addresses.items():
        answer: Any = browser.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)  # read to its end, which closes the file
        if answer.status_code == status:
            found.add(name)
    return found


def test_a_stranger_finds_nothing_anywhere(addresses: dict[str, str], stranger: User, seat: Seat) -> None:
    assert refused(seat(stranger), addresses, 404) == set(addresses)


@pytest.mark.parametrize("role", list(REFUSED_TO))
def test_a_role_is_refused_what_it_does_not_carry(
    role: str, addresses: dict[str, str], seat: Seat, request: pytest.FixtureRequest
) -> None:
    assert set(addresses) == EXPORTS | PREVIEWS | LAUNCHING | READING | ADMINS
    assert refused(seat(request.getfixturevalue(role)), addresses, 403) == REFUSED_TO[role]


def test_a_designer_who_gives_sis_files_is_told_what_the_role_is_for(
    canvas_account: CanvasAccount, designer: User, seat: Seat
) -> None:
    answer = seat(designer).get(rows.upload(canvas_account, users=1).get_absolute_url())
    assert answer.status_code == 403
    assert "This is not a file of outcomes" in answer.content.decode()


@pytest.mark.parametrize("role, told", [("designer", "a file of outcomes"), ("registrar", "SIS files")])
def test_the_page_for_new_imports_asks_for_what_the_role_may_send(
    role: str, told: str, canvas_account: CanvasAccount, seat: Seat, request: pytest.FixtureRequest
) -> None:
    html = seat(request.getfixturevalue(role)).get(reverse("imports:new", args=[canvas_account.slug])).content.decode()
    other = {"a file of outcomes": "SIS files", "SIS files": "a file of outcomes"}[told]
    assert f"Drop {told}" in html
    assert f"Drop {other}" not in html


def test_groups_that_an_import_made_open_in_the_tree_for_whoever_may_read_it(
    canvas_account: CanvasAccount, designer: User, registrar: User, seat: Seat
) -> None:
    made = [{"id": 49, "title": "Laboratory work"}, {"id": 50, "title": ""}]
    options = {"context": "course:7"}
    run = rows.run(canvas_account, canvas_id=1, kind=ImportRun.Kind.OUTCOME, made=made, options=options)
    tree = reverse("outcomes:tree", args=[canvas_account.slug, "course-7"])
    shown = seat(designer).get(run.get_absolute_url()).content.decode()
    assert f'href="{tree}?group=49"' in shown
    assert f'href="{tree}?group=50"' not in shown
    assert tree not in seat(registrar).get(run.get_absolute_url()).content.decode()
