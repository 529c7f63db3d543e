"""How things look: states, times, sizes, icons, form fields. Presentation only; a builtin of every template."""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from imports.options import BY_NAME

register = template.Library()

ICONS = "vendor/bootstrap-icons-1.13.2/icons.svg"
NOTHING = "-"
_BACKTICKED = re.compile(r"`([^`]*)`")


class Look(NamedTuple):
    """How a state looks. `tone` is a class `tone-...` of easel.css, `icon` a symbol of the sprite."""

    tone: str
    icon: str


WAITS = Look("grey", "hourglass-split")
WORKS = Look("blue", "arrow-repeat")
FINE = Look("green", "check-circle-fill")
MESSAGES = Look("amber", "exclamation-triangle-fill")
FAILED = Look("red", "x-octagon-fill")
STOPPED = Look("violet", "slash-circle-fill")
UNDONE = Look("violet", "arrow-counterclockwise")
HELD = Look("violet", "pause-circle-fill")
UNKNOWN = Look("unknown", "question-circle")

# Every state that a page can show, of runs, uploads, actions, credentials and feeds, by the value of its enum.
LOOKS: dict[str, Look] = {
    "draft": WAITS,
    "stored": WORKS,
    "checking": WORKS,
    "ready": FINE,
    "unusable": FAILED,
    "held": HELD,
    "approved": WAITS,
    "queued": WAITS,
    "submitting": WORKS,
    "unsure": UNKNOWN,
    "waiting": WAITS,
    "preparing": WORKS,
    "running": WORKS,
    "cleaning": WORKS,
    "restoring": WORKS,
    "cancelled": STOPPED,
    "imported": FINE,
    "with_messages": MESSAGES,
    "partly_applied": FAILED,
    "failed": FAILED,
    "aborted": STOPPED,
    "restored": UNDONE,
    "partly_restored": UNDONE,
    "lost": UNKNOWN,
    "asked": UNKNOWN,
    "sending": WORKS,
    "under_way": WORKS,
    "done": FINE,
    "refused": FAILED,
    "unreadable": FAILED,
    "working": FINE,
    "unreachable": MESSAGES,
    "expired": FAILED,
    "revoked": FAILED,
    "replaced": WAITS,
    "missing": FAILED,
    "warning": MESSAGES,
    "error": FAILED,
    "due": WAITS,
    "broken": FAILED,
    "file_refused": FAILED,
    "row_refused": FAILED,
    "ignored": MESSAGES,
    "suspicious": UNKNOWN,
    "new": Look("green", "plus-lg"),
    "moved": Look("blue", "box-arrow-right"),
    "still": Look("grey", "check-lg"),
}


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """A small picture beside a word that says the same; hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra_class, static(ICONS), name
    )


@register.simple_tag
def state_badge(state: str, word: str) -> SafeString:
    """A state by colour, icon and word; one that we do not know is shown as unknown, with the word it came with."""
    look = LOOKS.get(state, UNKNOWN)
    turning = "turns" if look is WORKS else ""
    return format_html(
        '<span class="badge-state tone-{}">{}{}</span>', look.tone, icon(look.icon, turning), word or "Unknown"
    )


@register.filter
def marked(text: str) -> SafeString:
    """Words between backticks set as code: names of columns and what stands in cells."""
    return mark_safe(_BACKTICKED.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  # escaped just before


@register.simple_tag
def run_badge(run: Any) -> SafeString:
    """The state of an import run: its phase, and once that is over, how it ended."""
    if run.phase == "finished":
        return state_badge(run.outcome, run.get_outcome_display())
    return state_badge(run.phase, run.get_phase_display())


@register.simple_tag
def run_subject(run: Any) -> str:
    """What an import is about, in a few words: our file names, else the kinds that Canvas found."""
    names = [file.name for file in run.upload.files.all()] if run.upload_id else []
    subjects = names or [words(kind) for kind in run.supplied]
    if len(subjects) > 3:
        return f"{', '.join(subjects[:3])} and {len(subjects) - 3} more"
    return ", ".join(subjects)


@register.simple_tag
def ago(moment: datetime | None) -> str | SafeString:
    """How long ago, kept current by easel.js; the absolute time on hover, in the person's zone."""
    if moment is None:
        return NOTHING
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>', moment.isoformat(), _absolute(moment), _relative(moment)
    )


@register.simple_tag
def at(moment: datetime | None) -> str | SafeString:
    """The absolute time in the person's zone; easel.js turns it into the browser's where the person chose none."""
    if moment is None:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _absolute(moment))


def _absolute(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i:s T")


# (below so many seconds, seconds in one, the unit), with the browser's own short words.
_UNITS = ((60, 1, "sec."), (3600, 60, "min."), (86400, 3600, "hr."), (30 * 86400, 86400, "day"))


def _relative(moment: datetime) -> str:
    seconds = (timezone.now() - moment).total_seconds()
    if abs(seconds) < 5:
        return "just now"
    if abs(seconds) >= 30 * 86400:
        return date_format(timezone.localtime(moment), "j M Y")
    size, word = next((size, word) for limit, size, word in _UNITS if abs(seconds) < limit)
    count = int(abs(seconds) // size)
    words = f"{count} {word}{'' if word.endswith('.') or count == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


@register.simple_tag
def duration(length: timedelta | float | None) -> str:
    """Seconds or a timedelta as its two largest parts: 42 s, 3 min 4 s, 2 h 5 min, 1 day 3 h."""
    if length is None:
        return NOTHING
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    if seconds < 86400:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    days = seconds // 86400
    return f"{days} day{'' if days == 1 else 's'} {seconds % 86400 // 3600} h"


@register.simple_tag(name="bytes")
def size(count: int | None) -> str:
    """Bytes in decimal units, as file managers and networks count them."""
    if count is None:
        return NOTHING
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    amount = float(count)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.5:
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{amount / 1000:.1f} TB"


@register.simple_tag
def number(value: float | str | None) -> str:
    """A count with its thousands set apart; nothing for one that is absent, which templates hand on as empty text."""
    if value is None or isinstance(value, str):
        return NOTHING
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 10 else f"{value:,.1f}"


@register.simple_block_tag(end_name="endtable")
def table(content: SafeString, name: str, columns: str, look: str = "", frame: str = "") -> SafeString:
    """A table of the rows inside, in a frame that scrolls by itself and tells its name to screen readers.

    `columns` are the heads with | between them; those of numbers begin with #.
    """
    heads = [("num" if head.startswith("#") else "", head.removeprefix("#")) for head in columns.split("|")]
    return format_html(
        '<div class="scroll {}" tabindex="0" role="region" aria-label="{}"><table class="table {}">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        frame,
        name,
        look,
        format_html_join("", '<th scope="col" class="{}">{}</th>', heads),
        content,
    )


@register.filter
def option_label(name: str) -> str:
    """What people call an option of Canvas's POST; an unknown one keeps Canvas's name."""
    option = BY_NAME.get(name)
    return option.label if option else words(name)


@register.filter
def plainly(value: object) -> str:
    """What an audit line keeps, without the signs of JSON: parts set apart by commas, and nothing that is empty."""
    if isinstance(value, dict):
        return ", ".join(f"{words(name)}: {plainly(part)}" for name, part in value.items() if part)
    if isinstance(value, list):
        return ", ".join(plainly(part) for part in value)
    return "yes" if value is True else str(value)


@register.filter
def words(name: str) -> str:
    """A name of Canvas's as words: group_category becomes "group category"."""
    return name.replace("_", " ")


_CSS: tuple[tuple[type[forms.Widget] | tuple[type[forms.Widget], ...], str], ...] = (
    ((forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple), "form-check-input"),
    (forms.Select, "form-select"),
)


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The input of a form field alone, for forms that lay out their labels themselves."""
    widget = bound.field.widget
    css = next((css for widgets, css in _CSS if isinstance(widget, widgets)), "form-control")
    return bound.as_widget(attrs={"class": css})


@register.inclusion_tag("_field.html")
def field(bound: BoundField, label: str = "") -> dict[str, Any]:
    """A form field with label, help and errors; Django ties them together for screen readers."""
    return {
        "field": bound,
        "label": label or bound.label,
        "input": control(bound),
        "is_check": isinstance(bound.field.widget, forms.CheckboxInput),
        "is_set": bound.use_fieldset,
    }
