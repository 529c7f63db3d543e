"""The grid as somebody sees it: what stands in its header and its cells."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from imports.models import Course


def address(course: Course, name: str = "rollups", *rest: int) -> str:
    return reverse(f"outcomes:{name}", args=[course.canvas_account.slug, course.canvas_id, *rest])


def html_of(browser: Client, course: Course, **query: str | int) -> str:
    answer = browser.get(address(course), query)
    assert answer.status_code == 200
    return answer.content.decode()


def texts(html: str) -> str:
    """What is left without tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def students_in(html: str) -> list[str]:
    """Family names, from the top down."""
    body = html.rpartition("<tbody")[2]
    return [texts(head).partition(",")[0] for head in re.findall(r'<th scope="row">(.*?)</th>', body, re.DOTALL)]


def outcomes_in(html: str) -> list[str]:
    return [texts(name) for name in re.findall(r'<a class="name".*?</a>', html, re.DOTALL)]


def rows_in(html: str) -> list[list[str]]:
    """The cells of each student, as a screen reader says them."""
    body = html.rpartition("<tbody")[2]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [[_said(cell) for cell in re.findall(r"<td.*?</td>", line, re.DOTALL)] for line in lines]


def _said(cell: str) -> str:
    label = re.search(r'aria-label="([^"]*)"', cell)
    return unescape(label[1]) if label else texts(re.sub(r"<span aria-hidden.*?</span>", "", cell))


def figures_in(html: str) -> list[list[str]]:
    """The lines of figures above the students, cell by cell."""
    part = html.partition('class="figures-rows"')[2].partition("</tbody>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
    return [[texts(cell) for cell in re.findall(r"<td.*?</td>", line, re.DOTALL)] for line in lines]
