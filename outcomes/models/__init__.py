"""Tables of what was read about outcomes."""

from outcomes.models.contributions import Contributions
from outcomes.models.orders import OutcomeOrder
from outcomes.models.readings import Reading, ReadingPage

__all__ = ["Contributions", "OutcomeOrder", "Reading", "ReadingPage"]
