"""Whose alignments are asked for: a student's or an assignment's, of the course's current reading."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from outcomes.models import AlignmentList

Choices = Sequence[tuple[int, str]]


class AlignmentForm(forms.Form):
    """Two lists, one of them filled in. Sent by POST, so that no address holds a student's number."""

    by = forms.ChoiceField(choices=AlignmentList.By.choices, widget=forms.HiddenInput)
    target = forms.TypedChoiceField(coerce=int, error_messages={"required": "Choose one."})

    def __init__(
        self, data: QueryDict | dict[str, Any] | None = None, *, by: AlignmentList.By, choices: Choices, label: str
    ) -> None:
        super().__init__(data, initial={"by": by}, auto_id=f"id_{by}_%s")
        self.fields["target"] = forms.TypedChoiceField(
            label=label,
            coerce=int,
            choices=[("", "Choose one"), *choices],
            error_messages={"required": "Choose one.", "invalid_choice": "That one is not in the reading any more."},
        )
