"""Descriptions in HTML as plain paragraphs: what Canvas holds was typed by many people and is never shown as HTML."""

from html.parser import HTMLParser

_BREAKS = frozenset(
    "p div br li ul ol dl dt dd tr table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer".split()
)
_SILENT = frozenset("script style template title iframe object noscript".split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = [""]
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BREAKS:
            self.paragraphs.append("\u2022 " if tag == "li" else "")
        elif tag in ("td", "th"):
            self.paragraphs[-1] += " "
        elif tag == "img" and not self._silent:
            self.paragraphs[-1] += next((text for name, text in attrs if name == "alt" and text), "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            self._silent.remove(tag)
        elif tag in _BREAKS:
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.paragraphs[-1] += data


def paragraphs(html: str) -> list[str]:
    """The text of some HTML, a line for each paragraph, item or row; without scripts, tags and empty lines."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(text.split()) for text in reader.paragraphs)
    return [line for line in lines if line and line != "\u2022"]
