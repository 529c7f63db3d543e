"""Run by bench/check.py with a Python that has frictionless: the seconds that it takes to validate enrollments.

python frictionless_enrollments.py USERS ENROLLMENTS
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from frictionless import Package  # type: ignore[import-not-found]  # only there where it is compared

STATUSES = ["active", "deleted", "completed", "inactive", "deleted_last_completed"]


def package(folder: str) -> Package:
    text = {"type": "string", "constraints": {"required": True}}
    one_of = {"type": "string", "constraints": {"required": True, "enum": STATUSES}}
    enrollments = [
        {"name": "course_id", **text},
        {"name": "section_id", **text},
        {"name": "user_id", **text},
        {
            "name": "role",
            "type": "string",
            "constraints": {"enum": ["student", "teacher", "ta", "observer", "designer"]},
        },
        {"name": "status", **one_of},
    ]
    key = {"fields": ["user_id"], "reference": {"resource": "users", "fields": ["user_id"]}}
    people = ["user_id", "login_id", "first_name", "last_name", "email", "status"]
    users = {"fields": [{"name": name, "type": "string"} for name in people], "primaryKey": ["user_id"]}
    return Package.from_descriptor(
        {
            "name": "upload",
            "resources": [
                {"name": "users", "path": "users.csv", "schema": users},
                {
                    "name": "enrollments",
                    "path": "enrollments.csv",
                    "schema": {
                        "fields": enrollments,
                        "primaryKey": ["course_id", "section_id", "user_id", "role"],
                        "foreignKeys": [key],
                    },
                },
            ],
        },
        basepath=folder,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path, name in zip(sys.argv[1:], ("users.csv", "enrollments.csv"), strict=True):
            shutil.copy(path, Path(folder) / name)
        upload = package(folder)
        started = time.perf_counter()
        upload.get_resource("enrollments").validate()
        print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
