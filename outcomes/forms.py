"""What is asked for on the pages of outcomes."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import CanvasAccount
from imports.selectors import places
from imports.selectors.places import Wanted
from outcomes.choosing import BY_NAME, Chosen
from outcomes.models import Reading
from outcomes.selectors.grid import View

_LARGEST = 10**18
_WITHOUT = {"current": ("completed", "inactive"), "not_concluded": ("completed",), "not_inactive": ("inactive",)}


class CourseFilter(forms.Form):
    """Which courses are shown; what makes no sense is passed over."""

    text = forms.CharField(label="Name, code or SIS id", required=False, max_length=100, widget=forms.SearchInput)
    term = forms.TypedChoiceField(label="Term", required=False, coerce=int, empty_value=None)
    department = forms.TypedChoiceField(label="Department", required=False, coerce=int, empty_value=None)
    rollups = forms.ChoiceField(
        label="Rollups", required=False, choices=[("", "All courses"), ("read", "Only those read")]
    )

    def __init__(self, data: Mapping[str, Any], *, canvas_account: CanvasAccount) -> None:
        super().__init__(data)
        terms = places.term_names(canvas_account).items()
        self["term"].field.choices = [("", "All terms"), *terms]  # type: ignore[attr-defined]  # a choice field
        indented = [(one.canvas_id, "\u2003" * one.depth + one.name) for one in places.departments(canvas_account)]
        self["department"].field.choices = [("", "All departments"), *indented]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        self.full_clean()
        told = self.cleaned_data
        return Wanted(text=told.get("text", ""), term=told.get("term"), sub_account=told.get("department"))

    @property
    def only_read(self) -> bool:
        self.full_clean()
        return self.cleaned_data.get("rollups") == "read"

    @property
    def is_filtered(self) -> bool:
        self.full_clean()
        return any(value not in (None, "") for value in self.cleaned_data.values())


class GridFilter(forms.Form):
    """Which part of a course's rollups is shown, in what order; what makes no sense is passed over."""

    text = forms.CharField(label="Student", required=False, max_length=100, widget=forms.SearchInput)
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
        super().__init__(data)
        sections = sorted(((int(number), name) for number, name in reading.sections.items()), key=lambda one: one[1])
        self["section"].field.choices = [("", "All"), *sections]  # type: ignore[attr-defined]  # a choice field
        if len(sections) < 2:
            del self.fields["section"]

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
            outcomes_with_results_only=told.get("outcomes") == "results",
            stat="median" if told.get("stat") == "median" else "mean",
            row=told.get("row") or 1,
            column=told.get("column") or 1,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether students or outcomes are left out."""
        self.full_clean()
        return any(self.cleaned_data.get(name) for name in ("text", "section", "status", "students", "outcomes"))
