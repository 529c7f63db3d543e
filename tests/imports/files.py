"""Small CSVs for tests."""

from pathlib import Path

USERS = "user_id,login_id,first_name,last_name,email,status\n"
COURSES = "course_id,short_name,long_name,term_id,status\n"
ENROLLMENTS = "course_id,user_id,role,status\n"


def users(folder: Path, count: int, *, first: int = 1, name: str = "users.csv") -> Path:
    """So many users U1, U2 ..., all well."""
    rows = (
        f"U{number},user{number},Given{number},Family{number},user{number}@example.edu,active\n"
        for number in range(first, first + count)
    )
    return write(folder / name, USERS + "".join(rows))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
