"""Forms: filters of the history and the messages, files, the options of a launch, the modes of a restore."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField

from accounts.forms import DayField
from accounts.models import CanvasAccount, User
from imports import destinations
from imports import options as sis_options
from imports.check.institution import BadRules, read_rules
from imports.destinations import Destination
from imports.models import ImportRun, Limit, Message
from imports.options import GROUPS, OPTIONS, Option, OptionsRefused, term_name
from imports.selectors.history import ELSEWHERE, STATES, launchers
from imports.selectors.messages import files_of
from imports.selectors.outcome_places import Choice, accounts_to_choose, courses_to_choose, place_name


class Filter(forms.Form):
    """A form whose values live in the address. What cannot be understood there is as good as absent."""

    use_required_attribute = False

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class HistoryFilter(Filter):
    kind = forms.ChoiceField(required=False, choices=[("", "SIS and outcomes"), *ImportRun.Kind.choices])
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *((k, v[0]) for k, v in STATES.items())])
    who = forms.ChoiceField(required=False, label="Launched by")
    since = DayField(label="From")
    until = DayField(label="To")
    text = forms.CharField(
        required=False,
        max_length=100,
        label="Number, file or person",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Such as 4711"}),
    )

    def __init__(self, data: Mapping[str, Any], *, canvas_account: CanvasAccount, by: User) -> None:
        super().__init__(data)
        others = [(str(person.pk), str(person)) for person in launchers(canvas_account) if person != by]
        choices = [("", "Anybody"), (str(by.pk), "Me"), (ELSEWHERE, "Another tool"), *others]
        self.fields["who"] = forms.ChoiceField(required=False, label="Launched by", choices=choices)


class MessageFilter(Filter):
    severity = forms.ChoiceField(required=False, choices=[("", "Errors and warnings"), *Message.Severity.choices])
    file = forms.ChoiceField(required=False)
    pattern = forms.IntegerField(required=False, min_value=1, max_value=10**18, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False, max_length=200, label="Containing", widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, data: Mapping[str, Any], *, run: ImportRun) -> None:
        super().__init__(data)
        choices = [("", "All files"), *((file, file) for file in files_of(run))]
        self.fields["file"] = forms.ChoiceField(required=False, choices=choices)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """One or several files; cleaned to a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list) and data else [None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class FilesForm(forms.Form):
    chosen = FilesField(
        label="CSV files, or one ZIP",
        max_length=None,
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": ".csv,.zip"}),
        error_messages={"required": "Choose at least one file."},
    )

    @property
    def given(self) -> Sequence[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["chosen"]
        return files


class OptionsForm(forms.Form):
    """All options of Canvas's POST, one field each. What they may be together, `imports.options` decides."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, terms: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(data)
        self.terms = terms
        for option in OPTIONS:
            self.fields[option.name] = _field(option, terms)
        self.wanted: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {name: value for name, value in cleaned.items() if value not in (None, "", False)}
        try:
            self.wanted = sis_options.clean(given)
        except OptionsRefused as refused:
            for name, problem in refused.problems.items():
                self.add_error(name, problem)
        return cleaned

    @property
    def groups(self) -> Iterator[tuple[str, str, list[BoundField], bool]]:
        """(key, title, fields, open): a group is open when something in it was chosen or is wrong."""
        for key, title in GROUPS.items():
            names = [option.name for option in OPTIONS if option.group == key]
            touched = any(self[name].errors or self[name].data for name in names) if self.is_bound else False
            yield key, title, [self[name] for name in names], touched or key in ("override", "deletions")

    @property
    def term_name(self) -> str:
        """The term of a full batch for one term, as people call it."""
        chosen = self.wanted.get("batch_mode_term_id")
        return next((term_name(term) for term in self.terms if str(term["id"]) == chosen), "")

    @property
    def dangers(self) -> list[Option]:
        """What was chosen and can remove a lot from Canvas at once."""
        return [option for option in OPTIONS if option.is_dangerous and option.name in self.wanted]


def _field(option: Option, terms: Sequence[Mapping[str, Any]]) -> forms.Field:
    common: dict[str, Any] = {"label": option.label, "help_text": option.help, "required": False}
    if option.shape == "flag":
        return forms.BooleanField(**common)
    if option.shape == "term":
        choices = [(str(term["id"]), term_name(term)) for term in terms]
        return forms.ChoiceField(choices=[("", "Choose a term"), *choices], **common)
    if option.shape == "choice":
        return forms.ChoiceField(choices=[("", "As Canvas does by itself"), *option.choices], **common)
    if option.shape == "number":
        return forms.IntegerField(min_value=option.least, max_value=option.most, **common)
    return forms.CharField(max_length=option.most, **common)


class DestinationForm(forms.Form):
    """Where outcomes go: an account or a course, found by `q`, and a group of it. Lives in the address."""

    use_required_attribute = False

    q = forms.CharField(
        required=False,
        max_length=100,
        label="Find a course",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, code or SIS id"}),
    )
    context = forms.CharField(required=False, label="Account or course", widget=forms.Select)
    learning_outcome_group_id = forms.CharField(required=False, label="Group", widget=forms.Select)

    def __init__(self, data: Mapping[str, Any] | None, *, canvas_account: CanvasAccount) -> None:
        super().__init__({} if data is None else data)
        self.canvas_account = canvas_account
        self.wanted: dict[str, Any] = destinations.clean({})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = {name: cleaned.get(name) for name in (destinations.CONTEXT, destinations.GROUP)}
        try:
            self.wanted = destinations.clean(chosen)
        except OptionsRefused as refused:
            for name, problem in refused.problems.items():
                self.add_error(name, problem)
        return cleaned

    @property
    def destination(self) -> Destination:
        """The one chosen; the root account where nothing sound was."""
        self.is_valid()
        return Destination.of(self.wanted)

    @property
    def text(self) -> str:
        return str(self.data.get("q", ""))[:100].strip()

    @property
    def accounts(self) -> list[Choice]:
        return accounts_to_choose(self.canvas_account)

    @cached_property
    def courses(self) -> list[Choice]:
        """Those that fit the text, and the one chosen in any case."""
        found = courses_to_choose(self.canvas_account, self.text)
        chosen = self.destination
        if chosen.is_course and chosen.context not in {one.value for one in found}:
            found.insert(0, Choice(chosen.context, place_name(self.canvas_account, chosen)))
        return found


class HouseRulesForm(forms.Form):
    text = forms.CharField(
        required=False,
        strip=False,
        label="rules.toml",
        max_length=100_000,
        widget=forms.Textarea({"rows": 16, "spellcheck": "false", "class": "form-control font-monospace"}),
        help_text="Empty: Canvas's own rules alone.",
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            read_rules(text)
        except BadRules as bad:
            raise forms.ValidationError(str(bad)) from bad
        return text


class LimitForm(forms.Form):
    """How much of a kind an import may remove before it is held."""

    kind = forms.ChoiceField(choices=Limit.Kind.choices)
    scope = forms.ChoiceField(label="Where", choices=Limit.Scope.choices)
    place = forms.CharField(
        required=False, max_length=255, label="SIS id of the term or department", help_text="Empty: each of them."
    )
    most = forms.IntegerField(label="At most", min_value=0, max_value=10**9)
    unit = forms.ChoiceField(label="Counted in", choices=Limit.Unit.choices)
    floor = forms.IntegerField(
        label="Never held below", min_value=0, max_value=10**9, initial=0, help_text="Removing fewer goes straight on."
    )

    def clean_place(self) -> str:
        place: str = self.cleaned_data["place"]
        if place and self.cleaned_data.get("scope") == Limit.Scope.ACCOUNT:
            raise forms.ValidationError("A limit in the whole account has no place: choose the term or the department.")
        if self.cleaned_data.get("kind") == Limit.Kind.USER and self.cleaned_data.get("scope") != Limit.Scope.ACCOUNT:
            raise forms.ValidationError("Users belong to no term or department: their limit is in the whole account.")
        return place

    def clean_unit(self) -> str:
        unit: str = self.cleaned_data["unit"]
        if unit == Limit.Unit.PERCENT and self.cleaned_data.get("most", 0) > 100:
            raise forms.ValidationError("A share is at most 100 percent.")
        return unit


class RestoreForm(forms.Form):
    mode = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose what is to be restored."})

    def __init__(self, data: Mapping[str, Any] | None = None, *, modes: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["mode"] = forms.ChoiceField(
            choices=[(mode, mode) for mode in modes], error_messages={"required": "Choose what is to be restored."}
        )
