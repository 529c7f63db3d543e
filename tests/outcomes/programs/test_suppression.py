"""Small groups are hidden so that nobody can compute them from what is shown."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outcomes.programs.suppression import Group, hidden

THRESHOLD = 10
SIZES = st.one_of(st.integers(0, 14), st.integers(0, 60))


def whole(*parts: Group | int, key: str = "total") -> Group:
    """A group of parts that share nobody; a number is a part of so many students."""
    made = tuple(part if isinstance(part, Group) else Group(f"{key}.{place}", part) for place, part in enumerate(parts))
    return Group(key, sum(part.students for part in made), made)


def named(group: Group, name: str = "0") -> Group:
    """With keys that say where in the tree a group stands."""
    parts = tuple(named(part, f"{name}.{place}") for place, part in enumerate(group.parts))
    return Group(name, group.students, parts)


TREES = (
    st.recursive(
        SIZES.map(lambda size: Group("", size)),
        lambda parts: st.lists(parts, min_size=1, max_size=5).map(lambda several: whole(*several)),
        max_leaves=25,
    )
    .filter(lambda tree: tree.students < 10**6)
    .map(named)
)


def equations(tree: Group) -> Iterator[tuple[Group, tuple[Group, ...]]]:
    for group in tree.everybody():
        if group.parts:
            yield group, group.parts


def can_be_computed(tree: Group, gone: frozenset[str]) -> set[str]:
    """Hidden groups of which the shown numbers leave only one value, by linear algebra."""
    unknown = [group.key for group in tree.everybody() if group.key in gone]
    rows = []
    for group, parts in equations(tree):
        row = np.zeros(len(unknown))
        for one, sign in [(group, -1), *((part, 1) for part in parts)]:
            if one.key in gone:
                row[unknown.index(one.key)] = sign
        rows.append(row)
    matrix = np.array(rows).reshape(len(rows), len(unknown))
    rank = np.linalg.matrix_rank(matrix) if matrix.size else 0
    return {
        key
        for place, key in enumerate(unknown)
        if matrix.size and np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(unknown))[place]])) == rank
    }


@given(TREES)
def test_no_small_group_is_shown(tree: Group) -> None:
    gone = hidden(tree, THRESHOLD)
    assert all(group.key in gone for group in tree.everybody() if 0 < group.students < THRESHOLD)


@given(TREES)
def test_no_hidden_group_can_be_computed_from_what_is_shown(tree: Group) -> None:
    assert not can_be_computed(tree, hidden(tree, THRESHOLD))


@given(TREES)
def test_what_is_hidden_below_a_shown_group_comes_to_the_threshold_and_leaves_every_part_in_doubt(tree: Group) -> None:
    gone = hidden(tree, THRESHOLD)
    for group, parts in equations(tree):
        lost = [part.students for part in parts if part.key in gone]
        if lost and group.key not in gone:
            assert len(lost) > 1
            assert sum(lost) >= THRESHOLD
            assert sum(lost) > len(lost)  # else each would be one student


@given(TREES)
def test_below_a_hidden_group_everything_that_has_students_is_hidden(tree: Group) -> None:
    gone = hidden(tree, THRESHOLD)
    for group in tree.everybody():
        if group.key in gone:
            assert all(one.key in gone for one in group.everybody() if one.students)


@given(TREES)
def test_where_no_group_is_small_nothing_is_hidden(tree: Group) -> None:
    if not any(0 < group.students < THRESHOLD for group in tree.everybody()):
        assert not hidden(tree, THRESHOLD)


@given(TREES)
def test_groups_without_students_are_never_hidden(tree: Group) -> None:
    gone = hidden(tree, THRESHOLD)
    assert not [group for group in tree.everybody() if group.key in gone and not group.students]


@given(TREES)
def test_a_threshold_of_one_hides_nothing(tree: Group) -> None:
    assert not hidden(tree, 1)


def test_one_small_group_takes_the_next_smallest_along() -> None:
    assert hidden(whole(4, 30, 12), THRESHOLD) == {"total.0", "total.2"}


def test_two_small_groups_that_come_to_the_threshold_suffice() -> None:
    assert hidden(whole(4, 7, 12), THRESHOLD) == {"total.0", "total.1"}


def test_two_small_groups_that_do_not_take_a_third_along() -> None:
    assert hidden(whole(4, 5, 12), THRESHOLD) == {"total.0", "total.1", "total.2"}


def test_where_nothing_is_left_to_hide_the_whole_is_hidden() -> None:
    assert hidden(whole(*[1] * 10), THRESHOLD) >= {"total"}


def test_parts_that_can_only_be_one_below_the_threshold_take_another_along() -> None:
    assert "total.2" in hidden(whole(9, 9, 30), THRESHOLD)


def test_students_in_two_parts_do_not_uncover_a_small_part() -> None:
    tree = Group("total", 20, (Group("a", 20), Group("b", 5)))
    assert hidden(tree, THRESHOLD) == {"a", "b"}


def test_two_small_parts_of_the_same_students_do_not_cover_for_each_other() -> None:
    twins = (Group("a", 6, carried=6), Group("b", 6, carried=0))
    tree = Group("total", 60, (*twins, Group("c", 30, carried=30), Group("d", 24, carried=24)))
    assert hidden(tree, THRESHOLD) == {"a", "b", "d"}


def test_a_part_that_carries_nearly_all_students_does_not_uncover_those_that_only_a_small_part_has() -> None:
    small, early, last = Group("a", 5, carried=5), Group("b", 55, carried=0), Group("c", 55, carried=55)
    assert hidden(Group("total", 60, (small, early, last)), THRESHOLD) == {"a", "c"}


def test_parts_whose_students_count_elsewhere_uncover_nobody_and_are_shown() -> None:
    small, other = Group("a", 4, carried=1), Group("b", 14, carried=2)
    tree = Group("total", 45, (small, other, Group("c", 40, carried=30), Group("d", 30, carried=12)))
    assert hidden(tree, THRESHOLD) == {"a", "b"}


def test_a_hidden_whole_takes_a_neighbour_along_on_its_own_level() -> None:
    terms = whole(whole(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, key="spring"), whole(40, key="fall"), whole(15, key="summer"))
    assert {"spring", "summer", "summer.0"} <= hidden(terms, THRESHOLD)
    assert "fall" not in hidden(terms, THRESHOLD)
