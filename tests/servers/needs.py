"""What a test needs from the machine: found, or skipped with one line that says how to get it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

# On a build machine nothing may be missing: see `no_skips` in tests/conftest.py.
STRICT = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@dataclass(frozen=True)
class Program:
    """A program that a test runs: where it may lie, and how one gets it."""

    names: tuple[str, ...]
    package: str
    folders: tuple[str, ...] = ()

    def find(self) -> Path | None:
        for folder in self.folders:
            for candidate in sorted(Path("/").glob(folder.lstrip("/")), reverse=True):
                if (candidate / self.names[0]).exists():
                    return candidate / self.names[0]
        found = next(filter(None, map(shutil.which, self.names)), None)
        return Path(found) if found else None


PROGRAMS = {
    "postgres": Program(("initdb",), "postgresql", folders=("/usr/lib/postgresql/*/bin",)),
    "redis": Program(("redis-server",), "redis-server"),
    "chromium": Program(("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "curl": Program(("curl",), "curl"),
}


def needs(name: str) -> Path:
    """The path of a program of `PROGRAMS`; where the machine lacks it, the test that asked is skipped."""
    program = PROGRAMS[name]
    path = program.find()
    if path is None:
        pytest.skip(f"needs {name}; get it with: apt-get install {program.package}")
    return path
