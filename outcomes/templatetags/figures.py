"""How figures look: bars of levels, shares, differences. Presentation only."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from outcomes.programs.charts import WIDTH, Piece
from outcomes.rollups.rounding import rounded

register = template.Library()

NOTHING = "-"
MINUS = "\u2212"


@register.simple_tag
def level_bar(pieces: Sequence[Piece]) -> SafeString | str:
    """A distribution as one bar; what it shows is said to screen readers and on hover."""
    if not pieces:
        return ""
    parts = ((piece.x, piece.width, f"#{piece.color}", piece.name, piece.count) for piece in pieces)
    drawn = format_html_join(
        "", '<rect x="{}" y="0" width="{}" height="12" fill="{}"><title>{}: {}</title></rect>', parts
    )
    words = ", ".join(f"{piece.name} {piece.count}" for piece in pieces)
    shape = '<svg class="level-bar" viewBox="0 0 {} 12" role="img" aria-label="{}" preserveAspectRatio="none">{}</svg>'
    return format_html(shape, int(WIDTH), words, drawn)


@register.filter
def share(value: float | None) -> str:
    """0 to 1 as a percentage."""
    return NOTHING if value is None else f"{rounded(100 * value, 1):.1f} %"


@register.filter
def points(value: float | None) -> str:
    """A mean or a median: no more than two decimals."""
    return NOTHING if value is None else f"{rounded(value):.2f}"


@register.filter
def difference(value: float | None) -> str:
    """With its sign; whole numbers as such."""
    if value is None:
        return NOTHING
    size = f"{abs(value):,}" if isinstance(value, int) else f"{rounded(abs(value)):.2f}"
    if not float(size.replace(",", "")):
        return "0"
    return f"{'+' if value > 0 else MINUS}{size}"


@register.simple_tag(takes_context=True)
def sorted_by(context: template.Context, column: str) -> str:
    """The value of `sort` that a click on the head of this column asks for."""
    asked = context["asked"]
    down_first = column not in {"outcome", "group"}
    if asked.order != column:
        return f"-{column}" if down_first else column
    return column if asked.descending else f"-{column}"


@register.simple_tag(takes_context=True)
def sort_state(context: template.Context, column: str) -> str:
    """For aria-sort."""
    asked = context["asked"]
    if asked.order != column:
        return "none"
    return "descending" if asked.descending else "ascending"


@register.filter
def moment(text: str) -> datetime | None:
    """A time as figures keep it, in ISO 8601."""
    return datetime.fromisoformat(text) if text else None
