"""Tables of what was read about outcomes."""

from outcomes.models.alignments import AlignmentList
from outcomes.models.contributions import Contributions
from outcomes.models.edits import OutcomeCopy, OutcomeEdit
from outcomes.models.errands import Errand
from outcomes.models.orders import OutcomeOrder
from outcomes.models.readings import Reading, ReadingPage
from outcomes.models.trees import Tree, TreeGroup, TreeLink, TreeOutcome, TreePage

__all__ = [
    "AlignmentList",
    "Contributions",
    "Errand",
    "OutcomeCopy",
    "OutcomeEdit",
    "OutcomeOrder",
    "Reading",
    "ReadingPage",
    "Tree",
    "TreeGroup",
    "TreeLink",
    "TreeOutcome",
    "TreePage",
]
