"""Tables of what was read about outcomes."""

from outcomes.models.readings import Reading, ReadingPage

__all__ = ["Reading", "ReadingPage"]
