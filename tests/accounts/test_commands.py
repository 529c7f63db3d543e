"""The command line: adding an account, and changing keys."""

import io
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.connections import client_for
from accounts.models import AuditLine, CanvasAccount, Credential
from tests.servers.practice import Practice, PracticeServer


def add_account(monkeypatch: pytest.MonkeyPatch, token: str, *arguments: str) -> str:
    """As typed at the prompt with the token piped in; what it prints."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{token}\n"))
    said = io.StringIO()
    call_command("add_account", *arguments, "--token-stdin", stdout=said, stderr=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_token_that_works_is_kept_and_in_use(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    said = add_account(monkeypatch, practice.token, "Main", "--url", practice.url)
    assert practice.api("GET", "accounts/self")["name"] in said
    with client_for(CanvasAccount.objects.get(name="Main")) as canvas:
        assert canvas.account().id == 1


@pytest.mark.django_db
def test_the_token_is_not_printed(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert practice.token not in add_account(monkeypatch, practice.token, "Main", "--url", practice.url)


@pytest.mark.django_db
def test_a_token_that_may_not_import_is_kept_with_a_warning(
    quick_canvas: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = quick_canvas.site("readonly")
    assert "may not import" in add_account(monkeypatch, site.token, "Main", "--url", site.url)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["nonsense", "practice-expired-x"])
def test_nothing_is_saved_when_canvas_refuses_the_token(
    token: str, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="Nothing is saved") as raised:
        add_account(monkeypatch, token, "Main", "--url", practice.url)
    assert raised.value.returncode == 1
    assert not CanvasAccount.objects.exists()
    assert not AuditLine.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments, token, complaint",
    [
        (("Main", "--url", "http://canvas.example.edu"), "token", "https only"),
        (("Main", "--url", "canvas.example.edu"), "", "Access token"),
        (("", "--url", "canvas.example.edu"), "token", "Name"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_code_2(
    arguments: tuple[str, ...], token: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=complaint) as raised:
        add_account(monkeypatch, token, *arguments)
    assert raised.value.returncode == 2
    assert "\n" not in str(raised.value)


def test_a_name_that_is_taken_is_refused(
    canvas_account: CanvasAccount, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="of that name"):
        add_account(monkeypatch, practice.token, canvas_account.name, "--url", practice.url)


def test_without_saying_where_the_token_comes_from_the_command_ends_with_2() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "add_account", "Main", "--url", "canvas.example.edu"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "--token-stdin" in ended.stderr


def test_after_a_change_of_keys_the_newest_key_alone_opens_every_token(
    canvas_account: CanvasAccount, practice: Practice, settings: Settings
) -> None:
    newest = Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [newest, *settings.CREDENTIAL_KEYS]
    call_command("rotate_keys", stdout=io.StringIO())
    settings.CREDENTIAL_KEYS = [newest]
    with client_for(canvas_account) as canvas:
        assert canvas.account().id == 1


def test_without_the_old_key_a_change_of_keys_changes_nothing(
    canvas_account: CanvasAccount, settings: Settings
) -> None:
    before = bytes(Credential.objects.get().sealed_token)
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="Nothing is changed"):
        call_command("rotate_keys")
    assert bytes(Credential.objects.get().sealed_token) == before
    assert not AuditLine.objects.exists()
