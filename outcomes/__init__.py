"""Outcomes as they are read: rollups of courses, programs over many courses, the tree of groups and outcomes."""
