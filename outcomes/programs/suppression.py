"""Which groups are too small to be shown, and which others must go with them. Pure.

A group of fewer students than the threshold is hidden. That alone hides nothing where the groups beside it and the
whole are shown: the difference is the hidden one. So for every whole that is shown, the parts hidden below it must be
several, must come to at least the threshold together, and must not be pinned down by what everybody knows about a
hidden group: that it has at least one student, and most likely fewer than the threshold. Until then the next smallest
part is hidden as well, and where there is none left, the whole.

What is below a hidden group is hidden with it, since parts would add up to it. Groups without any student say nothing
about anybody and are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Students of a group and of its parts: total, terms, courses, sections. Parts may share students."""

    key: str
    students: int
    parts: tuple["Group", ...] = ()

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
    gone = [part.students for part in group.parts if part.key in found]
    shown = sorted((part for part in group.parts if part.students and part.key not in found), key=_smallest_last)
    while gone and not _is_blurred(gone, threshold):
        if not shown:
            _hide(group, found)
            return
        smallest = shown.pop()
        _hide(smallest, found)
        gone.append(smallest.students)


def _is_blurred(sizes: Sequence[int], threshold: int) -> bool:
    """Whether the sum of hidden sizes, which everybody can compute, tells none of them."""
    many, together = len(sizes), sum(sizes)
    all_at_most = max(sizes) < threshold and together == many * (threshold - 1)
    return many > 1 and together >= threshold and together > many and not all_at_most


def _smallest_last(part: Group) -> tuple[int, str]:
    return -part.students, part.key


def _hide(group: Group, found: set[str]) -> None:
    found.update(one.key for one in group.everybody() if one.students)
