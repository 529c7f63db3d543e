"""Somebody at a browser window: what they do on Easel's pages, and what the browser complains about meanwhile."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, WebError, expect

from tests.servers.processes import wait_for

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Generous: what is waited for comes within a second or two on an idle machine.
PATIENCE = 60.0

# Builds what the browser hands to a page when files are let go over it.
_DROP = """(files) => {
  const held = new DataTransfer();
  for (const [name, text] of files) held.items.add(new File([text], name, { type: "text/csv" }));
  return held;
}"""


class Visitor:
    """One window with cookies of its own."""

    def __init__(self, context: BrowserContext) -> None:
        context.set_default_timeout(PATIENCE * 1000)
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._refusals: set[str] = set()
        context.on("console", self._hear)
        context.on("weberror", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors of scripts, breaches of the content security policy and files that are not there all end up here."""
        if message.type == "error" and message.location["url"] not in self._refusals:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _note(self, error: WebError) -> None:
        self.complaints.append(f"{self.page.url}: {error.error}")

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to a page that answers with this status."""
        address = str(self.context._options["baseURL"]) + path if path.startswith("/") else path
        if status != 200:
            self._refusals.add(address)
        answer = self.page.goto(address)
        assert answer
        assert answer.status == status, f"{path}: {answer.status}"

    def press(self, name: str) -> None:
        """Click the button of that name."""
        self.page.get_by_role("button", name=name).click()
