"""Moving one thing within an order. Pure."""

from collections.abc import Sequence
from typing import NamedTuple


class Move(NamedTuple):
    """`sign` stands on a button, `words` say the same."""

    sign: str
    words: str


MOVES = {
    "first": Move("First", "first"),
    "earlier": Move("\u2191", "earlier"),
    "later": Move("\u2193", "later"),
    "last": Move("Last", "last"),
}


def moved(order: Sequence[int], what: int, move: str) -> list[int]:
    """The order with one of its numbers moved; as it was where there is no such number or move."""
    if what not in order or move not in MOVES:
        return list(order)
    at = order.index(what)
    rest = [one for one in order if one != what]
    to = {"first": 0, "earlier": max(at - 1, 0), "later": at + 1, "last": len(rest)}[move]
    return [*rest[:to], what, *rest[to:]]
