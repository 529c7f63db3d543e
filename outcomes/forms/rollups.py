"""Which part of a course's rollups is shown."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms

from accounts.sealing import CredentialUnreadable, seal, unseal
from outcomes.models import Reading
from outcomes.rollups.choosing import BY_NAME, Chosen
from outcomes.selectors.grid import View

_LARGEST = 10**18
_WITHOUT = {"current": ("completed", "inactive"), "not_concluded": ("completed",), "not_inactive": ("inactive",)}


_SEALED = "who"
# Tokens of Canvas are sealed with the same keys: nothing but what was sealed here is opened here.
_MARK = "looked for: "


class GridFilter(forms.Form):
    """Which part of a course's rollups is shown, in what order; what makes no sense is passed over.

    Whom somebody looks for stands in an address only sealed, since addresses end up in logs and histories.
    """

    text = forms.CharField(label="Find student", required=False, max_length=100, widget=forms.SearchInput)
    outcome = forms.CharField(label="Find outcome", required=False, max_length=100, widget=forms.SearchInput)
    section = forms.TypedChoiceField(label="Section", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label="Enrollments",
        required=False,
        choices=[
            ("", "All"),
            ("current", "Current"),
            ("not_concluded", "Not concluded"),
            ("not_inactive", "Not inactive"),
        ],
    )
    students = forms.ChoiceField(
        label="Students", required=False, choices=[("", "All"), ("results", "Only with results")]
    )
    outcomes = forms.ChoiceField(
        label="Outcomes", required=False, choices=[("", "All"), ("results", "Only with results")]
    )
    stat = forms.ChoiceField(label="Average", required=False, choices=[("", "Mean"), ("median", "Median")])
    order = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput)
    direction = forms.ChoiceField(
        required=False, choices=[("", "ascending"), ("desc", "descending")], widget=forms.HiddenInput
    )
    row = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput)
    column = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, reading: Reading) -> None:
        super().__init__(_opened(data))
        sections = sorted(((int(number), name) for number, name in reading.sections.items()), key=lambda one: one[1])
        self["section"].field.choices = [("", "All"), *sections]  # type: ignore[attr-defined]  # a choice field
        if len(sections) < 2:
            del self.fields["section"]

    @property
    def address(self) -> str:
        """What is asked for, as the end of an address."""
        told = {name: value for name in self.fields if (value := self.data.get(name, ""))}
        text = told.pop("text", "")
        if text:
            told[_SEALED] = seal(_MARK + text).decode()
        return f"?{urlencode(told)}"

    @property
    def view(self) -> View:
        self.full_clean()
        told = self.cleaned_data
        return View(
            chosen=Chosen(
                section=told.get("section"),
                without_states=frozenset(_WITHOUT.get(told.get("status", ""), ())),
                text=told.get("text", ""),
                with_results_only=told.get("students") == "results",
                order=told.get("order") or BY_NAME,
                descending=told.get("direction") == "desc",
            ),
            outcome=told.get("outcome", ""),
            outcomes_with_results_only=told.get("outcomes") == "results",
            stat="median" if told.get("stat") == "median" else "mean",
            row=told.get("row") or 1,
            column=told.get("column") or 1,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether students or outcomes are left out."""
        self.full_clean()
        return any(
            self.cleaned_data.get(name) for name in ("text", "outcome", "section", "status", "students", "outcomes")
        )


def _opened(data: Mapping[str, Any]) -> Mapping[str, Any]:
    sealed = data.get(_SEALED, "")
    if not sealed:
        return data
    try:
        text = unseal(sealed.encode())
    except CredentialUnreadable:
        text = ""
    text = text.removeprefix(_MARK) if text.startswith(_MARK) else ""
    return {name: data.get(name) for name in data} | {"text": text}
