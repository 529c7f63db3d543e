"""Checks an enrollments file with its users and courses, beside what it takes to read such a file at all.

    python bench/check.py [--students 1000000] [--rounds 3] [--folder DIR] [--validator PYTHON]

Each line is measured in processes of its own, in turns with the others, and the best of its rounds counts: a bare read
of the bytes; a bare pass of the `csv` module; the check of a clean set; the check of a set in which every enrollment is
wrong; and a public validator, `frictionless`, with the same demands on single cells and its foreign keys on the first
rows of the file, if PYTHON has it. Ten students make about a hundred enrollments. Prints the table of
docs/performance.md; exits with 1 where a target is missed, but for sets so small that starting up is what counts.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from imports.check.engine import check
from imports.check.findings import Group
from imports.check.knowledge import Known
from imports.check.sources import Source
from imports.samples import Row, University, write_folder

MOST_OF_CSV_PASS = 2.5
MOST_OF_CLEAN = 2.0
MOST_MEMORY_MIB = 1.2 * 1024
FIRST_FINDINGS, FIRST_WITHIN = 200, 2.0
VALIDATED_ROWS = 100_000
ENROLLMENTS = "enrollments.csv"
FEWEST_STUDENTS = 100_000  # for the targets to mean anything


class NothingElse:
    """An account that holds nothing but the upload, so that every unknown id is refused."""

    def has(self, _kind: str, _sis_id: str, /) -> bool:
        return False

    def thing(self, _kind: str, _sis_id: str, /) -> None:
        return None

    def living(self, _kind: str, _columns: Mapping[str, str], /) -> tuple[str, ...]:
        return ()

    def holders(self, _column: str, _values: Sequence[str], /) -> dict[str, str]:
        return {}

    def names(self, _kind: str, /) -> tuple[str, ...]:
        return ()


def faulty(rows: Iterator[Row]) -> Iterator[Row]:
    """Every row with one mistake, in turns: person, section, course, role, status, or nobody at all."""
    for number, (course, section, user, role, status) in enumerate(rows):
        yield (
            (course, section, f"X{number}", role, status),
            (course, f"{section}-{number}", user, role, status),
            (f"{course}-{number}", section, user, role, status),
            (course, section, user, "pupil", status),
            (course, section, user, role, "enrolled"),
            (course, section, "", role, status),
        )[number % 6]


def write_sets(folder: Path, students: int) -> tuple[list[Path], list[Path]]:
    """The files of a clean set and of a faulty one, which differ in the enrollments."""
    university = University(students)
    clean = write_folder(university, folder / "clean")
    (folder / "faulty").mkdir(exist_ok=True)
    wrong = folder / "faulty" / ENROLLMENTS
    with wrong.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("course_id", "section_id", "user_id", "role", "status"))
        writer.writerows(faulty(university.enrollment_rows()))
    return clean, [path for path in clean if path.name != ENROLLMENTS] + [wrong]


@dataclass(frozen=True)
class Taken:
    """Seconds, MiB at the peak, seconds until the first 200 findings, and findings."""

    seconds: float
    peak: float
    first: float = 0
    findings: int = 0


def bare_read(paths: list[Path]) -> None:
    for path in paths:
        with path.open("rb") as file:
            while file.read(1024 * 1024):
                pass


def csv_pass(paths: list[Path]) -> None:
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for _ in csv.reader(file):
                pass


def whole_check(paths: list[Path], known: Known | None = None) -> tuple[float, int]:
    """Seconds until the first findings, and how many there are."""
    started = time.perf_counter()
    counts: dict[tuple[str, str], int] = {}
    first: list[float] = []

    def note(group: Group) -> None:
        counts[group.rule, group.file] = group.count
        if not first and sum(counts.values()) >= FIRST_FINDINGS:
            first.append(time.perf_counter() - started)

    report = check([Source(path.name, path, path.stat().st_size) for path in paths], known=known, on_group=note)
    return (first[0] if first else 0), sum(group.count for group in report.groups)


WAYS: dict[str, Callable[[list[Path]], tuple[float, int] | None]] = {
    "read": bare_read,
    "csv": csv_pass,
    "check": lambda paths: whole_check(paths, NothingElse()),
}


def measure_here(way: str, paths: list[Path]) -> None:
    started = time.perf_counter()
    first, findings = WAYS[way](paths) or (0.0, 0)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, peak, first, findings]))


def measure(way: str, paths: list[Path]) -> Taken:
    command = [sys.executable, __file__, "--measure", way, *map(str, paths)]
    return Taken(*json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def best_of(rounds: int, ways: dict[str, tuple[str, list[Path]]]) -> dict[str, Taken]:
    """The quickest of each, in turns, so that what else the machine does falls on all alike."""
    taken = [{name: measure(way, paths) for name, (way, paths) in ways.items()} for _ in range(rounds)]
    return {name: min((turn[name] for turn in taken), key=lambda of: of.seconds) for name in ways}


def validate(python: str, paths: list[Path], folder: Path) -> float | None:
    """Rows per second of the public validator; None where it is not installed."""
    users, enrollments = (next(path for path in paths if path.name == name) for name in ("users.csv", ENROLLMENTS))
    some = folder / "some.csv"
    with enrollments.open(encoding="utf-8") as whole, some.open("w", encoding="utf-8") as part:
        part.writelines(line for _, line in zip(range(VALIDATED_ROWS + 1), whole, strict=False))
    script = Path(__file__).parent / "validators" / "frictionless_enrollments.py"
    done = subprocess.run([python, script, users, some], check=False, capture_output=True, text=True)
    return VALIDATED_ROWS / float(done.stdout) if done.returncode == 0 else None


def table(students: int, rounds: int, folder: Path, validator: str) -> bool:
    """Measures and prints; whether all targets are met."""
    clean, wrong = write_sets(folder, students)
    print(f"{ENROLLMENTS}: {clean[-1].stat().st_size / 1e6:.0f} MB; its set: {_size(clean) / 1e6:.0f} MB\n")
    taken = best_of(
        rounds,
        {
            "bare read": ("read", clean),
            "bare `csv` pass": ("csv", clean),
            "check, clean": ("check", clean),
            "check, every enrollment wrong": ("check", wrong),
        },
    )
    print("| pass | s | of the `csv` pass | MiB at the peak | findings |\n|---|---|---|---|---|")
    bare = taken["bare `csv` pass"].seconds
    for name, of in taken.items():
        print(f"| {name} | {of.seconds:.2f} | {of.seconds / bare:.2f} | {of.peak:.0f} | {of.findings:,} |")
    speed = validate(validator, clean, folder)
    print(f"\n`frictionless`: {f'{speed:,.0f} enrollments a second' if speed else 'not installed'}.")
    return verdict(bare, taken["check, clean"], taken["check, every enrollment wrong"])


def verdict(bare: float, clean: Taken, wrong: Taken) -> bool:
    print(f"Clean / `csv` pass: {clean.seconds / bare:.2f} (target: at most {MOST_OF_CSV_PASS}).")
    print(f"All wrong / clean: {wrong.seconds / clean.seconds:.2f} (target: at most {MOST_OF_CLEAN}).")
    print(f"First {FIRST_FINDINGS} findings after {wrong.first:.2f} s (target: at most {FIRST_WITHIN}).")
    return (
        clean.seconds <= MOST_OF_CSV_PASS * bare
        and wrong.seconds <= MOST_OF_CLEAN * clean.seconds
        and max(clean.peak, wrong.peak) < MOST_MEMORY_MIB
        and wrong.first <= FIRST_WITHIN
    )


def _size(paths: list[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made; otherwise a temporary folder")
    parser.add_argument("--validator", default=sys.executable, help="a Python that has frictionless")
    parser.add_argument("--measure", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure_here(asked.measure, asked.paths)
        return 0
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        met = table(asked.students, asked.rounds, folder, asked.validator)
        return 0 if met or asked.students < FEWEST_STUDENTS else 1


if __name__ == "__main__":
    sys.exit(main())
