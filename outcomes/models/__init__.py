"""Tables of what was read about outcomes."""

from outcomes.models.alignments import AlignmentList
from outcomes.models.contributions import Contributions
from outcomes.models.edits import OutcomeCopy, OutcomeEdit
from outcomes.models.errands import Errand
from outcomes.models.orders import OutcomeOrder
from outcomes.models.programs import ComputedFigures, OutcomePolicy, Program, ProgramCourse
from outcomes.models.readings import Reading, ReadingPage
from outcomes.models.snapshots import Snapshot
from outcomes.models.trees import Tree, TreeGroup, TreeLink, TreeOutcome, TreePage

__all__ = [
    "AlignmentList",
    "ComputedFigures",
    "Contributions",
    "Errand",
    "OutcomeCopy",
    "OutcomeEdit",
    "OutcomeOrder",
    "OutcomePolicy",
    "Program",
    "ProgramCourse",
    "Reading",
    "ReadingPage",
    "Snapshot",
    "Tree",
    "TreeGroup",
    "TreeLink",
    "TreeOutcome",
    "TreePage",
]
