"""What a change of an outcome is: old beside new, what Canvas is sent, what follows from it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from outcomes.outcome.described import Definition, Scale
from outcomes.outcome.prose import paragraphs
from outcomes.outcome.wording import METHODS, method_in_words, points

_TEXTS = {"title": "Title", "display_name": "Display name", "vendor_guid": "GUID", "description": "Description"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a preview; `old` and `new` are lines of plain text, none where there is nothing."""

    name: str
    label: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "old": list(self.old), "new": list(self.new)}


def differences(old: Definition, new: Definition) -> list[Difference]:
    """What changes, in the order of the form."""
    found = [_text(name, old, new) for name in _TEXTS if getattr(old, name) != getattr(new, name)]
    if new.has_scale:
        found += _of_the_scale(old, new)
    return found


def _text(name: str, old: Definition, new: Definition) -> Difference:
    before, after = (_lines(name, getattr(one, name)) for one in (old, new))
    if before == after:  # the tags alone differ
        before, after = (tuple(str(getattr(one, name)).splitlines()) for one in (old, new))
    return Difference(name, _TEXTS[name], before, after)


def _lines(name: str, text: str) -> tuple[str, ...]:
    if name == "description":
        return tuple(paragraphs(text))
    return (text,) if text else ()


def _of_the_scale(old: Definition, new: Definition) -> Iterator[Difference]:
    if old.levels != new.levels:
        yield Difference("levels", "Levels", _levels(old.levels), _levels(new.levels))
    if old.mastery != new.mastery:
        yield Difference("mastery", "Mastery", _points(old.mastery), _points(new.mastery))
    if (old.method, old.method_number) != (new.method, new.method_number):
        yield Difference("method", "Calculation", (_method(old),), (_method(new),))


def _levels(levels: Scale) -> tuple[str, ...]:
    return tuple(f"{points(at)}: {text}" for text, at in levels)


def _points(value: float | None) -> tuple[str, ...]:
    return () if value is None else ("1 point" if value == 1 else f"{points(value)} points",)


def _method(one: Definition) -> str:
    return method_in_words(one.method, one.method_number)


def payload(old: Definition, new: Definition) -> dict[str, Any]:
    """What Canvas is sent: the fields that change and what hangs together with them.

    Mastery goes with the levels, because Canvas makes the best level mastery where it is not told; and a method goes
    with its number, because Canvas takes a method that is left blank for its default.
    """
    sent: dict[str, Any] = {name: getattr(new, name) for name in _TEXTS if getattr(old, name) != getattr(new, name)}
    changed = {one.name for one in differences(old, new)}
    if "levels" in changed:
        sent["ratings"] = [{"description": text, "points": at} for text, at in new.levels]
    if changed & {"levels", "mastery"}:
        sent["mastery_points"] = new.mastery
    if "method" in changed:
        sent["calculation_method"] = new.method
        if new.method_number is not None:
            sent["calculation_int"] = new.method_number
    return sent


def consequences(old: Definition, new: Definition) -> list[str]:
    """What Canvas does with results that there are, in sentences; nothing where texts alone change."""
    changed = {one.name for one in differences(old, new)}
    said = []
    if "method" in changed:
        said.append(
            "Canvas computes the score of every student anew, from the same results: scores can rise, fall or go."
        )
    if "levels" in changed:
        said.append(
            "Scores are sorted into the new levels. Where the best level has other points, Canvas stretches every "
            "result to the new scale."
        )
    if "mastery" in changed:
        said.append("Who has reached mastery is decided by the new points, also for scores given long ago.")
        if METHODS.get(new.method) is METHODS["n_mastery"]:
            said.append("The calculation counts results that reach mastery, so scores change with it.")
    return said
