"""Numbers that stand for texts: no two alike for texts that differ."""

import numpy as np

from imports.check.hashing import Hashes, Ints, hash_cells, mix, words_of

MANY = 300_000


def numbers_of(letter: str) -> Hashes:
    """Of ids such as u1, u2, ..."""
    ids = [f"{letter}{number}".encode() for number in range(MANY)]
    lengths: Ints = np.array([len(text) for text in ids])
    ends = np.cumsum(lengths)
    return hash_cells(words_of(b"".join(ids) + bytes(8)), ends - lengths, ends)


def test_ids_that_differ_have_different_numbers() -> None:
    assert np.unique(numbers_of("u")).size == MANY


def test_pairs_of_ids_that_are_nearly_alike_have_different_numbers() -> None:
    pairs = mix(numbers_of("u"), numbers_of("k"))

    assert np.unique(pairs).size == MANY


def test_a_pair_is_not_the_same_the_other_way_round() -> None:
    one, other = numbers_of("u"), numbers_of("k")

    assert not (mix(one, other) == mix(other, one)).any()
