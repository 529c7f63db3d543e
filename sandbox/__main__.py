"""The command line: `python -m sandbox serve`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from sandbox.api.routes import ROUTES
from sandbox.http.practice import Practice
from sandbox.http.server import PracticeServer
from sandbox.site import Sites, Speed


def main() -> None:
    """Do what the command line says. Exits with 1 when the port is taken, with 2 for a wrong command line."""
    parser = _parser()
    options = parser.parse_args()
    practice = Practice(_sites(options), ROUTES, throttle=options.throttle)
    try:
        server = PracticeServer(options.host, options.port, practice, options.data / "incoming")
    except OSError as problem:
        reason = problem.strerror or problem
        parser.exit(1, f"Practice Canvas cannot listen on {options.host}:{options.port}: {reason}\n")
    serve(server)


def serve(server: PracticeServer) -> None:
    """Serve until SIGTERM or SIGINT."""
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
    command = commands.add_parser("serve", help="run the server until it is told to stop")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    command.add_argument("--port", type=_port, default=9100, help="0 for any free one (default: %(default)s)")
    command.add_argument(
        "--data", type=Path, default=_default_data(), help="folder of the sites (default: %(default)s)"
    )
    command.add_argument("--rows-per-second", type=_positive, help="how fast rows are imported (default: no limit)")
    command.add_argument("--throttle", action="store_true", help="limit the rate of requests as Canvas does")
    command.add_argument("--clock", choices=("real", "manual"), default="real", help="manual: moves when told to")
    return parser


def _default_data() -> Path:
    return Path(os.environ.get("EASEL_DATA_DIR") or "var") / "sandbox-data"


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


if __name__ == "__main__":
    main()
