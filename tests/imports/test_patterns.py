"""Messages of one cause share a pattern."""

import pytest

from imports.patterns import LONGEST, pattern_of


@pytest.mark.parametrize(
    "one, other",
    [
        (
            "User not found for enrollment (User ID: U9, Course ID: C1, Section ID: )",
            "User not found for enrollment (User ID: abc, Course ID: , Section ID: MATH-1)",
        ),
        ("No status given for user jdoe", "No status given for user U-17"),
        ('Improper status "gone" for an enrollment', 'Improper status "" for an enrollment'),
        ("Section S1 references course C1 which doesn't exist", "Section S2 references course C9 which doesn't exist"),
        (
            "12 enrollments would be deleted and exceeds the set threshold of 10%",
            "3 enrollments would be deleted and exceeds the set threshold of 50%",
        ),
    ],
)
def test_names_ids_and_numbers_make_no_difference(one: str, other: str) -> None:
    assert pattern_of(one) == pattern_of(other)


def test_messages_of_different_causes_differ() -> None:
    messages = [
        "No user_id given for a user",
        "No login_id given for user U1",
        "No status given for user U1",
        "Improper status for user U1",
        "No course_id or section_id given for an enrollment",
        'Improper role "x" for an enrollment',
    ]

    assert len({pattern_of(message) for message in messages}) == len(messages)


def test_a_pattern_fits_its_column_however_long_the_message() -> None:
    assert len(pattern_of("word " * 500)) <= LONGEST
