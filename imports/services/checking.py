"""Checking uploads: begun as soon as the files are stored, run by one worker at a time, shown while it runs."""

import logging
import secrets
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.models import CanvasAccount, User
from imports import leases
from imports.check import outcome_outputs
from imports.check.engine import CheckedFile, Report, check
from imports.check.findings import Finding, Group
from imports.check.institution import InstitutionRules, read_rules
from imports.check.outcomes import check_outcomes
from imports.check.outputs import cleaned, refused_rows
from imports.check.rows import Options
from imports.check.survey import UNREADABLE
from imports.inspection import MAX_BLOW_UP, UnusableFile, refuse_unusable
from imports.known.asking import AskedState, Roles
from imports.known.state import opened
from imports.models import Check, FindingGroup, HouseRules, Upload, Watch
from imports.services.knowing import knowledge_of, path_of
from imports.storable import storable, storable_document
from imports.uploaded import sources_of

State = Check.State
_UNDER_WAY = (State.DUE, State.RUNNING)

CLEANED, REFUSED = "cleaned.zip", "refused.zip"
_MAX_ATTEMPTS = 3
_LONGEST_SHOWN = 500  # characters of a value or message
_TELL_EVERY = 0.4  # seconds: often enough to be seen filling, seldom enough not to hold up the reading

logger = logging.getLogger(__name__)


def check_of(*, upload: Upload, options: Options | None = None, into_course: bool = False) -> Check:
    """The check of this upload under these options; made with the first call."""
    made, _ = Check.objects.get_or_create(upload=upload, into_course=into_course, **asdict(options or Options()))
    return made


def due_checks() -> list[int]:
    """Checks that nobody runs, for instance because the worker that did has died."""
    free = Check.objects.filter(state__in=_UNDER_WAY).filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()))
    return list(free.order_by("pk").values_list("pk", flat=True)[:20])


def claim(*, run: Check) -> bool:
    """Let one worker alone run the check. After a few dead workers it is given up: something in the file kills them."""
    now = timezone.now()
    free = Check.objects.filter(pk=run.pk, state__in=_UNDER_WAY)
    free = free.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    if free.filter(attempts__gte=_MAX_ATTEMPTS).update(
        state=State.BROKEN, problem="The check did not come to its end. The files can be launched all the same."
    ):
        return False
    claimed = free.update(
        state=State.RUNNING,
        attempts=F("attempts") + 1,
        began_at=now,
        bytes_done=0,
        lease_until=now + timedelta(seconds=leases.SECONDS),
        lease_holder=secrets.token_hex(8),
    )
    run.refresh_from_db()
    return bool(claimed)


def run_check(*, run: Check) -> None:
    """Read the upload and write down what is found, while it is found. The check must be claimed."""
    FindingGroup.objects.filter(check_run=run).delete()
    if why := _why_not(run.upload):
        _end(run, State.BROKEN, problem=why)
        return
    telling = _Telling(run)
    try:
        with leases.KeptLease(telling.renew) as lease:
            telling.lease = lease
            figures = _check_outcomes(run, telling) if run.upload.holds_outcomes else _check_files(run, telling)
    except leases.LeaseLost:
        logger.warning("lease lost while checking", extra={"check": run.pk})
    except (OSError, *UNREADABLE) as error:
        _end(run, State.BROKEN, problem=f"The files cannot be read: {error}.")
    else:
        _end(run, State.DONE, bytes_done=F("bytes_all"), **figures)


def _why_not(upload: Upload) -> str:
    """Why there is nothing to check. Nobody may have looked into the files yet, and an archive can be a trap."""
    if not upload.is_checkable:
        return upload.problem
    try:
        refuse_unusable([(file.path, file.name) for file in upload.files.all()])
    except UnusableFile as reason:
        return str(reason)
    return ""


def call_off(*, upload: Upload, why: str) -> None:
    """End the checks of an upload that cannot be sent. Whoever reads for one has lost its lease with that."""
    Check.objects.filter(upload=upload, state__in=_UNDER_WAY).update(
        state=State.BROKEN, problem=why, ended_at=timezone.now(), lease_until=None, version=F("version") + 1
    )


def _read(run: Check, telling: "_Telling") -> tuple[Report, bool]:
    """The report, and whether the account was known well enough for all that the rows refer to."""
    canvas_account = run.upload.canvas_account
    is_complete, roles = knowledge_of(canvas_account).is_complete, roles_of(canvas_account)
    with opened(path_of(canvas_account)) as state:
        known = AskedState(state, is_complete=is_complete, roles=roles)
        report = check(
            sources_of(run.upload),
            options=_options(run),
            known=known,
            institution=house_rules(canvas_account),
            on_progress=telling.progress,
            on_group=telling.group,
        )
    return report, not (known.was_at_a_loss or report.was_at_a_loss)


def _check_files(run: Check, telling: "_Telling") -> dict[str, Any]:
    report, all_known = _read(run, telling)
    telling.tell_now()
    FindingGroup.objects.filter(check_run=run, count=0).delete()
    _write_outputs(run, report)
    return {**_figures(report), "all_known": all_known}


def _check_outcomes(run: Check, telling: "_Telling") -> dict[str, Any]:
    """Check and write down at once: such files are read in a moment."""
    (source,) = sources_of(run.upload)
    report = check_outcomes(source, into_course=run.into_course, on_progress=telling.progress)
    for group in report.found.groups:
        telling.group(group)
    telling.tell_now()
    if report.problems:
        run.folder.mkdir(mode=0o700, exist_ok=True)
        (run.folder / "cleaned.csv").write_bytes(b"".join(outcome_outputs.cleaned(report)))
        (run.folder / "refused.csv").write_bytes(b"".join(outcome_outputs.refused_rows(report)))
    return {"refused_rows": len(report.problems), "all_known": True}


def _options(run: Check) -> Options:
    return Options(**{field.name: getattr(run, field.name) for field in fields(Options)})


def roles_of(canvas_account: CanvasAccount) -> Roles | None:
    """The roles that Canvas listed within the last hour or so; None where it does not tell them to our token."""
    return Watch.objects.filter(canvas_account=canvas_account).values_list("roles", flat=True).first()


def house_rules(canvas_account: CanvasAccount) -> InstitutionRules:
    found = HouseRules.objects.filter(canvas_account=canvas_account).first()
    return read_rules(found.text) if found else InstitutionRules()


@transaction.atomic
def save_house_rules(*, canvas_account: CanvasAccount, text: str, by: User) -> None:
    """Raises `BadRules`."""
    read_rules(text)
    record(verb="change_rules", subject=str(canvas_account), actor=by, canvas_account=canvas_account)
    HouseRules.objects.update_or_create(canvas_account=canvas_account, defaults={"text": text})


class _Telling:
    """Writes progress and groups down as they come, a few times a second at most."""

    def __init__(self, run: Check) -> None:
        self._run = run
        self._changed: dict[tuple[str, str], Group] = {}
        self._done = self._all = 0
        self._told_at = 0.0
        self.lease: leases.KeptLease | None = None

    def progress(self, done: int, everything: int) -> None:
        self._done, self._all = done, everything
        if time.monotonic() - self._told_at > _TELL_EVERY:
            self.tell_now()

    def group(self, group: Group) -> None:
        self._changed[group.rule, group.file] = group

    def tell_now(self) -> None:
        """Raises `leases.LeaseLost`."""
        if self.lease:
            self.lease.check()
        self._told_at = time.monotonic()
        changed, self._changed = list(self._changed.values()), {}
        with transaction.atomic():
            FindingGroup.objects.bulk_create(
                [_as_row(self._run, group) for group in changed],
                update_conflicts=True,
                unique_fields=["check_run", "rule", "file"],
                update_fields=["count", "examples"],
            )
            self._mine().update(bytes_done=self._done, bytes_all=self._all, version=F("version") + 1)

    def renew(self) -> bool:
        return self._mine().update(lease_until=timezone.now() + timedelta(seconds=leases.SECONDS)) == 1

    def _mine(self) -> QuerySet[Check]:
        return Check.objects.filter(pk=self._run.pk, state=State.RUNNING, lease_holder=self._run.lease_holder)


def _as_row(run: Check, group: Group) -> FindingGroup:
    return FindingGroup(
        check_run=run,
        rule=group.rule,
        file=storable(group.file),
        severity=int(group.definition.severity),
        count=group.count,
        examples=[_as_json(finding) for finding in group.examples],
    )


def _as_json(finding: Finding) -> dict[str, object]:
    told = {name: _cut(value) for name, value in asdict(finding).items() if value and name not in ("rule", "file")}
    return dict(storable_document(told))


def _cut(value: object) -> object:
    """A cell may be as long as its file."""
    return f"{value[:_LONGEST_SHOWN]}…" if isinstance(value, str) and len(value) > _LONGEST_SHOWN else value


def _figures(report: Report) -> dict[str, int]:
    verdicts = [file.verdicts for file in report.files]
    return {"refused_rows": sum(of.refused for of in verdicts), "mended_rows": sum(of.mended for of in verdicts)}


def _write_outputs(run: Check, report: Report) -> None:
    """The cleaned files where they differ from those given, and the refused rows where there are any."""
    figures = _figures(report)
    if any(figures.values()):
        run.folder.mkdir(mode=0o700, exist_ok=True)
        _pack(run.folder / CLEANED, [file for file in report.files if _keeps_rows(file)], cleaned)
    if figures["refused_rows"]:
        _pack(run.folder / REFUSED, [file for file in report.files if file.verdicts.refused], refused_rows)


def _keeps_rows(file: CheckedFile) -> bool:
    """A file of which nothing but its header would be left means in a full batch that everything goes."""
    return bool(file.kind) and not file.refused and file.rows > file.verdicts.refused


def _pack(path: Path, files: Sequence[CheckedFile], content: Callable[[CheckedFile], Iterator[bytes]]) -> None:
    """Streamed, so that files of any size go through little memory; not packed so small that Canvas takes offence."""
    unpacked = _write_zip(path, files, content, zipfile.ZIP_DEFLATED)
    if unpacked > MAX_BLOW_UP * 0.9 * path.stat().st_size:
        _write_zip(path, files, content, zipfile.ZIP_STORED)


def _write_zip(
    path: Path, files: Sequence[CheckedFile], content: Callable[[CheckedFile], Iterator[bytes]], compression: int
) -> int:
    """Returns how many bytes went in."""
    size = 0
    with zipfile.ZipFile(path, "w", compression) as package:
        for file in files:
            with package.open(file.source.name, "w", force_zip64=True) as entry:
                for piece in content(file):
                    size += entry.write(piece)
    return size


def _end(run: Check, state: Check.State, **fields: Any) -> None:
    mine = Check.objects.filter(pk=run.pk, state=State.RUNNING, lease_holder=run.lease_holder)
    mine.update(state=state, ended_at=timezone.now(), lease_until=None, version=F("version") + 1, **fields)
    logger.info("check ended", extra={"check": run.pk, "state": state})
