"""What the known state is asked for every row of a file it answers as quickly however much is known."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from imports.known.state import KnownState, opened

MANY = 5000


def filled(known: KnownState) -> None:
    """Everybody is in one course, and observed by one person."""
    with known.changing():
        known.db.executemany(
            "INSERT INTO known_user_observer (key, state, run, observer_id, student_id) VALUES (?, ?, 1, ?, ?)",
            ((f"O\x1fU{n}", "deleted" if n == 2 else "active", "O", f"U{n}") for n in range(MANY)),
        )
        known.db.executemany(
            "INSERT INTO known_enrollment (key, state, run, person, course) VALUES (?, 'active', 1, ?, 'C')",
            ((f"U{n}", f"U{n}") for n in range(MANY)),
        )


@pytest.mark.parametrize(
    "kind, columns, keys",
    [
        ("user_observer", {"observer_id": "O", "student_id": "U7"}, ["O\x1fU7"]),
        ("user_observer", {"observer_id": "O", "student_id": "U2"}, []),
        ("enrollment", {"person": "U7", "course": "C"}, ["U7"]),
        ("enrollment", {"person": "U7", "course": "D"}, []),
    ],
)
def test_a_link_is_looked_up_without_reading_all_of_its_kind(
    tmp_path: Path, kind: str, columns: Mapping[str, str], keys: list[str]
) -> None:
    with opened(tmp_path / "known.sqlite3") as known:
        filled(known)
        steps: list[int] = []
        known.db.set_progress_handler(lambda: steps.append(1), 10)
        found = known.living(kind, columns)

    assert found == keys
    assert len(steps) < MANY / 100
