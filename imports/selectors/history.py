"""The history of a Canvas account: filtered, paged by key, and what in it has changed since a page was made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models import ImportRun, UploadedFile
from imports.phases import ACTIVE, FAILURES, Outcome, Phase

PAGE = 50
STATES = {
    "active": ("Under way", Q(phase__in=ACTIVE)),
    "held": ("Held", Q(phase=Phase.HELD)),
    "imported": ("Imported", Q(outcome=Outcome.IMPORTED)),
    "with_messages": ("Imported with messages", Q(outcome=Outcome.WITH_MESSAGES)),
    "failed": ("Failed", Q(outcome__in=FAILURES)),
    "aborted": ("Aborted", Q(outcome=Outcome.ABORTED) | Q(phase=Phase.CANCELLED)),
    "restored": ("Restored", Q(outcome__in=(Outcome.RESTORED, Outcome.PARTLY_RESTORED))),
}
ELSEWHERE = "elsewhere"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """Some runs, newest first. `newer` and `older` are cursors for the pages beside it, empty at the ends."""

    runs: Sequence[ImportRun]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A run that is not on the page yet, and the run before which it belongs (None: at the end)."""

    run: ImportRun
    before: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    changed: Sequence[ImportRun]
    arrived: Sequence[Arrival]


def history(canvas_account: CanvasAccount, wanted: Mapping[str, Any]) -> QuerySet[ImportRun]:
    """The account's runs, narrowed by what `HistoryFilter` has cleaned. Dates are days of the person's own zone."""
    runs = _for_rows(ImportRun.objects.filter(canvas_account=canvas_account))
    if wanted.get("kind"):
        runs = runs.filter(kind=wanted["kind"])
    if wanted.get("state"):
        runs = runs.filter(STATES[wanted["state"]][1])
    if wanted.get("since"):
        runs = runs.filter(at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        runs = runs.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    if wanted.get("who") == ELSEWHERE:
        runs = runs.filter(via=ImportRun.Via.ELSEWHERE)
    elif wanted.get("who"):
        runs = runs.filter(launched_by=wanted["who"])
    return _containing(runs, wanted["text"]) if wanted.get("text") else runs


def _for_rows(runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
    files = Prefetch("upload__files", UploadedFile.objects.only("upload_id", "name"))
    return runs.defer("record", "statistics").select_related("canvas_account", "launched_by").prefetch_related(files)


def _containing(runs: QuerySet[ImportRun], text: str) -> QuerySet[ImportRun]:
    """By the import's number in Canvas; else by the name of a file or of who launched it in Canvas."""
    if text.isdecimal() and len(text) < 19:
        return runs.filter(canvas_id=int(text))
    of_file = UploadedFile.objects.filter(name__icontains=text).values("upload_id")
    return runs.filter(Q(canvas_user__icontains=text) | Q(upload_id__in=of_file))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def page(runs: QuerySet[ImportRun], *, before: str = "", after: str = "") -> Page:
    """The runs older than the cursor `before`, or newer than `after`; without either, the newest.

    A cursor that cannot be read counts as none: it came from an address somebody edited.
    """
    ahead, behind = _read(after), _read(before)
    if ahead:
        at, pk = ahead
        newer = runs.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gt=pk))
        found = list(newer.order_by("at", "pk")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        return Page(shown, _first(shown, len(found) > PAGE), _last(shown, bool(shown)))
    if behind:
        at, pk = behind
        runs = runs.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))
    found = list(runs.order_by("-at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, _first(shown, bool(behind)), _last(shown, len(found) > PAGE))


def changes(runs: QuerySet[ImportRun], *, seen: Mapping[int, int], newest: int | None) -> Changes:
    """What differs from a page that showed these runs in these versions.

    `newest` is the highest run known on a first page, or None on a later one, where nothing arrives.
    """
    known = _for_rows(ImportRun.objects.filter(pk__in=seen, canvas_account__in=runs.values("canvas_account")))
    changed = [run for run in known if run.version != seen[run.pk]]
    if newest is None or not runs.filter(pk__gt=newest).exists():
        return Changes(changed, [])
    return Changes(changed, list(_arrivals(page(runs).runs, newest)))


def _arrivals(runs: Sequence[ImportRun], newest: int) -> Iterable[Arrival]:
    """From the last to the first, so that each finds the run before which it belongs."""
    successor: int | None = None
    for run in reversed(runs):
        if run.pk > newest:
            yield Arrival(run, successor)
        successor = run.pk


def _first(runs: Sequence[ImportRun], wanted: bool) -> str:
    return _cursor(runs[0]) if wanted and runs else ""


def _last(runs: Sequence[ImportRun], wanted: bool) -> str:
    return _cursor(runs[-1]) if wanted and runs else ""


def _cursor(run: ImportRun) -> str:
    """Its time in microseconds and its number: together they are the order of the history."""
    return f"{(run.at - _EPOCH) // timedelta(microseconds=1)}-{run.pk}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    at, _, pk = cursor.partition("-")
    if not (at.isdecimal() and pk.isdecimal()) or len(at) > 16 or len(pk) > 18:
        return None
    return _EPOCH + timedelta(microseconds=int(at)), int(pk)


def launchers(canvas_account: CanvasAccount) -> QuerySet[User]:
    """The people who may have launched something here: those with a role on the account, and who runs Easel."""
    has_role = Q(memberships__canvas_account=canvas_account)
    return User.objects.filter(has_role | Q(is_superuser=True)).distinct().order_by("first_name", "last_name")
