"""Outcomes through `canvasapi`, as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from canvasapi import Canvas
from canvasapi.exceptions import BadRequest, ResourceDoesNotExist

from tests.sandbox.clients.university import OUTCOMES
from tests.servers.practice import Practice
from tests.servers.processes import wait_for


@pytest.fixture
def canvas(connect: Callable[[Practice], Canvas], university: Practice) -> Canvas:
    return connect(university)


@pytest.fixture(params=["account", "course"])
def context(request: pytest.FixtureRequest, canvas: Canvas) -> Any:
    """Both places in which outcomes live."""
    return canvas.get_account(1) if request.param == "account" else canvas.get_course("C1", use_sis_id=True)


@pytest.fixture
def filled(context: Any, tmp_path: Path) -> Any:
    """The context after an import of a group with two outcomes."""
    file = tmp_path / "outcomes.csv"
    file.write_text(OUTCOMES)
    begun = context.import_outcome(str(file))
    wait_for(lambda: context.get_outcome_import_status(begun.id).workflow_state in {"succeeded", "failed"})
    return context


def test_an_import_is_followed_to_its_end(filled: Any) -> None:
    ended = filled.get_outcome_import_status("latest")
    assert (ended.workflow_state, ended.progress, ended.processing_errors) == ("succeeded", 100, [])


def test_groups_lead_to_their_outcomes(canvas: Canvas, filled: Any) -> None:
    root = filled.get_root_outcome_group()
    [musicianship] = root.get_subgroups()
    links = list(musicianship.get_linked_outcomes())
    assert [link.outcome["title"] for link in links] == ["Hears intervals", "Reads at sight"]
    outcome = links[0].get_outcome()
    assert (outcome.calculation_method, canvas.get_outcome(outcome.id).vendor_guid) == ("highest", "o1")
    assert links[0].get_outcome_group().id == musicianship.id
    assert filled.get_outcome_group(musicianship.id).title == "Musicianship"


def test_all_groups_and_links_are_listed(filled: Any) -> None:
    assert {group.title for group in filled.get_outcome_groups_in_context()} > {"Musicianship"}
    links = filled.get_all_outcome_links_in_context(outcome_style="full")
    assert sorted(link.outcome["vendor_guid"] for link in links) == ["o1", "o2"]


def test_groups_and_outcomes_are_made_changed_and_removed(filled: Any) -> None:
    root = filled.get_root_outcome_group()
    made = root.create_subgroup("Performance", description="On stage")
    assert made.update(title="Stagecraft")
    link = made.link_new("Bows well")
    assert link.get_outcome().update(title="Bows gracefully")
    assert [found.outcome["title"] for found in made.get_linked_outcomes()] == ["Bows gracefully"]
    [musicianship] = [group for group in root.get_subgroups() if group.title == "Musicianship"]
    hears = next(iter(musicianship.get_linked_outcomes())).get_outcome()
    made.link_existing(hears)
    assert len(list(made.get_linked_outcomes())) == 2
    assert made.unlink_outcome(hears)
    assert made.import_outcome_group(musicianship).title == "Musicianship"
    assert made.delete()
    with pytest.raises(ResourceDoesNotExist):
        filled.get_outcome_group(made.id)
    with pytest.raises(BadRequest):
        root.delete()
    assert [group.title for group in root.get_subgroups()] == ["Musicianship"]


def test_results_and_rollups_are_read_page_by_page(connect: Callable[[Practice], Canvas], practice: Practice) -> None:
    practice.control("POST", "seed", {"courses": 2, "students": 40, "outcomes": 6, "seed": 1})
    course = next(iter(connect(practice).get_account(1).get_courses()))
    results = list(course.get_outcome_results(per_page=10))
    rollups = course.get_outcome_result_rollups(per_page=5, sort_by="student", include=["users", "outcomes"])
    assert len(results) > 10
    assert len({rollup["links"]["user"] for rollup in rollups["rollups"]}) == 5
    assert {result.links["learning_outcome"] for result in results} <= {
        str(outcome["id"]) for outcome in rollups["linked"]["outcomes"]
    }


def test_the_progress_of_a_restore_is_read(canvas: Canvas) -> None:
    batch = canvas.get_account(1).get_sis_imports()[0]
    begun = batch.restore_states()
    wait_for(lambda: canvas.get_progress(begun.id).workflow_state == "completed")
    assert canvas.get_progress(begun.id).completion == 100
    assert begun.query().tag == "sis_batch_state_restore"
