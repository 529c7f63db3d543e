"""What is asked for on the pages of outcomes, by noun."""

from outcomes.forms.alignments import AlignmentForm
from outcomes.forms.courses import CourseFilter
from outcomes.forms.outcome import OutcomeForm
from outcomes.forms.rollups import GridFilter
from outcomes.forms.trees import PlaceSearch, TreeFilter

__all__ = ["AlignmentForm", "CourseFilter", "GridFilter", "OutcomeForm", "PlaceSearch", "TreeFilter"]
