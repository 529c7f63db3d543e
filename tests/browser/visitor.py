"""Somebody at a browser window: what they do on Easel's pages, and what the browser complains about meanwhile."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, WebError, expect

from tests.servers.processes import wait_for

# Seconds. Generous: on an idle machine, what is waited for comes within a second or two.
PATIENCE = 30.0

# What a browser hands to a page when files are let go over it.
_CARRIED = """(files) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name, { type: "text/csv" }));
  return carried;
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus. Fails when all of the page has been passed without it."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


class Visitor:
    """One window with cookies of its own. `address` is where Easel's pages are, without a slash at the end."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", self._hear)
        context.on("weberror", self._note)
        context.on("request", self._watch)
        self.context = context
        self.address = address
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._refusals: set[str] = set()

    def _hear(self, message: ConsoleMessage) -> None:
        """Breaches of the content security policy and files that are not there end up here, too."""
        if message.type == "error" and message.location["url"] not in self._refusals:
            self.complaints.append(f"{self.page.url}: {message.text} {message.location['url']}")

    def _note(self, error: WebError) -> None:
        self.complaints.append(f"{self.page.url}: {error.error}")

    def _watch(self, request: Request) -> None:
        """Pages need nothing that does not come from Easel itself."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"{self.page.url} asks for {request.url}")

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to a page; `status` is what it is expected to answer with."""
        if status != 200:
            self._refusals.add(self.address + path)
        answer = self.page.goto(self.address + path)
        assert answer
        assert answer.status == status, f"{path} answers {answer.status}"

    @property
    def path(self) -> str:
        """Where the visitor is, without the address of Easel."""
        return self.page.url.removeprefix(self.address)

    def press(self, name: str) -> None:
        """Click the button of exactly that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Click the first link of exactly that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, **fields: str) -> None:
        """Type into the fields of these names."""
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").fill(value)

    def sign_in(self, name: str, password: str) -> None:
        self.open("/login/")
        self.fill(username=name, password=password)
        self.press("Sign in")
        expect(self.page.get_by_role("heading", name="Overview")).to_be_visible()

    # --- An import, from files to its end

    def drop(self, account: str, files: Sequence[Path]) -> None:
        """Let files go over the page for new imports, as from a file manager."""
        self.open(f"/c/{account}/imports/new/")
        texts = [(file.name, file.read_text(encoding="utf-8")) for file in files]
        carried = self.page.evaluate_handle(_CARRIED, texts)
        self.page.locator("[data-drop-zone]").dispatch_event("drop", {"dataTransfer": carried})

    def choose(self, account: str, files: Sequence[Path]) -> None:
        """Choose files on the page for new imports; a page with scripts sends them at once."""
        self.open(f"/c/{account}/imports/new/")
        self.page.locator("input[type=file]").set_input_files(files)

    def prepare(self, account: str, files: Sequence[Path]) -> None:
        """Choose files, and wait until they have been looked into and can be launched."""
        self.choose(account, files)
        expect(self.page.locator(".launch-bar")).to_be_visible()

    def launch(self) -> None:
        """Press the button under the options; the page of the import follows."""
        self.page.locator(".launch-bar button").click()

    def send(self, account: str, files: Sequence[Path]) -> None:
        """A whole import without options, up to its page."""
        self.prepare(account, files)
        self.launch()
        expect(self.badge).to_be_visible()

    @property
    def badge(self) -> Locator:
        """The state in the heading of an import's page."""
        return self.page.locator("h1 .badge-state")

    def see_it(self, state: str) -> None:
        """Wait, without doing anything, until the page of an import shows that state."""
        expect(self.badge).to_have_text(state)

    def reload_until(self, condition: Callable[[], bool], what: str) -> None:
        """Load the page again and again until the condition holds."""

        def holds() -> bool:
            self.page.reload()
            return condition()

        wait_for(holds, seconds=PATIENCE, what=what)

    @property
    def stays(self) -> bool:
        """Whether the page is the one that `remember` was called on, never loaded again since."""
        return bool(self.page.evaluate("window.remembered"))

    def remember(self) -> None:
        self.page.evaluate("window.remembered = true")

    def line_of(self, number: int) -> Locator:
        """The line of an import in the history, by Canvas's number."""
        return self.page.locator("#runs tr").filter(has=self.page.get_by_text(f"Import {number}", exact=True))

    def lines(self, heading: str) -> Locator:
        """The lines of the table below a heading."""
        titled = self.page.get_by_role("heading", name=heading, exact=True)
        return self.page.locator(".panel").filter(has=titled).locator("tbody tr")

    def figures(self, heading: str) -> dict[str, list[str]]:
        """What the table below a heading says now: the other cells of each line, by its first cell."""
        lines = [line.locator("th, td").all_inner_texts() for line in self.lines(heading).all()]
        return {first: rest for first, *rest in lines}
