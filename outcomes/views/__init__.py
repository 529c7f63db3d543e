"""The pages of this app, by noun."""

from outcomes.views.courses import courses, list_again, read

__all__ = ["courses", "list_again", "read"]
