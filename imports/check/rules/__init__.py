"""Everything that the check can find, by id. The tables are in the modules beside this one."""

from imports.check.rules import cells, files, institution, outcomes, rows
from imports.check.rules.base import Rule, Severity, fill

__all__ = ["RULES", "Rule", "Severity", "fill"]

RULES: dict[str, Rule] = {
    rule.id: rule for rule in (*files.RULES, *cells.RULES, *rows.RULES, *outcomes.RULES, *institution.RULES)
}
