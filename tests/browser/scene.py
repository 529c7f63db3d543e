"""A believable scene: weeks of nightly imports by another tool, then a registrar's morning."""

import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from imports.samples import University, write_folder
from sandbox.site import site_key
from tests.browser.office import ADMIN, Office, give_role
from tests.browser.visitor import Visitor
from tests.servers.easel import ROOT
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

CLEAN = sorted((ROOT / "samples" / "clean").glob("*.csv"))
FAULTY = sorted((ROOT / "samples" / "faulty").glob("*.csv"))
NIGHTS = 28
_DAY = 86400
_THIS_MORNING = 5 * 3600
# How many minutes the nightly import takes: mostly as usual, now and then not.
_MINUTES = (9, 10, 11, 12, 13, 14, 16, 18, 38)


def zipped(files: Sequence[Path]) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return package.getvalue()


def play_nights(site: Practice, canvas_data: Path) -> None:
    """One import a night until this morning; some have messages, and one is no ZIP at all and fails.

    The practice Canvas keeps in a file how far it moved the clock of a site; that of this one begins weeks ago.
    """
    behind = (NIGHTS - 1) * _DAY + _THIS_MORNING
    clock = canvas_data / "sites" / site_key(site.token) / "clock"
    clock.parent.mkdir(parents=True)
    clock.write_text(str(-behind), encoding="utf-8")
    site.control("POST", "speed", {"rows_per_second": 400})
    dice = random.Random(3)
    for night in range(NIGHTS):
        lasting = dice.choice(_MINUTES) * 60 + dice.randrange(60)
        content = b"PK, and then nothing" if night == NIGHTS - 2 else zipped(FAULTY if night % 9 == 4 else CLEAN)
        _play_night(site, content, lasting)
        until_next = _THIS_MORNING if night == NIGHTS - 1 else _DAY
        site.control("POST", "clock", {"advance_seconds": until_next - lasting})


def _play_night(site: Practice, content: bytes, lasting: int) -> None:
    number = site.send("nightly.zip", content)["id"]

    def state() -> str:
        return str(site.api("GET", f"accounts/self/sis_imports/{number}")["workflow_state"])

    wait_for(lambda: state() not in {"initializing", "created"}, what="the nightly import to begin")
    site.control("POST", "clock", {"advance_seconds": lasting})
    wait_for(lambda: state().startswith(("imported", "failed")), what="the nightly import to end")


def connect(office: Office, name: str, site: Practice) -> str:
    """The slug of a Canvas account of that name, on which Rhea is registrar."""
    office.easel.manage("add_account", name, "--url", site.url, "--token-stdin", given=site.token)
    slugs: dict[str, str] = dict(office.easel.ask("SELECT name, slug FROM accounts_canvasaccount"))
    olga = office.seat(ADMIN)
    give_role(olga, slugs[name], "rhea", "Registrar")
    olga.context.close()
    return slugs[name]


def send(visitor: Visitor, account: str, files: Sequence[Path], outcome: str) -> str:
    """The path of an import that was followed to this outcome."""
    visitor.send(account, files)
    visitor.see_it(outcome)
    return visitor.path


def all_users(folder: Path) -> Path:
    """A file of 6,400 people."""
    return next(file for file in write_folder(University(6000), folder) if file.name == "users.csv")


def leavers(folder: Path) -> Path:
    """Two of three people of the clean sample, deleted."""
    header, *rows = next(file for file in CLEAN if file.name == "users.csv").read_text(encoding="utf-8").splitlines()
    gone = [row.removesuffix(",active") + ",deleted" for row in rows if row.endswith(",active")]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "leavers.csv"
    file.write_text("\n".join([header, *gone[: len(rows) * 2 // 3]]) + "\n", encoding="utf-8")
    return file


def abort(visitor: Visitor, account: str, file: Path) -> None:
    visitor.send(account, [file])
    visitor.see_it("Importing")
    visitor.follow("Abort")
    visitor.page.get_by_role("button", name="Abort import").click()
    visitor.see_it("Aborted")


def begin(visitor: Visitor, account: str, site: Practice, file: Path) -> str:
    """The path of a large import that is half done and hardly moves any more."""
    visitor.send(account, [file])
    site.control("POST", "speed", {"rows_per_second": 400})
    visitor.see_it("Importing")
    bar = visitor.page.locator("#status progress")
    wait_for(lambda: float(bar.get_attribute("value") or 0) > 40, what="a good part of the import")
    site.control("POST", "speed", {"rows_per_second": 20})
    expect(visitor.page.locator(".figures")).to_contain_text("Rows per second")
    return visitor.path
