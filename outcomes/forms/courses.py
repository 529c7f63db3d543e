"""Which courses are shown."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import CanvasAccount
from imports.selectors import places
from imports.selectors.places import Wanted


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
