"""Outcomes: groups, links, outcomes, their imports, and what students' results add up to."""
