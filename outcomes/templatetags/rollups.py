"""Cells of the grid as HTML: a thousand of them are on a page, too many for a template's loop."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from outcomes.selectors.grid import Cell, Row

register = template.Library()


@register.simple_tag
def cells(row: Row) -> SafeString:
    """The cells of a student; addresses are relative to the page of the course."""
    student = f"/students/{row.student.id}/"
    pieces = []
    for outcome_id, cell in row.cells:
        before, after = _around(cell)
        pieces.append(f"{before}outcomes/{outcome_id}{student}{after}" if after else before)
    return mark_safe("".join(pieces))  # noqa: S308  # numbers between pieces that `format_html` made


@lru_cache(maxsize=8192)
def _around(cell: Cell) -> tuple[str, str]:
    """What comes before and after the address; a cell without a result has none."""
    if cell.kind == "none":
        html = '<td class="cell none"><span title="{}"><span aria-hidden="true">{}</span>{}</span></td>'
        return format_html(html, cell.told, cell.text, _heard(cell.told)), ""
    mastery = " mastery" if cell.is_mastery else ""
    before = format_html('<td class="cell {}{}">{}<a href="', cell.kind, mastery, tint(cell))
    return before, format_html('" title="{0}" aria-label="{0}">{1}</a></td>', cell.told, cell.text)


@register.simple_tag
def tint(cell: Cell) -> SafeString | str:
    """The colour of a level behind a cell, and at its left a mark that stands the higher, the higher the level."""
    if not cell.color:
        return ""
    return format_html(
        '<svg class="tint" aria-hidden="true"><rect class="wash" width="100%" height="100%" fill="#{0}"/>'
        '<rect width="5" height="{1}%" fill="#{0}"/></svg>',
        cell.color,
        cell.rise,
    )


def _heard(text: str) -> SafeString:
    return format_html('<span class="visually-hidden">{}</span>', text)
