"""What a preview says is what an import then does, whatever the tree and the file."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from canvas.outcomes import Context
from imports.preview.comparing import Node
from imports.preview.present import Present
from imports.preview.previewing import preview
from tests.imports import outcomes
from tests.servers.practice import PracticeServer

RATINGS = ("", "", "4|Top|2|Half|0|None", "5|All|3|Enough|0|Nothing", "5||3|Enough", "1|Low|2|High")
METHODS = (
    ("", ""),
    ("highest", ""),
    ("n_mastery", "3"),
    ("n_mastery", ""),
    ("decaying_average", "70"),
    ("latest", "4"),
)

group_guids = st.sampled_from(["A", "B", "C", "D"])
groups = st.fixed_dictionaries(
    {
        "vendor_guid": group_guids,
        "object_type": st.just("group"),
        "title": st.sampled_from(["Alpha", "Beta", ""]),
        "description": st.sampled_from(["", "Words"]),
        "parent_guids": st.sampled_from(["", "", "A", "B", "C", "A B"]),
        "workflow_state": st.sampled_from(["", "active", "active", "deleted"]),
    }
)


@st.composite
def single_outcomes(draw: st.DrawFn) -> dict[str, str]:
    method, number = draw(st.sampled_from(METHODS))
    return {
        "vendor_guid": draw(st.sampled_from(["o1", "o2", "o3", "o4", "o 5"])),
        "object_type": "outcome",
        "title": draw(st.sampled_from(["Writes", "Reads", "Counts"])),
        "description": draw(st.sampled_from(["", "<p>Well</p>"])),
        "display_name": draw(st.sampled_from(["", "Short"])),
        "calculation_method": method,
        "calculation_int": number,
        "parent_guids": draw(st.sampled_from(["", "A", "B", "A B", "C", "D"])),
        "workflow_state": draw(st.sampled_from(["", "active", "active", "deleted"])),
        "mastery_points": draw(st.sampled_from(["", "", "3", "2.5", "much"])),
        "ratings": draw(st.sampled_from(RATINGS)),
    }


several = st.lists(st.one_of(groups, groups, single_outcomes()), min_size=1, max_size=10)


def known_as(tree: Present) -> tuple[dict[str, Any], dict[str, Any]]:
    """Groups and outcomes by guid, each with all that a preview foretells; the root has the guid ''."""
    guids = {number: group.guid for number, group in tree.groups.items()}
    linked: dict[int, set[str]] = {}
    for group, outcome in tree.links:
        linked.setdefault(outcome, set()).add(guids.get(group, "retired"))
    shown_groups = {
        one.guid: (one.title, one.description, guids.get(one.parent, "retired"))
        for one in tree.groups.values()
        if one.parent
    }
    shown = {
        tree.outcomes[number].guid: (
            *(getattr(tree.outcomes[number], name) for name in ("title", "description", "display_name", "method")),
            *(getattr(tree.outcomes[number], name) for name in ("number", "mastery", "ratings")),
            sorted(parents),
        )
        for number, parents in linked.items()
    }
    return shown_groups, shown


def effects(top: Sequence[Node]) -> dict[str, set[str]]:
    """Guids by effect."""
    found: dict[str, set[str]] = {}
    for node in (one for branch in top for one in branch.walk()):
        found.setdefault(node.effect, set()).add(f"{node.sort} {node.guid}")
    return found


def revived(first: Sequence[outcomes.Row], before: Present, after: Present) -> set[str]:
    """Outcomes that were deleted before: Canvas finds them again, and only it knows what they were like."""
    once = {row["vendor_guid"] for row in first}
    here = {outcome.guid for outcome in before.outcomes.values()}
    return {outcome.guid for outcome in after.outcomes.values()} & (once - here)


@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=several, second=several, into_course=st.booleans())
def test_a_preview_foretells_the_tree(
    quick_canvas: PracticeServer, first: list[dict[str, str]], second: list[dict[str, str]], into_course: bool
) -> None:
    practice = quick_canvas.site()
    context = Context.course(outcomes.course(practice)) if into_course else None
    with TemporaryDirectory() as name:
        folder = Path(name)
        outcomes.imported(practice, folder, outcomes.text(first), context=context)
        before = outcomes.tree(practice, context)
        foretold = preview(outcomes.source(folder, outcomes.text(second)), outcomes.tree(practice, context))
        done = outcomes.imported(practice, folder, outcomes.text(second), context=context)
    after = outcomes.tree(practice, context)

    assert foretold.after is not None
    groups_foretold, foretold_outcomes = known_as(foretold.after)
    groups_after, outcomes_after = known_as(after)
    assert groups_foretold == groups_after
    assert foretold_outcomes.keys() == outcomes_after.keys()
    unknown = revived(first, before, after)
    assert {k: v for k, v in foretold_outcomes.items() if k not in unknown} == {
        k: v for k, v in outcomes_after.items() if k not in unknown
    }
    refused = {node.row for branch in foretold.top for node in branch.walk() if node.effect == "refused"}
    assert {row for row, _ in done.processing_errors} >= refused or len(done.processing_errors) == 25


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=several, second=several)
def test_new_and_retired_are_what_came_and_went(
    quick_canvas: PracticeServer, first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    practice = quick_canvas.site()
    with TemporaryDirectory() as name:
        folder = Path(name)
        outcomes.imported(practice, folder, outcomes.text(first))
        before = known_as(outcomes.tree(practice))
        told = effects(preview(outcomes.source(folder, outcomes.text(second)), outcomes.tree(practice)).top)
        outcomes.imported(practice, folder, outcomes.text(second))
    after = known_as(outcomes.tree(practice))

    for sort, was, will in zip(("group", "outcome"), before, after, strict=True):
        came, went = will.keys() - was.keys(), was.keys() - will.keys()
        assert {f"{sort} {guid}" for guid in came} == {one for one in told.get("new", set()) if one.startswith(sort)}
        assert {f"{sort} {guid}" for guid in went} == {
            one for one in told.get("retired", set()) if one.startswith(sort)
        }
        for guid in was.keys() & will.keys():
            still = f"{sort} {guid}" in {*told.get("unchanged", set()), *told.get("untouched", set())}
            assert was[guid] == will[guid] or not still
