"""`python -m tests.browser.screenshots`: writes docs/images/*.png, pictures of Easel's real pages in a played scene."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser import scene
from tests.browser.office import ADMIN, Office, chromium_browser
from tests.browser.visitor import PATIENCE, Visitor
from tests.servers.easel import ROOT, Easel
from tests.servers.needs import needs
from tests.servers.practice import Practice, practice_server

IMAGES = ROOT / "docs" / "images"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@contextmanager
def installation(folder: Path) -> Iterator[tuple[Office, Practice]]:
    """Easel with its people, and a site of a practice Canvas with a past."""
    expect.set_options(timeout=PATIENCE * 1000)
    with (
        practice_server("--data", str(folder / "canvas")) as canvas,
        Easel(folder, settings={}, workers=[("manage.py", "worker")]) as easel,
        chromium_browser(needs("chromium")) as browser,
    ):
        site = Practice(canvas.url, "practice-pictures")
        scene.play_nights(site, folder / "canvas")
        office = Office(easel, browser)
        office.welcome("rhea", "Rhea", "Registrar")
        yield office, site


def take(visitor: Visitor, name: str) -> None:
    """What is in the window now, as docs/images/<name>.png."""
    visitor.page.mouse.move(0, 0)
    path = IMAGES / f"{name}.png"
    visitor.page.screenshot(path=path, animations="disabled", caret="hide")
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")  # noqa: T201  # a command speaks to the terminal


def take_both(office: Office, person: str, path: str, name: str) -> None:
    """The same page in light and in dark."""
    for scheme in ("light", "dark"):
        visitor = office.seat(person, color_scheme=scheme)
        visitor.open(path)
        take(visitor, f"{name}-{scheme}")
        visitor.context.close()


def photograph(office: Office, site: Practice, folder: Path) -> None:
    university = scene.connect(office, "Example University", site)
    rehearsal = scene.connect(office, "Rehearsal", Practice(site.url, "practice-rehearsal"))
    term_start = scene.term_start(folder)
    rhea, olga = office.seat("rhea"), office.seat(ADMIN)
    scene.send(rhea, rehearsal, scene.CLEAN, "Imported")
    site.control("POST", "speed", {"rows_per_second": 100})
    scene.abort(rhea, university, term_start)
    restorable = scene.send(rhea, university, scene.CLEAN, "Imported")
    faulty = scene.send(rhea, university, scene.FAULTY, "Imported with messages")

    rhea.prepare(university, scene.CLEAN)
    take(rhea, "new-import")
    rhea.open(faulty)
    rhea.page.locator("#messages table").scroll_into_view_if_needed()
    take(rhea, "messages")
    olga.open(f"{restorable}restore/")
    take(olga, "restore")

    running = scene.begin(rhea, university, site, term_start)
    site.send("grades-office.csv", scene.CLEAN[-1].read_bytes())
    take_both(office, "rhea", running, "running")
    take_both(office, ADMIN, "/", "overview")
    rhea.open(f"/c/{university}/imports/")
    take(rhea, "history")
    phone = office.seat("rhea", **PHONE)
    phone.open(running)
    take(phone, "phone")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="easel-pictures-") as name, installation(Path(name)) as (office, site):
        photograph(office, site, Path(name) / "files")


if __name__ == "__main__":
    main()
