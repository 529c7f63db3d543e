"""What is asked for on the pages of programs and their snapshots."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import CanvasAccount
from imports.selectors import places
from outcomes.models import Program, Snapshot
from outcomes.programs.rules import By, CourseRule, OutcomeRule

_LONGEST_GUID = 255
_INDENT = "\u2003"


def _without_nul(value: str) -> str:
    return value.replace("\0", "")


class ProgramForm(forms.Form):
    """`program` is the one that is edited, if it is not a new one."""

    name = forms.CharField(label="Name", max_length=120, help_text="Such as BSc Biology, or General education.")
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stands on its reports.",
    )
    daily_hour = forms.TypedChoiceField(
        label="Read its courses",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "only when somebody asks"), *((hour, f"every day at {hour:02}:00 UTC") for hour in range(24))],
        help_text="Only courses whose data is older than 20 hours; concluded courses once.",
    )

    def __init__(self, data: Any = None, *, canvas_account: CanvasAccount, program: Program | None = None) -> None:
        initial = {field: getattr(program, field) for field in ("name", "description", "daily_hour")} if program else {}
        super().__init__(data, initial=initial)
        self._others = Program.objects.filter(canvas_account=canvas_account, archived_at=None)
        if program:
            self._others = self._others.exclude(pk=program.pk)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self._others.filter(name=name).exists():
            raise ValidationError("There is a program of that name.")
        return name


class CourseRuleForm(forms.Form):
    """A rule takes the courses that fulfil all of it."""

    department = forms.TypedChoiceField(label="Department", required=False, coerce=int, empty_value=None)
    term = forms.TypedChoiceField(label="Term", required=False, coerce=int, empty_value=None)
    text = forms.CharField(
        label="Words in name, code or SIS id",
        required=False,
        max_length=200,
        help_text="A word with * must match one of the three from end to end: BIO-1* takes BIO-101 and BIO-140.",
    )

    def __init__(self, data: Any = None, *, canvas_account: CanvasAccount) -> None:
        super().__init__(data)
        terms = places.term_names(canvas_account).items()
        departments = [(one.canvas_id, _INDENT * one.depth + one.name) for one in places.departments(canvas_account)]
        self["department"].field.choices = [("", "Any department"), *departments]  # type: ignore[attr-defined]
        self["term"].field.choices = [("", "Any term"), *terms]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if not self.errors and self.rule.is_empty:
            raise ValidationError("Choose a department or a term, or write a word. * alone takes every course.")

    @property
    def rule(self) -> CourseRule:
        told = self.cleaned_data
        return CourseRule(told["department"], told["term"], _without_nul(told["text"]).strip())


class OutcomeRuleForm(forms.Form):
    """One of three ways to choose outcomes. `groups` and `outcomes` are those found in the readings."""

    guids = forms.CharField(
        label="vendor_guids",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One a line, or with commas between them. * stands for anything: BIO-* takes BIO-01 and BIO-02.",
    )
    group = forms.ChoiceField(label="Group and all below it", required=False)
    picked = forms.MultipleChoiceField(
        label="Outcomes", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )

    def __init__(
        self, data: Any = None, *, groups: list[str], outcomes: list[tuple[str, str]], guids: dict[str, str]
    ) -> None:
        super().__init__(data)
        self._names, self._guids = dict(outcomes), guids
        self["group"].field.choices = [("", "Choose a group"), *((one, one) for one in groups)]  # type: ignore[attr-defined]
        self["picked"].field.choices = outcomes  # type: ignore[attr-defined]

    def clean(self) -> None:
        if not self.errors and not self.rules:
            raise ValidationError("Nothing is chosen.")

    @property
    def rules(self) -> list[OutcomeRule]:
        told = self.cleaned_data
        written = re.split(r"[\s,;]+", _without_nul(told.get("guids", "")))
        found = [OutcomeRule(By.GUID, guid[:_LONGEST_GUID]) for guid in dict.fromkeys(written) if guid]
        if told.get("group"):
            found.append(OutcomeRule(By.GROUP, told["group"]))
        picked = told.get("picked", [])
        return found + [OutcomeRule(By.PICKED, key, self._guids[key], self._names[key]) for key in picked]


class FreezeForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120, help_text="Such as Annual report 2026.")
    term = forms.ChoiceField(label="What", required=False)

    def __init__(self, data: Any = None, *, terms: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self["term"].field.choices = [("", "everything"), *terms]  # type: ignore[attr-defined]


class SnapshotNameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)


class SnapshotDeleteForm(forms.Form):
    typed = forms.CharField(label="Type the name of the snapshot", max_length=120)

    def __init__(self, data: Any = None, *, snapshot: Snapshot) -> None:
        super().__init__(data)
        self._name = snapshot.name

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"] != self._name:
            raise ValidationError("That is another name.")
        return self._name


class SmallestGroupForm(forms.Form):
    students = forms.IntegerField(
        label="Show figures of groups from so many students on",
        min_value=1,
        max_value=1000,
        help_text="10 is customary. 1 hides nothing.",
    )


class StudentSearch(forms.Form):
    """Sent by POST, so that no name stands in an address."""

    text = forms.CharField(label="Name or SIS id", max_length=100, widget=forms.SearchInput)
