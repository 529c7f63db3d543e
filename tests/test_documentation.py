"""The documentation leads where it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "samples" / "README.md"]
LARGEST_PICTURE = 300_000


def text_of(page: Path) -> str:
    """Without what is in fences, where a bracket is no link."""
    return re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", text_of(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not path.startswith("http") and not (target.exists() and (not anchor or anchor in anchors(target))):
            broken.append(link)
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)\)", text_of(ROOT / "README.md")))
    assert {str(page.relative_to(ROOT)) for page in PAGES if page.parent.name == "docs"} == linked


def test_every_picture_is_shown_and_small() -> None:
    shown = set(re.findall(r"images/([\w-]+\.png)", "".join(text_of(page) for page in PAGES)))
    pictures = {picture.name: picture.stat().st_size for picture in (ROOT / "docs" / "images").iterdir()}
    assert set(pictures) == shown
    assert max(pictures.values()) < LARGEST_PICTURE
