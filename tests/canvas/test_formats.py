"""Which kind Canvas takes a file for, and whether the table of kinds holds together."""

import pytest

from canvas.formats import SIS_KINDS, SisKind, kind_of
from canvas.states import OutcomeState, SisState, StateClass, classify

# supplied_batches in the order in which Canvas imports the kinds
ORDER = (
    "change_sis_id account term abstract_course course section xlist user login enrollment admin group_category "
    "differentiation_tag_set group differentiation_tag group_membership differentiation_tag_membership "
    "institutional_tag_category institutional_tag institutional_tag_association grade_publishing_results user_observer"
)


def test_the_kinds_are_in_the_order_of_canvas() -> None:
    assert [kind.name for kind in SIS_KINDS] == ORDER.split()


@pytest.mark.parametrize("kind", SIS_KINDS, ids=lambda kind: kind.name)
def test_a_file_with_the_required_columns_is_recognised(kind: SisKind) -> None:
    needed = {min(alternatives) for alternatives in (*kind.needs, *kind.row_needs)}
    required = {column.name for column in kind.columns if column.required}

    assert kind_of(needed | required) is kind


@pytest.mark.parametrize("kind", SIS_KINDS, ids=lambda kind: kind.name)
def test_rules_of_a_kind_speak_of_its_own_columns(kind: SisKind) -> None:
    columns = [column.name for column in kind.columns]

    assert len(columns) == len(set(columns))
    assert {*kind.key, *frozenset().union(*kind.needs, *kind.row_needs)} <= set(columns)
    assert ("status" in columns) == bool(kind.statuses)


@pytest.mark.parametrize(
    "headers, name",
    [
        ("course_id term_id name", "term"),
        ("user_id account_id status", "admin"),
        ("user_id first_name last_name status", None),
        ("course_id name", None),
        ("user_id login_id existing_user_id", "login"),
        ("abstract_course_id short_name course_id", "course"),
        ("section_id user_integration_id role", "enrollment"),
        ("institutional_tag_id category_id name", "institutional_tag"),
        ("", None),
    ],
)
def test_traps_of_the_detection_are_those_of_canvas(headers: str, name: str | None) -> None:
    kind = kind_of(headers.split())

    assert (kind.name if kind else None) == name


def test_sticky_columns_are_marked() -> None:
    users = next(kind for kind in SIS_KINDS if kind.name == "user")

    assert {column.name for column in users.columns if column.sticky} >= {"login_id", "sortable_name", "pronouns"}


@pytest.mark.parametrize("state", [*SisState, *OutcomeState])
def test_every_known_state_has_a_class(state: str) -> None:
    assert classify(state) is not StateClass.UNKNOWN


def test_a_word_of_tomorrow_is_unknown_and_not_taken_for_an_end() -> None:
    assert classify("simmering") is StateClass.UNKNOWN


@pytest.mark.parametrize("state", ["initializing", "created"])
def test_what_waits_is_pending(state: str) -> None:
    assert classify(state) is StateClass.PENDING


@pytest.mark.parametrize("state", ["importing", "cleanup_batch", "restoring"])
def test_what_works_is_running(state: str) -> None:
    assert classify(state) is StateClass.RUNNING
