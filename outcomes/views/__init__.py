"""The pages of this app, by noun."""

from outcomes.views.alignments import alignments
from outcomes.views.courses import courses, list_again, read
from outcomes.views.outcome import edit_outcome, outcome
from outcomes.views.trees import read_again, tree, tree_group, tree_places

__all__ = [
    "alignments",
    "courses",
    "edit_outcome",
    "list_again",
    "outcome",
    "read",
    "read_again",
    "tree",
    "tree_group",
    "tree_places",
]
