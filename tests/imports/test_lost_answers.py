"""A POST whose answer never came: found again by its marker, and never sent twice blindly."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.connections import client_for
from accounts.models import CanvasAccount, User
from imports.models import ImportRun
from imports.phases import Outcome, Phase
from imports.services import finding, holding, launching, sending
from tests.cast import Seat
from tests.imports import desk, files
from tests.servers.practice import Practice

POST = "POST /api/v1/accounts/*/sis_imports"


def break_next_post(practice: Practice, kind: str, **more: object) -> None:
    practice.control("POST", "faults", {"match": POST, "kind": kind, "times": 1, **more})


@pytest.mark.parametrize("kind", ["cut_after", "html", "truncate"])
def test_an_import_whose_answer_was_lost_is_found_and_not_sent_again(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path, kind: str
) -> None:
    break_next_post(practice, kind, **({"status": 502} if kind == "html" else {}))

    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 3)))

    assert run.outcome == Outcome.IMPORTED
    assert [import_["id"] for import_ in practice.sis_imports()] == [run.canvas_id]


@pytest.mark.parametrize("kind", ["cut_before", "cut_during"])
def test_an_import_that_never_reached_canvas_is_sent_again(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path, kind: str
) -> None:
    break_next_post(practice, kind)

    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 3)))

    assert run.outcome == Outcome.IMPORTED
    assert [import_["id"] for import_ in practice.sis_imports()] == [run.canvas_id]


def test_what_a_dead_worker_was_sending_is_found_if_canvas_has_it(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 3))
    desk.work_nothing_but_claim(run)
    sent = practice.send("users.csv", files.users(tmp_path, 3).read_bytes(), diff_row_count_threshold=run.marker)
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())

    desk.work_until_ended(run)

    assert (run.canvas_id, run.outcome) == (sent["id"], Outcome.IMPORTED)
    assert len(practice.sis_imports()) == 1


def test_what_a_dead_worker_had_not_sent_goes_out_once(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 3))
    desk.work_nothing_but_claim(run)
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())

    desk.work_until_ended(run)

    assert run.outcome == Outcome.IMPORTED
    assert [import_["id"] for import_ in practice.sis_imports()] == [run.canvas_id]


def test_an_import_that_shows_up_while_it_waits_to_be_sent_again_is_not_sent_again(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 3))
    sent = practice.send("users.csv", files.users(tmp_path, 3).read_bytes(), diff_row_count_threshold=run.marker)
    in_a_moment = timezone.now() + timedelta(seconds=1)
    ImportRun.objects.filter(pk=run.pk).update(attempts=1, submitted_at=timezone.now(), try_at=in_a_moment)

    desk.work_until_ended(run)
    desk.work_until(lambda: timezone.now() > in_a_moment)

    assert (run.canvas_id, run.outcome) == (sent["id"], Outcome.IMPORTED)
    assert len(practice.sis_imports()) == 1


def test_a_run_that_was_cancelled_when_canvas_had_it_already_shows_what_canvas_does_with_it(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 3))
    assert launching.cancel(run=run, by=None)
    sent = practice.send("users.csv", files.users(tmp_path, 3).read_bytes(), diff_row_count_threshold=run.marker)

    desk.work_until(lambda: canvas_account.runs.filter(outcome=Outcome.IMPORTED).exists(), "the import's end")

    run.refresh_from_db()
    assert (run.canvas_id, canvas_account.runs.count()) == (sent["id"], 1)
    assert "too late" in run.problem


def test_who_looks_for_a_run_too_long_does_not_send_it_again(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    """Another worker has looked meanwhile, sent it again, and does not know what became of that, either."""
    run = desk.launch(canvas_account, files.users(tmp_path, 3))
    desk.work_nothing_but_claim(run)
    client = client_for(canvas_account)
    long_ago = timezone.now() - timedelta(hours=1)
    unsure = {"phase": Phase.UNSURE, "try_at": long_ago, "lease_until": None}
    ImportRun.objects.filter(pk=run.pk).update(unsure_since=long_ago, **unsure)
    assert finding.claim_unsure(run=run)
    slow = ImportRun.objects.get(pk=run.pk)
    ImportRun.objects.filter(pk=run.pk).update(unsure_since=timezone.now(), **unsure)
    assert finding.claim_unsure(run=run)

    finding.find(run=slow, canvas=client)

    run.refresh_from_db()
    assert run.phase == Phase.UNSURE


def test_without_a_marker_of_ours_the_files_tell(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    """A limit in rows that the person set takes the marker's place."""
    break_next_post(practice, "cut_after")
    options = {"diffing_data_set_identifier": "nightly", "diff_row_count_threshold": "50"}

    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 3), options=options))

    assert (run.marker, run.outcome) == (None, Outcome.IMPORTED)
    assert [import_["id"] for import_ in practice.sis_imports()] == [run.canvas_id]


def test_two_workers_do_not_send_the_same_run(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 1))
    desk.work_nothing_but_claim(run)

    assert sending.claim_next(canvas_account=canvas_account) is None


def test_a_form_sent_twice_launches_once(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    given = desk.upload(canvas_account, files.users(tmp_path, 1))

    runs = [
        launching.launch(upload=given, options={}, by=None, via=ImportRun.Via.PAGE, once_key="form-1") for _ in "ab"
    ]

    assert runs[0].pk == runs[1].pk


def test_a_refusal_by_canvas_ends_the_run_with_canvas_own_words(
    canvas_account: CanvasAccount, practice: Practice, admin: User, tmp_path: Path
) -> None:
    run = desk.launch(
        canvas_account, files.users(tmp_path, 1), options={"batch_mode": "1", "batch_mode_term_id": "424242"}
    )
    holding.approve(run=run, by=admin, reason="Easel does not know the term, nor does Canvas.")

    desk.work_until_ended(run)

    assert (run.phase, run.outcome) == (Phase.FINISHED, Outcome.REFUSED)
    assert run.problem
    assert practice.sis_imports() == []


def test_a_token_that_has_expired_asks_a_person_and_loses_nothing(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    break_next_post(practice, "expired")
    run = desk.launch(canvas_account, files.users(tmp_path, 1))

    desk.work_until(lambda: ImportRun.objects.get(pk=run.pk).phase == Phase.ASKED, "a question")
    run.refresh_from_db()
    assert "expired" in run.problem.lower()
    assert launching.send_again(run=run, by=None)
    desk.work_until_ended(run)

    assert run.outcome == Outcome.IMPORTED


def test_when_no_sign_tells_a_person_is_asked_and_may_point_at_the_import(
    canvas_account: CanvasAccount, practice: Practice, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    """Two imports of the same files by the same token, neither marked: nobody can tell which one is ours."""
    options = {"diffing_data_set_identifier": "nightly", "diff_row_count_threshold": "50"}
    run = desk.launch(canvas_account, files.users(tmp_path, 3), by=registrar, options=options)
    desk.work_nothing_but_claim(run)
    sent = [practice.send("users.csv", files.users(tmp_path, 3).read_bytes()) for _ in "ab"]
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())
    desk.work_until(lambda: ImportRun.objects.get(pk=run.pk).phase == Phase.ASKED, "a question")

    seat(registrar).post(f"/c/{canvas_account.slug}/imports/{run.pk}/recognise/", {"canvas_id": sent[0]["id"]})
    desk.work_until_ended(run)

    assert (run.canvas_id, run.outcome) == (sent[0]["id"], Outcome.IMPORTED)
    assert len(practice.sis_imports()) == 2
