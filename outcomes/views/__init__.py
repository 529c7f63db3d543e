"""The pages of this app, by noun."""

from outcomes.views.alignments import alignments
from outcomes.views.courses import courses, list_again, read
from outcomes.views.exports import canvas_csv, rollups_csv, rollups_xlsx
from outcomes.views.order import order, order_state
from outcomes.views.outcome import edit_outcome, outcome
from outcomes.views.rollups import cell, measured_outcome, reading, rollups
from outcomes.views.trees import read_again, tree, tree_group, tree_places

__all__ = [
    "alignments",
    "canvas_csv",
    "cell",
    "courses",
    "edit_outcome",
    "list_again",
    "measured_outcome",
    "order",
    "order_state",
    "outcome",
    "read",
    "read_again",
    "reading",
    "rollups",
    "rollups_csv",
    "rollups_xlsx",
    "tree",
    "tree_group",
    "tree_places",
]
