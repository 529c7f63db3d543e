"""The public client library `canvasapi` works with outcomes as it does with Canvas."""

from pathlib import Path
from typing import Any

import pytest
from canvasapi import Canvas
from canvasapi.exceptions import BadRequest, ResourceDoesNotExist

from tests.servers.practice import Practice
from tests.servers.processes import wait_for

CSV = "vendor_guid,object_type,title,parent_guids\ng,group,Writing,\na,outcome,Argues,g\n"


@pytest.fixture
def client(practice: Practice) -> Any:
    practice.control("POST", "seed", {"courses": 2, "students": 12, "outcomes": 6, "seed": 7})
    # The library warns of plain http itself; that is what a practice Canvas speaks.
    with pytest.warns(UserWarning, match="HTTP"):
        return Canvas(practice.url, practice.token)


def test_it_imports_outcomes_and_follows_the_import(client: Any, tmp_path: Path) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text(CSV, encoding="utf-8")
    account = client.get_account(1)
    sent = account.import_outcome(str(file))
    assert sent.workflow_state == "created"
    wait_for(lambda: account.get_outcome_import_status(sent.id).workflow_state == "succeeded")
    assert account.get_outcome_import_status("latest").id == sent.id


def test_it_walks_and_changes_the_tree(client: Any) -> None:
    account = client.get_account(1)
    root = account.get_root_outcome_group()
    assert len(list(account.get_outcome_groups_in_context())) == 1 + len(list(root.get_subgroups()))
    made = root.create_subgroup("New group")
    made.update(title="Newer group")
    link = made.link_new(title="New outcome", mastery_points=3)
    assert [one.outcome["title"] for one in made.get_linked_outcomes()] == ["New outcome"]
    outcome = client.get_outcome(link.outcome["id"])
    assert outcome.update(title="Newer outcome")
    assert client.get_outcome(link.outcome["id"]).title == "Newer outcome"
    other = root.create_subgroup("Other group")
    assert other.link_existing(outcome).outcome["id"] == outcome.id
    assert other.import_outcome_group(made).title == "Newer group"
    assert other.unlink_outcome(outcome)
    assert made.delete()
    with pytest.raises(ResourceDoesNotExist):
        account.get_outcome_group(made.id)
    with pytest.raises(BadRequest):
        root.delete()


def test_it_reads_links_results_and_rollups(client: Any) -> None:
    [course, *_] = client.get_account(1).get_courses()
    links = list(course.get_all_outcome_links_in_context())
    rollups = course.get_outcome_result_rollups(sort_by="student", include=["outcomes", "users"])
    results = list(course.get_outcome_results())
    assert {str(outcome["id"]) for outcome in rollups["linked"]["outcomes"]} == {
        str(link.outcome["id"]) for link in links
    }
    assert rollups["meta"]["pagination"]["count"] == 12
    outcome_ids = {score["links"]["outcome"] for rollup in rollups["rollups"] for score in rollup["scores"]}
    assert {result.links["learning_outcome"] for result in results} >= outcome_ids


def test_it_lists_courses_sections_and_students(client: Any) -> None:
    [course, *_] = client.get_account(1).get_courses(include=["term"])
    students = list(course.get_users(enrollment_type=["student"]))
    in_sections = sum(section.total_students for section in course.get_sections(include=["total_students"]))
    assert 0 < len(students) <= 12
    assert in_sections >= len(students)
