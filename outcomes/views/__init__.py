"""The pages of this app, by noun."""

from outcomes.views.courses import courses, list_again, read
from outcomes.views.exports import canvas_csv, rollups_csv, rollups_xlsx
from outcomes.views.order import order, order_state
from outcomes.views.rollups import cell, measured_outcome, reading, rollups

__all__ = [
    "canvas_csv",
    "cell",
    "courses",
    "list_again",
    "measured_outcome",
    "order",
    "order_state",
    "read",
    "reading",
    "rollups",
    "rollups_csv",
    "rollups_xlsx",
]
