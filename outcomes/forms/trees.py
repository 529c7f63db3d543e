"""Which outcomes of a tree are shown."""

from django import forms

from outcomes.selectors.trees import ALIGNED, ASSESSED, NEVER_ALIGNED, NOT_ASSESSED, Wanted


class TreeFilter(forms.Form):
    """What makes no sense is passed over."""

    text = forms.CharField(
        label="Title, display name or GUID", required=False, max_length=100, widget=forms.SearchInput
    )
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "The tree"),
            (ASSESSED, "Assessed outcomes"),
            (NOT_ASSESSED, "Outcomes never assessed"),
            (ALIGNED, "Outcomes aligned in a course that was read"),
            (NEVER_ALIGNED, "Outcomes aligned in no course that was read"),
        ],
    )
    group = forms.IntegerField(required=False, min_value=1, max_value=10**18 - 1, widget=forms.HiddenInput)

    use_required_attribute = False

    @property
    def wanted(self) -> Wanted:
        self.full_clean()
        told = self.cleaned_data
        return Wanted(text=told.get("text", ""), show=told.get("show", ""), group=told.get("group"))


class PlaceSearch(forms.Form):
    """Courses by name, code or SIS id."""

    text = forms.CharField(
        label="Course name, code or SIS id", required=False, max_length=100, widget=forms.SearchInput
    )

    @property
    def words(self) -> str:
        self.full_clean()
        return str(self.cleaned_data.get("text", ""))
