"""Tables of what was read about outcomes."""

from outcomes.models.programs import ComputedFigures, OutcomePolicy, Program, ProgramCourse
from outcomes.models.readings import Reading, ReadingPage
from outcomes.models.snapshots import Snapshot

__all__ = ["ComputedFigures", "OutcomePolicy", "Program", "ProgramCourse", "Reading", "ReadingPage", "Snapshot"]
