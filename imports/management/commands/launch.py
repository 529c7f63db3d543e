"""`manage.py launch FILE... --account NAME`: what the New import page does, for scripts.

Exit codes: 0 imported (without --wait: queued), 2 usage, 3 imported with messages, 4 failed, 5 aborted, 6 held,
7 refused by the check, 8 unsure.
"""

import getpass
import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from accounts.doorbell import ring
from accounts.models import CanvasAccount
from imports import destinations
from imports import options as sis_options
from imports.destinations import Destination
from imports.intake import TakenFile, copied
from imports.models import Forecast, ImportRun, Upload
from imports.options import OptionsRefused
from imports.phases import Outcome, Phase
from imports.selectors.workers import worker_is_alive
from imports.services import checking, forecasting, holding, launching, uploads, watching
from imports.services.launching import LaunchRefused
from imports.tasks import send_next, speaking_for

IMPORTED, USAGE, WITH_MESSAGES, FAILED, ABORTED, HELD, REFUSED, UNSURE = 0, 2, 3, 4, 5, 6, 7, 8
_BY_OUTCOME = {
    Outcome.IMPORTED: IMPORTED,
    Outcome.RESTORED: IMPORTED,
    Outcome.PARTLY_RESTORED: IMPORTED,
    Outcome.WITH_MESSAGES: WITH_MESSAGES,
    Outcome.ABORTED: ABORTED,
}


class Command(BaseCommand):
    help = "Uploads files and launches them as one import. Exit codes: see the manual."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--account", required=True, metavar="NAME", help="name or short name of the Canvas account")
        parser.add_argument("--set", action="append", default=[], metavar="option=value", dest="options")
        parser.add_argument("--kind", choices=["sis", "outcome"], default="sis")
        parser.add_argument(
            "--context", default="", metavar="course:ID|account:ID", help="of an outcome import; else the root account"
        )
        parser.add_argument("--wait", action="store_true", help="until the import has ended")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        self._as_json: bool = options["as_json"]
        self._kind: str = options["kind"]
        account = self._account(options["account"])
        wanted = self._options(options["options"], options["context"])
        upload = self._upload(account, options["files"])
        self._look_at(upload, wanted)
        try:
            run = launching.launch(
                upload=upload,
                options=wanted,
                by=None,
                via=ImportRun.Via.COMMAND,
                actor_name=f"{getpass.getuser()} (command line)",
            )
        except LaunchRefused as error:
            self._stop(REFUSED, str(error))
        self._judge(run)
        watching.look_soon(account)
        ring(send_next, account.pk)
        if options["wait"]:
            self._wait(run)
        self._report(run)
        sys.exit(_exit_code(run) if options["wait"] or run.phase == Phase.HELD else 0)

    def _account(self, name: str) -> CanvasAccount:
        account = CanvasAccount.objects.named(name)
        if account is None:
            known = ", ".join(CanvasAccount.objects.filter(archived_at=None).values_list("name", flat=True))
            self._stop(USAGE, f"There is no Canvas account “{name}”. Known: {known or 'none; see add_account'}.")
        return account

    def _options(self, given: list[str], context: str) -> dict[str, Any]:
        """Refused before any file is copied."""
        broken = [pair for pair in given if "=" not in pair]
        if broken:
            self._stop(USAGE, f"--set takes option=value, not “{broken[0]}”.")
        pairs: dict[str, Any] = dict(pair.split("=", 1) for pair in given)
        if context and self._kind != Upload.Kind.OUTCOME:
            self._stop(USAGE, "--context is for outcome imports alone: add --kind outcome.")
        try:
            if self._kind == Upload.Kind.OUTCOME:
                return destinations.clean(pairs | ({destinations.CONTEXT: context} if context else {}))
            return sis_options.clean(pairs)
        except OptionsRefused as error:
            self._stop(USAGE, str(error))

    def _upload(self, account: CanvasAccount, files: list[Path]) -> Upload:
        taken: list[TakenFile] = []
        for path in files:
            try:
                taken.append(copied(path))
            except OSError as error:
                for file in taken:
                    file.path.unlink()
                self._stop(USAGE, f"{path} cannot be read: {error.strerror}.")
        upload = uploads.store(canvas_account=account, files=taken, by=None)
        while upload.state == Upload.State.STORED:
            uploads.look(upload=upload)
            upload.refresh_from_db()
            if upload.state == Upload.State.STORED:
                time.sleep(0.5)  # a worker was quicker and is looking into it
        return upload

    def _look_at(self, upload: Upload, wanted: dict[str, Any]) -> None:
        """A file of another kind than the script says is refused; of outcomes the check comes before the launch."""
        if upload.state == Upload.State.READY and upload.kind != self._kind:
            self._stop(REFUSED, f"These are {Upload.Kind(upload.kind).label}, and --kind says {self._kind}.")
        if upload.state == Upload.State.READY and upload.holds_outcomes:
            check = checking.check_of(upload=upload, into_course=Destination.of(wanted).is_course)
            if checking.claim(run=check):
                checking.run_check(run=check)

    def _judge(self, run: ImportRun) -> None:
        """A script is told at once whether its launch is held: the forecast is made here, not by a worker."""
        while run.phase == Phase.CHECKING:
            for forecast in Forecast.objects.filter(upload=run.upload):
                if forecasting.claim(forecast=forecast):
                    with forecasting.kept(forecast), speaking_for(run.canvas_account) as canvas:
                        forecasting.make(forecast=forecast, canvas=canvas)
            holding.judge(run=run)
            time.sleep(0.2 if run.phase == Phase.CHECKING else 0)

    def _wait(self, run: ImportRun) -> None:
        warned = False
        while run.is_active and run.phase not in (Phase.ASKED, Phase.HELD):
            if not warned and not worker_is_alive():
                warned = True
                self.stderr.write("No worker is running: the import waits until one is started (manage.py worker).")
            time.sleep(0.5)
            run.refresh_from_db()

    def _report(self, run: ImportRun) -> None:
        if self._as_json:
            self.stdout.write(json.dumps(_as_json(run)))
            return
        label = Outcome(run.outcome).label if run.outcome else Phase(run.phase).label
        self.stdout.write(f"{run}: {label}. {run.problem}".strip())

    def _stop(self, code: int, message: str) -> NoReturn:
        """Nothing is launched, and the caller is told so in the form it asked for."""
        self.stderr.write(message)
        if self._as_json:
            self.stdout.write(json.dumps({"run": None, "phase": None, "outcome": None, "problem": message}))
        sys.exit(code)


def _exit_code(run: ImportRun) -> int:
    if run.phase == Phase.HELD:
        return HELD
    if run.phase in (Phase.ASKED, Phase.UNSURE):
        return UNSURE
    if run.phase == Phase.CANCELLED:
        return ABORTED
    return _BY_OUTCOME.get(Outcome(run.outcome), FAILED)


def _as_json(run: ImportRun) -> dict[str, object]:
    return {
        "run": run.pk,
        "canvas_id": run.canvas_id,
        "phase": run.phase,
        "outcome": run.outcome or None,
        "canvas_state": run.canvas_state or None,
        "progress": run.progress,
        "counts": run.counts,
        "warnings": run.warning_count,
        "errors": run.error_count,
        "problem": run.problem or None,
    }
