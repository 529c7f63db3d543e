"""From a file and a tree to a preview, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imports.check.outcome_file import named, records, rows
from imports.check.outcomes import check_outcomes
from imports.check.rules import RULES
from imports.check.sources import Source
from imports.preview.applying import Applying
from imports.preview.comparing import EFFECTS, GROUP, OUTCOME, Comparison, Node, changes_scale
from imports.preview.present import Outcome, Present


@dataclass(slots=True)
class Preview:
    """`figures` are what a page shows first: counts by effect, and what deserves a second look."""

    top: list[Node] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    after: Present | None = None


def guids_in(source: Source) -> set[str]:
    """Guids of the outcomes of a file, for whoever looks them up; none of a file that Canvas refuses."""
    report = check_outcomes(source)
    if report.refused or report.form is None:
        return set()
    return {row.guid for _, row in rows(source, report.form) if row.get("object_type") == "outcome"}


def preview(
    source: Source, present: Present, *, target: int | None = None, above: Mapping[str, Outcome] | None = None
) -> Preview:
    """What the import of the file would do to the tree, which is changed on the way."""
    report = check_outcomes(source, into_course=present.context.startswith("course"))
    if report.refused or report.form is None:
        worst = report.found.groups[0]
        says = next((one.says for one in worst.examples if one.says), "")
        return Preview(figures={"refused": says or RULES[worst.rule].cause})
    if target is not None and target not in present.groups:
        return Preview(figures={"refused": "The chosen group is not there any more."})
    _, _, header = next(records(source, report.form))
    applying = Applying(present, target, above or {}, frozenset(name for name in named(header) if name))
    worked = list(applying.work(rows(source, report.form)))
    comparison = Comparison(applying, worked)
    nodes = [node for top in comparison.top for node in top.walk()]
    return Preview(comparison.top, _figures(nodes, applying), present)


def _figures(nodes: list[Node], applying: Applying) -> dict[str, Any]:
    """An outcome in several groups counts once."""
    once = {(node.sort, node.number or -node.row, bool(node.number)): node for node in nodes}.values()
    before = applying.before
    return {
        "counts": {effect: {sort: _count(once, effect, sort) for sort in (GROUP, OUTCOME)} for effect in EFFECTS},
        "outcomes_before": len({outcome for _, outcome in before.links}),
        "retired_assessed": sum(node.effect == "retired" and node.assessed for node in once),
        "scales_assessed": sum(changes_scale(node) and node.assessed for node in once),
        "guids_given": sum(_gets_a_guid(node, before) for node in once),
    }


def _count(nodes: Any, effect: str, sort: str) -> int:
    return sum(
        node.effect == effect and (node.sort == sort or (sort == OUTCOME and node.sort != GROUP)) for node in nodes
    )


def _gets_a_guid(node: Node, before: Present) -> bool:
    things: Mapping[int, Any] = before.groups if node.sort == GROUP else before.outcomes
    was = things.get(node.number)
    return bool(node.row and was and not was.guid and node.guid and node.effect not in ("refused", "retired"))
