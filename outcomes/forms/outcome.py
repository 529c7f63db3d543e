"""Changing an outcome: every field that Canvas lets one change, checked by its rules, in our words."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from imports.http import is_key
from outcomes.outcome.described import Definition, Scale
from outcomes.outcome.wording import METHODS, points

LONGEST_NAME = 255
MOST_LEVELS = 20
_MOST_POINTS = 10_000
_SPARE = 2
# The same calculation under two names: a site has one of them.
_TWINS = ("weighted_average",)


class LevelForm(forms.Form):
    points = forms.FloatField(label="Points", required=False, min_value=0, max_value=_MOST_POINTS)
    description = forms.CharField(label="Name of the level", required=False, max_length=LONGEST_NAME)

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        at, text = cleaned.get("points"), cleaned.get("description")
        if at is None and text and "points" not in self.errors:
            self.add_error("points", "Say from how many points on the level is reached, or empty the line.")
        if at is not None and not math.isfinite(at):
            self.add_error("points", "Enter a number.")
        elif at is not None and not text and "description" not in self.errors:
            self.add_error("description", "Name the level, or empty the line.")
        return cleaned

    @property
    def cells(self) -> list[BoundField]:
        return [self["points"], self["description"]]


_Levels = forms.formset_factory(LevelForm, extra=0, max_num=MOST_LEVELS, absolute_max=MOST_LEVELS)


class OutcomeForm(forms.Form):
    """`old` is what is changed. Where scales belong to accounts only the texts are offered."""

    title = forms.CharField(label="Title", max_length=LONGEST_NAME)
    display_name = forms.CharField(
        label="Display name",
        required=False,
        max_length=LONGEST_NAME,
        help_text="What students and teachers see in place of the title.",
    )
    description = forms.CharField(
        label="Description",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="As Canvas keeps it: HTML. Canvas takes out what it does not allow.",
    )
    vendor_guid = forms.CharField(
        label="GUID",
        required=False,
        max_length=LONGEST_NAME,
        help_text="By it an import finds this outcome again: under a new one, the next import makes a second outcome.",
    )
    method = forms.ChoiceField(label="Calculation")
    method_number = forms.IntegerField(label="Number of the calculation", required=False, min_value=1, max_value=99)
    mastery = forms.FloatField(
        label="Mastery, in points",
        required=False,
        min_value=0,
        max_value=_MOST_POINTS,
        help_text="Left empty, the best level is mastery, as Canvas does.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, old: Definition) -> None:
        super().__init__(data, initial=None if data is not None else _initial(old))
        self.old = old
        self.levels: BaseFormSet[LevelForm] | None = None
        if not old.has_scale:
            for name in ("method", "method_number", "mastery"):
                del self.fields[name]
            return
        method = forms.ChoiceField(label="Calculation", choices=_methods(old.method))
        number_help = "Weighted average 1 to 99 %, decaying average 50 to 99 %, number of times 1 to 10."
        self.fields["method"] = method
        self.fields["method_number"].help_text = f"{number_help} The other calculations take none."
        rows: list[dict[str, Any]] = [{"points": points(at), "description": text} for text, at in old.levels]
        self.levels = _Levels(data, initial=rows if data is not None else rows + [{}] * _SPARE, prefix="levels")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_guid(cleaned)
        if self.levels is not None:
            self._check_method(cleaned)
            if not self.levels.is_valid():
                self.add_error(None, "One of the levels is not complete.")
            else:
                self._check_levels(cleaned)
        return cleaned

    def _check_guid(self, cleaned: Mapping[str, Any]) -> None:
        guid = cleaned.get("vendor_guid", "")
        if guid != self.old.vendor_guid and any(character.isspace() for character in guid):
            self.add_error("vendor_guid", "A GUID holds no spaces: imports would not take it.")

    def _check_method(self, cleaned: dict[str, Any]) -> None:
        method = METHODS.get(cleaned.get("method", ""))
        number = cleaned.get("method_number")
        if method is None or "method_number" in self.errors:
            return
        if not method.takes_number:
            cleaned["method_number"] = None  # of the calculation that was chosen before
        elif number is None:
            cleaned["method_number"] = method.usual
        elif not (method.least or 0) <= number <= (method.most or 0):
            self.add_error("method_number", f"{method.label} takes a number from {method.least} to {method.most}.")

    def _check_levels(self, cleaned: dict[str, Any]) -> None:
        levels = self.given_levels
        if not levels:
            self.add_error(None, "An outcome needs at least one level.")
            return
        reached = [at for _, at in levels]
        if len(set(reached)) < len(reached):
            self.add_error(None, "Two levels have the same points: nobody could tell which of them is reached.")
        mastery = cleaned.get("mastery")
        if mastery is None and "mastery" not in self.errors:
            cleaned["mastery"] = reached[0]
        elif mastery is not None and mastery > reached[0]:
            self.add_error("mastery", f"The best level has {points(reached[0])} points: nobody could reach mastery.")

    @property
    def given_levels(self) -> Scale:
        """The levels that were filled in, best first."""
        told = [form.cleaned_data for form in self.levels or () if form.cleaned_data.get("points") is not None]
        return tuple(sorted(((one["description"], one["points"]) for one in told), key=lambda pair: -pair[1]))

    @property
    def definition(self) -> Definition:
        """What the person wants. Only for a valid form."""
        told, old = self.cleaned_data, self.old
        texts: dict[str, Any] = {name: _kept(getattr(old, name), told[name]) for name in _TEXTS}
        if self.levels is None:
            return replace(old, **texts)
        scale = {"method": told["method"], "method_number": told["method_number"], "mastery": told["mastery"]}
        return replace(old, **texts, **scale, levels=self.given_levels)

    @property
    def texts(self) -> list[BoundField]:
        return [self[name] for name in _TEXTS]

    @property
    def scale(self) -> list[BoundField]:
        return [self[name] for name in ("method", "method_number", "mastery") if name in self.fields]

    @property
    def hidden(self) -> list[BoundField]:
        """Every field, to be sent once more without being seen."""
        below = [bound for form in self.levels or () for bound in form.cells]
        management = list(self.levels.management_form) if self.levels is not None else []
        return [*self, *management, *below]


_TEXTS = ("title", "display_name", "vendor_guid", "description")


def with_more_levels(data: QueryDict) -> QueryDict:
    """What was typed, with empty lines for more levels."""
    told = data.copy()
    name = "levels-TOTAL_FORMS"
    given = str(data.get(name, ""))
    count = int(given) if is_key(given) else 0
    told[name] = str(min(count + _SPARE, MOST_LEVELS))
    return told


def _initial(old: Definition) -> dict[str, Any]:
    texts = {name: getattr(old, name) for name in _TEXTS}
    return texts | {"method": old.method, "method_number": old.method_number, "mastery": points(old.mastery)}


def _methods(current: str) -> list[tuple[str, str]]:
    offered = [(name, method.label) for name, method in METHODS.items() if name not in _TWINS or name == current]
    if current in _TWINS:
        offered = [(name, label) for name, label in offered if name != "decaying_average"]
    return offered if current in METHODS else [(current, current.replace("_", " ")), *offered]


def _kept(old: str, new: str) -> str:
    """The old text where a browser has only turned its line ends and the field its margins."""
    return old if _even(old) == _even(new) else new.replace("\r\n", "\n")


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
