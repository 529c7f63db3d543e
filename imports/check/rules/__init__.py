"""Everything that the check can find, by id. The tables are in the modules beside this one."""

from imports.check.rules import cells, files, groups, institution, outcomes, people, places
from imports.check.rules.base import Rule, Severity, fill

__all__ = ["RULES", "Rule", "Severity", "fill"]

RULES: dict[str, Rule] = {
    rule.id: rule for table in (files, cells, places, people, groups, outcomes, institution) for rule in table.RULES
}
