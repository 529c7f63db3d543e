"""Who loosens a limit gains nothing by it for themselves, as long as a hold lasts."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import CanvasAccount, User
from accounts.rights import Role
from imports.models import ImportRun, Limit, LimitChange
from imports.phases import Phase
from imports.services import launching
from tests.cast import Seat, person
from tests.imports import desk, leaving
from tests.imports.leaving import held_launch, leavers, sent
from tests.servers.practice import Practice


@pytest.fixture
def founded(canvas_account: CanvasAccount, registrar: User, tmp_path: Path) -> CanvasAccount:
    """An account into which Easel has imported sixty users."""
    return leaving.found(canvas_account, tmp_path, registrar)


def set_limit(seat: Seat, who: User, account: CanvasAccount, most: int) -> None:
    """So many users may go from now on."""
    form = {"kind": "user", "scope": "account", "place": "", "most": most, "unit": "rows", "floor": 0}
    answer = seat(who).post(reverse("imports:limits", args=[account.slug]), form)
    assert answer.status_code == 302


def test_who_loosens_a_limit_is_held_against_the_old_one(
    founded: CanvasAccount, practice: Practice, admin: User, seat: Seat, tmp_path: Path
) -> None:
    set_limit(seat, admin, founded, 50)
    run = held_launch(founded, tmp_path, admin)
    assert "the limit is 5 %. It was changed since by the person who launches this" in run.hold.reasons[0]
    assert sent(practice) == 1


def test_the_old_limit_is_forgotten_when_a_hold_would_be_over(
    founded: CanvasAccount, admin: User, seat: Seat, settings: Settings, tmp_path: Path
) -> None:
    set_limit(seat, admin, founded, 50)
    LimitChange.objects.update(at=timezone.now() - timedelta(hours=settings.HOLD_HOURS))
    assert desk.launch(founded, leavers(tmp_path, 40), by=admin).phase == Phase.QUEUED


def test_the_new_limit_counts_at_once_for_what_others_launch(
    founded: CanvasAccount, admin: User, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    set_limit(seat, admin, founded, 50)
    assert desk.launch(founded, leavers(tmp_path, 40), by=registrar).phase == Phase.QUEUED


def test_files_of_who_loosens_a_limit_are_held_whoever_launches_them(
    founded: CanvasAccount, admin: User, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    set_limit(seat, admin, founded, 50)
    upload = desk.upload(founded, leavers(tmp_path, 40), by=admin)
    run = launching.launch(upload=upload, options={}, by=registrar, via=ImportRun.Via.PAGE)
    desk.work()
    run.refresh_from_db()
    assert run.phase == Phase.HELD


def test_who_removes_a_limit_is_held_against_it_and_others_are_not(
    founded: CanvasAccount, admin: User, seat: Seat, tmp_path: Path
) -> None:
    set_limit(seat, person("Bea", founded, Role.ADMIN), founded, 5)
    seat(admin).post(reverse("imports:limit_remove", args=[founded.slug, Limit.objects.get().pk]))
    assert desk.launch(founded, leavers(tmp_path, 10), by=admin).phase == Phase.HELD
    assert desk.launch(founded, leavers(tmp_path, 10), by=person("Cleo", founded, Role.ADMIN)).phase == Phase.QUEUED


def test_a_held_launch_stays_held_when_the_limit_is_loosened(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    set_limit(seat, admin, founded, 50)
    desk.work()
    run.refresh_from_db()
    assert (run.phase, sent(practice)) == (Phase.HELD, 1)
