"""Tables of what was read about outcomes."""

from outcomes.models.alignments import AlignmentList
from outcomes.models.edits import OutcomeCopy, OutcomeEdit
from outcomes.models.errands import Errand
from outcomes.models.readings import Reading, ReadingPage
from outcomes.models.trees import Tree, TreeGroup, TreeLink, TreeOutcome, TreePage

__all__ = [
    "AlignmentList",
    "Errand",
    "OutcomeCopy",
    "OutcomeEdit",
    "Reading",
    "ReadingPage",
    "Tree",
    "TreeGroup",
    "TreeLink",
    "TreeOutcome",
    "TreePage",
]
