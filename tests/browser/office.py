"""Easel's real processes, a browser before them, and the people who use both."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.visitor import Visitor
from tests.servers.easel import PASSWORD, Easel
from tests.servers.practice import Practice

ADMIN = "olga"
# Nothing that Chromium would do on its own: every request is a page's.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium_browser(program: Path) -> Iterator[Browser]:
    """A running Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Office:
    """One installation with Olga, who runs it, and whom she lets in."""

    def __init__(self, easel: Easel, browser: Browser) -> None:
        self.easel = easel
        self._browser = browser
        self._signed_in: dict[str, Any] = {}
        easel.add_superuser()

    def visitor(self, **window: Any) -> Visitor:
        """A new window at which nobody has signed in; `window` as playwright's `Browser.new_context`."""
        settings = {"viewport": {"width": 1280, "height": 900}} | window
        return Visitor(self._browser.new_context(**settings), self.easel.address)

    def seat(self, name: str, **window: Any) -> Visitor:
        """A new window at which this person has signed in, by the pages the first time and by their cookies later."""
        if name not in self._signed_in:
            first = self.visitor()
            first.sign_in(name, PASSWORD)
            self._signed_in[name] = first.context.storage_state()
            first.context.close()
        return self.visitor(storage_state=self._signed_in[name], **window)

    def welcome(self, name: str, first_name: str, last_name: str) -> None:
        """Olga adds a person, who sets a password by the link they are handed."""
        olga = self.seat(ADMIN)
        olga.open("/settings/people/add/")
        olga.fill(username=name, first_name=first_name, last_name=last_name, email=f"{name}@example.edu")
        olga.press("Add")
        olga.press("Make a link to set a password")
        link = olga.page.locator(".notice .code").inner_text()
        olga.context.close()
        newcomer = self.visitor()
        newcomer.page.goto(link)
        newcomer.fill(new_password1=PASSWORD, new_password2=PASSWORD)
        newcomer.page.locator("button[type=submit]").click()
        expect(newcomer.page).not_to_have_url(link)
        newcomer.context.close()

    def connect(self, practice: Practice, roles: Mapping[str, str]) -> str:
        """The slug of a new Canvas account for a practice site, with these roles by people's names."""
        account = self.easel.add_account(practice)
        olga = self.seat(ADMIN)
        for name, role in roles.items():
            give_role(olga, account, name, role)
        olga.context.close()
        return account


def give_role(admin: Visitor, account: str, name: str, role: str) -> None:
    admin.open(f"/settings/accounts/{account}/")
    admin.page.get_by_label("User name").fill(name)
    admin.page.get_by_label("Role", exact=True).select_option(role)
    admin.press("Give role")
    expect(admin.page.get_by_role("region", name="People")).to_contain_text(name)
