"""`python -m tests.browser.screenshots`: writes docs/images/*.png, pictures of Easel's real pages in a played scene."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import FloatRect, expect

from tests.browser import outcome_scene, scene
from tests.browser.office import ADMIN, Office, chromium_browser
from tests.browser.visitor import PATIENCE, Visitor
from tests.servers.easel import ROOT, Easel
from tests.servers.needs import needs
from tests.servers.practice import Practice, practice_server

IMAGES = ROOT / "docs" / "images"
WINDOW: dict[str, Any] = {"viewport": {"width": 1280, "height": 750}, "locale": "en-GB"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}


@contextmanager
def installation(folder: Path) -> Iterator[tuple[Office, Practice]]:
    """Easel with its people, and a site of a practice Canvas with a past."""
    expect.set_options(timeout=PATIENCE * 1000)
    with (
        practice_server("--data", str(folder / "canvas")) as canvas,
        Easel(folder, settings={"PRACTICE_URL": canvas.url}, workers=[("manage.py", "worker")]) as easel,
        chromium_browser(needs("chromium")) as browser,
    ):
        site = Practice(canvas.url, "practice-pictures")
        scene.play_nights(site, folder / "canvas")
        office = Office(easel, browser)
        office.welcome("rhea", "Rhea", "Registrar")
        yield office, site


def take(visitor: Visitor, name: str) -> None:
    """What is in the window now, as docs/images/<name>.png; a page that ends sooner gives a lower picture."""
    expect(visitor.page.locator("[hx-trigger^=load] > .needs-no-js")).to_have_count(0)
    window, end = visitor.page.viewport_size, visitor.page.locator("footer").bounding_box()
    assert window
    assert end
    height = min(window["height"], end["y"] + end["height"])
    size: FloatRect = {"x": 0, "y": 0, "width": window["width"], "height": height}
    path = IMAGES / f"{name}.png"
    visitor.page.mouse.move(0, 0)
    visitor.page.screenshot(path=path, clip=size, animations="disabled", caret="hide")
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")  # noqa: T201  # a command speaks to the terminal


def take_both(office: Office, person: str, path: str, name: str) -> None:
    """The same page in light and in dark."""
    for scheme in ("light", "dark"):
        visitor = office.seat(person, color_scheme=scheme, **WINDOW)
        visitor.open(path)
        take(visitor, f"{name}-{scheme}")
        visitor.context.close()


def take_from(visitor: Visitor, name: str, place: str) -> None:
    """The window scrolled to this place of the page."""
    visitor.page.locator(place).evaluate("element => element.scrollIntoView({ behavior: 'instant' })")
    path = IMAGES / f"{name}.png"
    visitor.page.mouse.move(0, 0)
    visitor.page.screenshot(path=path, animations="disabled", caret="hide")
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")  # noqa: T201  # a command speaks to the terminal


def photograph(office: Office, site: Practice, folder: Path) -> None:
    university = scene.connect(office, "Example University", site)
    rehearsal = scene.connect(office, "Rehearsal", Practice(site.url, "practice-rehearsal"))
    users = scene.all_users(folder)
    rhea, olga = office.seat("rhea", **WINDOW), office.seat(ADMIN, **WINDOW)
    scene.send(rhea, rehearsal, scene.CLEAN, "Imported")
    photograph_looks_ahead(office, rehearsal, folder)
    site.control("POST", "speed", {"rows_per_second": 100})
    scene.abort(rhea, university, users)
    restorable = scene.send(rhea, university, scene.CLEAN, "Imported")
    faulty = scene.send(rhea, university, scene.FAULTY, "Imported with messages")

    rhea.prepare(university, scene.CLEAN)
    take(rhea, "new-import")
    rhea.open(f"{faulty}messages/")
    take(rhea, "messages")
    olga.open(f"{restorable}restore/")
    take(olga, "restore")

    running = scene.begin(rhea, university, site, users)
    site.send("grades-office.csv", scene.CLEAN[-1].read_bytes())
    take_both(office, "rhea", running, "running")
    take_both(office, ADMIN, "/", "overview")
    rhea.open(f"/c/{university}/imports/")
    take(rhea, "history")
    phone = office.seat("rhea", **PHONE)
    phone.open(running)
    take(phone, "phone")


def photograph_looks_ahead(office: Office, account: str, folder: Path) -> None:
    """What is seen before anything is sent: findings, forecast and rehearsal, and a launch that waits for approval."""
    rhea, olga = office.seat("rhea", **WINDOW), office.seat(ADMIN, **WINDOW)
    rhea.prepare(account, scene.FAULTY)
    expect(rhea.page.locator("#check details.finding").first).to_be_visible()
    expect(rhea.page.locator("#check")).to_contain_text("Cleaned files")
    take_from(rhea, "check", "#check")
    rhea.press("Rehearse")
    expect(rhea.page.locator("#rehearsal")).to_contain_text("differ from the forecast")
    take_from(rhea, "forecast", "#forecast")
    take_from(rhea, "rehearsal", "#rehearsal")
    held = scene.send(rhea, account, [scene.leavers(folder)], "Held")
    olga.open(f"{held}hold/")
    take(olga, "hold")
    rhea.context.close()
    olga.context.close()


def photograph_outcomes(office: Office, site: Practice) -> None:
    """What a designer sees, over a seeded university."""
    site.control("POST", "seed", outcome_scene.SCHOOL)
    college = scene.connect(office, "Example College", site)
    olga, dark = office.seat(ADMIN, **WINDOW), office.seat(ADMIN, color_scheme="dark", **WINDOW)
    outcome_scene.open_tree(olga, college)
    take(olga, "outcome-tree")
    outcome_scene.open_grid(olga, college)
    take(olga, "grid")
    dark.open(olga.path)
    take(dark, "grid-dark")
    outcome_scene.preview(olga, college)
    take_from(olga, "outcome-preview", "#preview")
    program = outcome_scene.make_program(olga, college)
    take_from(olga, "program", "#figures")
    outcome_scene.compare(olga, program, site)
    take(olga, "snapshot-compare")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="easel-pictures-") as name, installation(Path(name)) as (office, site):
        photograph(office, site, Path(name) / "files")
        photograph_outcomes(office, Practice(site.url, "practice-college"))


if __name__ == "__main__":
    main()
