"""Rollups of one course: the sheet of scores, what comes to what, and how it is laid out. Pure."""
