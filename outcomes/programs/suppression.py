"""Which groups are too small to be shown, and which others must go with them. Pure.

A group of fewer students than the threshold is hidden. That alone hides nothing where the groups beside it and the
whole are shown: the difference is the hidden one. So for every whole that is shown, the parts hidden below it must be
several, must have at least the threshold of different students together, and must not be pinned down by what everybody
knows about a hidden group: that it has at least one student, and most likely fewer than the threshold. Nor may the
whole leave fewer students than the threshold, less one or all of the shown parts of which every score counts in it.
Until then the next smallest part is hidden as well, and where there is none left, the whole.

What is below a hidden group is hidden with it, since parts would add up to it. Groups without any student say nothing
about anybody and are shown.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Students of a group and of its parts: total, terms, courses, sections. Parts may share students.

    `carried` are those for whom the score of this group is the one that counts in the group above: each student of that
    is carried by one part. None where all count there. Where they do and parts share students all the same, `mixed`
    says how many students are in which of the parts, by their keys, and in no other.
    """

    key: str
    students: int
    parts: tuple["Group", ...] = ()
    carried: int | None = None
    mixed: tuple[tuple[frozenset[str], int], ...] = ()

    @property
    def own(self) -> int:
        return self.students if self.carried is None else self.carried

    def together(self, parts: Sequence["Group"]) -> int:
        """Different students of some of its parts, at the least."""
        if self.mixed:
            keys = {part.key for part in parts}
            return sum(students for inside, students in self.mixed if not keys.isdisjoint(inside))
        return max(sum(part.own for part in parts), *(part.students for part in parts), 0)

    def everybody(self) -> Iterator["Group"]:
        """The group and all below it."""
        yield self
        for part in self.parts:
            yield from part.everybody()


def hidden(whole: Group, threshold: int) -> frozenset[str]:
    """The keys of all groups whose figures must not be shown. With a threshold of 1 or less these are none."""
    found: set[str] = set()
    _hide_small(whole, threshold, found)
    _hide_beside(whole, threshold, found)
    return frozenset(found)


def _hide_small(group: Group, threshold: int, found: set[str]) -> None:
    if 0 < group.students < threshold:
        _hide(group, found)
    else:
        for part in group.parts:
            _hide_small(part, threshold, found)


def _hide_beside(group: Group, threshold: int, found: set[str]) -> None:
    """From below upward, since a whole that had to be hidden is a hidden part of the next."""
    if group.key in found:
        return
    for part in group.parts:
        _hide_beside(part, threshold, found)
    while (telling := _telling(group, threshold, found)) is not None:
        if not telling:
            _hide(group, found)
            return
        _hide(min(telling, key=lambda part: (part.students, part.key)), found)


def _telling(group: Group, threshold: int, found: Collection[str]) -> list[Group] | None:
    """The shown parts that tell of the hidden ones, by subtraction from the group; None where no part does."""
    gone = [part for part in group.parts if part.key in found]
    shown = [part for part in group.parts if part.students and part.key not in found]
    if not gone:
        return None
    whole = [part for part in shown if part.own == part.students]
    for taken in (whole, *([part] for part in whole)):
        if 0 < group.students - group.together(taken) < threshold:
            return taken
    return None if _is_blurred(gone, group.together(gone), threshold) else shown


def _is_blurred(gone: Sequence[Group], different: int, threshold: int) -> bool:
    """Whether the sum of hidden sizes, which everybody can compute where every score counts, tells none of them."""
    sizes = [part.students for part in gone]
    many, together, largest = len(sizes), sum(sizes), max(sizes)
    all_at_most = largest < threshold and together == many * (threshold - 1)
    return many > 1 and different >= threshold and together > many and not all_at_most


def _hide(group: Group, found: set[str]) -> None:
    found.update(one.key for one in group.everybody() if one.students)
