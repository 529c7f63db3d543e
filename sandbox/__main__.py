"""The command line: `python -m sandbox serve`, `python -m sandbox seed`."""

import argparse
import gc
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from sandbox import clock
from sandbox.api.routes import ROUTES
from sandbox.http.practice import Practice
from sandbox.http.server import PracticeServer
from sandbox.seeding.fill import SeededOtherwise, fill
from sandbox.seeding.plan import Plan
from sandbox.site import Sites, Speed, is_practice_token, site_key
from sandbox.store import database


def main() -> None:
    """Do what the command line says. Exits with 1 where that is impossible, with 2 for a wrong command line."""
    parser = _parser()
    options = parser.parse_args()
    options.run(parser, options)


def run_server(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Exits with 1 when the port is taken."""
    practice = Practice(_sites(options), ROUTES, throttle=options.throttle)
    try:
        server = PracticeServer(options.host, options.port, practice, options.data / "incoming")
    except OSError as problem:
        reason = problem.strerror or problem
        parser.exit(1, f"Practice Canvas cannot listen on {options.host}:{options.port}: {reason}\n")
    serve(server)


def run_seed(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Fill the site of a token, whether or not a server has it open. Exits with 1 where another university is there."""
    folder = options.data / "sites" / site_key(options.token)
    folder.mkdir(parents=True, exist_ok=True)
    db = database.connect(folder / "site.sqlite3")
    database.prepare(db, clock.text(datetime.now(UTC)))
    plan = Plan(courses=options.courses, students=options.students, outcomes=options.outcomes, seed=options.seed)
    try:
        new = fill(db, plan)
    except SeededOtherwise:
        parser.exit(1, "The site holds another university already; reset it first\n")
    finally:
        db.close()
    sys.stdout.write("The university is ready\n" if new else "This university was there already\n")


def serve(server: PracticeServer) -> None:
    """Serve until SIGTERM or SIGINT."""
    # An import makes millions of small objects, none of them in circles: looking for circles seldom saves a tenth.
    gc.set_threshold(200_000, 20, 50)
    stopping = server.practice.stopping
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="accept").start()
    sys.stdout.write(f"Practice Canvas at {server.address}  token practice-demo\n")
    sys.stdout.flush()
    stopping.wait()
    server.shutdown()
    server.server_close()
    server.practice.close()


def _sites(options: argparse.Namespace) -> Sites:
    speed = Speed(options.rows_per_second)
    return Sites(options.data / "sites", speed=speed, manual_clock=options.clock == "manual")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A practice Canvas.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _describe_serve(commands.add_parser("serve", help="run the server until it is told to stop"))
    _describe_seed(commands.add_parser("seed", help="fill a site with an invented university"))
    return parser


def _describe_serve(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=run_server)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    command.add_argument("--port", type=_port, default=9100, help="0 for any free one (default: %(default)s)")
    command.add_argument(
        "--data", type=Path, default=_default_data(), help="folder of the sites (default: %(default)s)"
    )
    command.add_argument("--rows-per-second", type=_positive, help="how fast rows are imported (default: no limit)")
    command.add_argument("--throttle", action="store_true", help="limit the rate of requests as Canvas does")
    command.add_argument("--clock", choices=("real", "manual"), default="real", help="manual: moves when told to")


def _describe_seed(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=run_seed)
    command.add_argument("--token", type=_token, default="practice-demo", help="whose site (default: %(default)s)")
    command.add_argument(
        "--data", type=Path, default=_default_data(), help="folder of the sites (default: %(default)s)"
    )
    command.add_argument("--courses", type=_count, default=12, help="how many (default: %(default)s)")
    command.add_argument("--students", type=_count, default=400, help="how many (default: %(default)s)")
    command.add_argument("--outcomes", type=_count, default=30, help="how many (default: %(default)s)")
    command.add_argument("--seed", type=int, default=7, help="another one makes other people (default: %(default)s)")


def _default_data() -> Path:
    return Path(os.environ.get("EASEL_DATA_DIR") or "var") / "sandbox-data"


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number


def _token(text: str) -> str:
    if not is_practice_token(text):
        raise argparse.ArgumentTypeError("must begin with practice-")
    return text


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


if __name__ == "__main__":
    main()
