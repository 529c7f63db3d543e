"""Uploads a file of 2 GiB to one practice Canvas by Easel's client and by `curl -F`, in turns, and compares.

    python bench/upload.py [--mib 2048] [--rounds 5] [--folder DIR]

The file is sent as .txt: Canvas stores such an upload and reads nothing of it, so the server is idle between rounds.
Prints the table of docs/performance.md; exits with 1 where the target is missed: at least 80 % of curl's throughput,
and less than 64 MiB of memory more than before the upload.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from canvas.client import CanvasClient
from tests.servers.practice import Practice, practice_server

MIB = 1024 * 1024
LEAST_RATIO = 0.8
MOST_MEMORY_MIB = 64


@dataclass(frozen=True)
class Taken:
    """One upload: seconds until Canvas's answer; memory of the process before and at its peak, in MiB."""

    seconds: float
    before: float = 0
    peak: float = 0


def memory() -> float:
    """What the process holds at this moment, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MIB


def peak_memory() -> float:
    """The most it ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def upload_here(url: str, token: str, path: Path) -> Taken:
    """Runs in a process of its own, so that its peak of memory is that of one upload."""
    client = CanvasClient(url, token, insecure_hosts=["127.0.0.1"])
    client.account()
    before = memory()
    started = time.perf_counter()
    client.create_sis_import(path, filename="bench.txt", options={})
    return Taken(time.perf_counter() - started, before, peak_memory())


def by_client(site: Practice, path: Path) -> Taken:
    command = [sys.executable, __file__, "--client", site.url, site.token, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Taken(**json.loads(answer.stdout))


def by_curl(site: Practice, path: Path) -> Taken:
    command = [
        "curl", "--silent", "--show-error", "--fail", "--output", "/dev/null", "--write-out", "%{time_total}",
        "--header", f"Authorization: Bearer {site.token}", "--form", f"attachment=@{path};filename=bench.txt",
        f"{site.url}/api/v1/accounts/self/sis_imports",
    ]  # fmt: skip
    return Taken(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def written(path: Path, size: int) -> Path:
    line = b"BIO101,BIO101-A,S0000001,student,active\n" * 26215
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(line[: size - file.tell()])
    return path


def measured(site: Practice, path: Path, rounds: int) -> dict[str, list[Taken]]:
    ways: dict[str, Callable[[Practice, Path], Taken]] = {"client": by_client, "curl": by_curl}
    taken: dict[str, list[Taken]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        # Whoever goes first finds the disk quieter, so they take turns in that, too.
        for name in sorted(ways, reverse=bool(number % 2)):
            found = ways[name](site, path)
            site.control("POST", "reset")
            # The first round warms caches and is not counted.
            if number:
                taken[name].append(found)
    return taken


def report(taken: dict[str, list[Taken]], size: int) -> bool:
    """Prints the table; whether the target is met."""
    rate = {name: size / MIB / statistics.median(one.seconds for one in found) for name, found in taken.items()}
    ratio = rate["client"] / rate["curl"]
    before = max(one.before for one in taken["client"])
    peak = max(one.peak for one in taken["client"])
    added = max(one.peak - one.before for one in taken["client"])
    print("| way | MiB/s, median | s, each round |\n|---|---|---|")
    for name, label in (("client", "Easel's client"), ("curl", "`curl -F`")):
        seconds = " ".join(f"{one.seconds:.2f}" for one in taken[name])
        print(f"| {label} | {rate[name]:.0f} | {seconds} |")
    print(f"\nThroughput, client / curl: {ratio:.2f} (target: at least {LEAST_RATIO}).")
    print(f"Memory of the client's process: {before:.0f} MiB before, {peak:.0f} MiB at its peak,")
    print(f"{added:.1f} MiB added by {size / MIB:.0f} MiB (target: less than {MOST_MEMORY_MIB}).")
    return ratio >= LEAST_RATIO and added < MOST_MEMORY_MIB


def main() -> int:
    if sys.argv[1:2] == ["--client"]:
        url, token, name = sys.argv[2:]
        print(json.dumps(vars(upload_here(url, token, Path(name)))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--folder", type=Path, help="where the file and the server's data go (default: a temporary one)"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="easel-bench-", dir=options.folder))
    try:
        path = written(folder / "bench.txt", options.mib * MIB)
        with practice_server("--data", str(folder / "data")) as server:
            met = report(measured(server.site(), path, options.rounds), options.mib * MIB)
    finally:
        shutil.rmtree(folder)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
