"""Dates as Canvas reads them: many spellings, of which only one is safe."""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime

FINE, UNREADABLE, REARRANGED = range(3)

CLEAR = "<delete>"
# As Ruby reads them: between slashes the day comes before the month, and a year of two digits before both.
_SPELLINGS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%y/%m/%d", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y", "%B %d, %Y")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/\d{2,4}\b")


def look_at(text: str) -> int:
    """FINE, UNREADABLE, or REARRANGED: read, but day and month can be taken for each other."""
    if not text or text == CLEAR:
        return FINE
    if not any(_reads(attempt, text) for attempt in (datetime.fromisoformat, parsedate_to_datetime, _by_spelling)):
        return UNREADABLE
    slashes = _SLASHES.match(text)
    ambiguous = slashes and int(slashes[1]) <= 12 and int(slashes[2]) <= 12 and slashes[1] != slashes[2]
    return REARRANGED if ambiguous else FINE


def suggestion(text: str) -> str:
    """What was probably meant by a date that cannot be read, in ISO 8601; empty where nothing is likely."""
    swapped = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(T.*)?", text)
    if swapped and int(swapped[2]) > 12 >= int(swapped[3]) > 0:
        return f"{swapped[1]}-{swapped[3]}-{swapped[2]}{swapped[4] or ''}"
    parted = re.fullmatch(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", text)
    if parted:
        day, month = int(parted[1]), int(parted[3])
        if month > 12:  # as Americans write dates
            day, month = month, day
        if 0 < month <= 12 and 0 < day <= 31:
            return f"{parted[4]}-{month:02}-{day:02}"
    return ""


def _reads(attempt: Callable[[str], datetime], text: str) -> bool:
    try:
        attempt(text)
    except (ValueError, IndexError):
        return False
    return True


def _by_spelling(text: str) -> datetime:
    for spelling in _SPELLINGS:
        try:
            return datetime.strptime(text, spelling)  # noqa: DTZ007 - whether it can be read is all that counts
        except ValueError:
            continue
    raise ValueError(text)
