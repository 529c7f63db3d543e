"""What the front page says: a card per Canvas account, and what needs attention over all of them.

However many accounts there are, the number of queries stays the same.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.db.models import F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from accounts.models import CanvasAccount, Credential, User
from accounts.selectors import canvas_accounts_of
from dashboard.templatetags.ui import LOOKS, UNKNOWN, duration
from imports.models import ImportRun, Watch
from imports.phases import ENDED, FAILURES, OURS_ALONE, SUCCESSES, UNSENT, Phase

DAYS = 30
STRIP_WIDTH = 720
STRIP_HEIGHT = 40
_MOST_MARKS = 300
_MOST_ACTIVE = 500
_MOST_FAILURES = 20
_RECENT = timedelta(days=3)
# What is usual is said by that many imports, and not by fewer than the second number.
_USUAL_OF, _USUAL_AT_LEAST = 20, 5
_TALL_MINUTES = 240
_AT_WORK = (Phase.SUBMITTING, Phase.UNSURE, Phase.PREPARING, Phase.RUNNING, Phase.CLEANING, Phase.RESTORING)
_BAD_CREDENTIALS = {
    Credential.State.EXPIRED: "The token has expired. Imports wait until there is a new one.",
    Credential.State.REVOKED: "The token was revoked in Canvas. Imports wait until there is a new one.",
    Credential.State.UNREADABLE: "The token cannot be decrypted with the keys at hand. Save a new one.",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One import on the strip: place and height in units of the strip, tone of its outcome, words for the hover."""

    x: float
    height: float
    tone: str
    title: str

    @property
    def y(self) -> float:
        return STRIP_HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Concern:
    """Something a person should look at: `state` as in the badges, the page that helps, since when."""

    canvas_account: CanvasAccount
    state: str
    word: str
    text: str
    url: str
    since: datetime | None


@dataclass
class Card:
    canvas_account: CanvasAccount
    credential: Credential | None
    watch: Watch | None = None
    active: list[ImportRun] = field(default_factory=list)
    recent: list[ImportRun] = field(default_factory=list)
    last_success: datetime | None = None

    @property
    def token_word(self) -> str:
        return f"Token: {self.credential.get_state_display()}" if self.credential else "No token"

    @property
    def running(self) -> list[ImportRun]:
        return [run for run in self.active if run.phase in _AT_WORK]

    @property
    def waiting(self) -> int:
        return sum(run.phase in (*UNSENT, Phase.WAITING) for run in self.active)

    @property
    def marks(self) -> list[Mark]:
        start = timezone.now() - timedelta(days=DAYS)
        return [_mark(run, start) for run in reversed(self.recent)]

    @property
    def strip_words(self) -> str:
        failed = sum(run.outcome in FAILURES for run in self.recent)
        number = len(self.recent)
        told = f"{number} import{'s' * (number != 1)} in {DAYS} days"
        # There are more than the strip can show: then it says so.
        return f"{f'the last {number} imports' if number == _MOST_MARKS else told}, {failed} failed"

    @property
    def last_imported(self) -> ImportRun | None:
        return next((run for run in self.recent if run.outcome in SUCCESSES), None)

    @property
    def usual_messages(self) -> float | None:
        """The median number of messages of the imports before the last one. None while there are too few to say."""
        counts = [run.message_count for run in self.recent if run.outcome in SUCCESSES][1 : _USUAL_OF + 1]
        return median(counts) if len(counts) >= _USUAL_AT_LEAST else None

    @property
    def has_unusual_messages(self) -> bool:
        last, usual = self.last_imported, self.usual_messages
        return last is not None and usual is not None and last.message_count > max(10.0, 2 * usual)


def _mark(run: ImportRun, start: datetime) -> Mark:
    """Height is the logarithm of how long it took, so that a minute and four hours can stand side by side."""
    share = (run.at - start) / timedelta(days=DAYS)
    minutes = run.elapsed.total_seconds() / 60 if run.elapsed else 0
    height = 8 + (STRIP_HEIGHT - 8) * min(1.0, math.log1p(minutes) / math.log1p(_TALL_MINUTES))
    state = run.outcome or run.phase
    word = run.get_outcome_display() or run.get_phase_display()
    return Mark(
        x=round(max(0.0, min(share, 1.0)) * (STRIP_WIDTH - 4), 1),
        height=round(height, 1),
        tone=LOOKS.get(state, UNKNOWN).tone,
        title=f"{str(run).capitalize()}: {word}, {duration(run.elapsed)}",
    )


def cards_for(user: User) -> list[Card]:
    cards = {row.canvas_account.pk: Card(row.canvas_account, row.credential) for row in canvas_accounts_of(user)}
    runs = ImportRun.objects.filter(canvas_account__in=cards).defer("record", "statistics")
    for watch in Watch.objects.filter(canvas_account__in=cards):
        cards[watch.canvas_account_id].watch = watch
    for run in runs.exclude(phase__in=ENDED).order_by("at", "pk")[:_MOST_ACTIVE]:
        cards[run.canvas_account_id].active.append(_of(run, cards))
    for run in _recent(runs):
        cards[run.canvas_account_id].recent.append(_of(run, cards))
    for pk, at in _last_successes(cards):
        cards[pk].last_success = at
    return list(cards.values())


def _of(run: ImportRun, cards: dict[int, Card]) -> ImportRun:
    run.canvas_account = cards[run.canvas_account_id].canvas_account
    return run


def _recent(runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
    """The newest of each account, newest first."""
    newest = Window(RowNumber(), partition_by=F("canvas_account"), order_by=(F("at").desc(), F("pk").desc()))
    since = timezone.now() - timedelta(days=DAYS)
    return runs.filter(at__gte=since).annotate(number=newest).filter(number__lte=_MOST_MARKS).order_by("-at", "-pk")


def _last_successes(accounts: Iterable[int]) -> Iterable[tuple[int, datetime | None]]:
    successes = ImportRun.objects.filter(canvas_account=OuterRef("pk"), outcome__in=SUCCESSES).order_by("-at", "-pk")
    found = CanvasAccount.objects.filter(pk__in=accounts).annotate(last=Subquery(successes.values("finished_at")[:1]))
    return found.values_list("pk", "last")


def concerns_of(cards: Sequence[Card]) -> list[Concern]:
    """What needs attention, the gravest first: what stops all imports, what waits for an answer, what went wrong."""
    found: dict[int, list[Concern]] = defaultdict(list)
    for card in cards:
        for rank, concern in _concerns(card):
            found[rank].append(concern)
    return [concern for rank in sorted(found) for concern in found[rank]]


def _concerns(card: Card) -> Iterable[tuple[int, Concern]]:
    if concern := _about_access(card):
        yield 0, concern
    for run in card.active:
        if run.phase in (Phase.ASKED, Phase.UNSURE) or (run.problem and run.phase in OURS_ALONE):
            yield 1, _about(run, run.problem or run.get_phase_display())
    since = timezone.now() - _RECENT
    failed = [run for run in card.recent if run.outcome in FAILURES and run.at > since]
    for run in failed[:_MOST_FAILURES]:
        yield 2, _about(run, run.problem or _messages(run.message_count))
    if card.has_unusual_messages and card.last_imported:
        text = f"{_messages(card.last_imported.message_count)}, where {card.usual_messages:g} are usual."
        yield 3, _about(card.last_imported, text)


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _about_access(card: Card) -> Concern | None:
    """Why Easel cannot work with the account at all."""
    url = reverse("accounts:canvas_account", args=[card.canvas_account.slug])
    credential, watch = card.credential, card.watch
    if credential is None:
        return _concern(card, "missing", "No token", "Nothing can be sent or watched without one.", url, None)
    if credential.state in _BAD_CREDENTIALS:
        text = _BAD_CREDENTIALS[Credential.State(credential.state)]
        return _concern(card, credential.state, "Token", text, url, credential.checked_at)
    if credential.may_import is False:
        text = "The token's owner may not import SIS data in Canvas."
        return _concern(card, "refused", "Token", text, url, credential.checked_at)
    if watch and watch.trouble:
        return _concern(card, "unreachable", "Canvas", watch.trouble, url, watch.trouble_since)
    return None


def _about(run: ImportRun, text: str) -> Concern:
    state, word = (run.outcome, run.get_outcome_display()) if run.outcome else (run.phase, run.get_phase_display())
    subject = f"{str(run).capitalize()}. {text}"
    return Concern(run.canvas_account, state, word, subject, run.get_absolute_url(), run.finished_at or run.at)


def _concern(card: Card, state: str, word: str, text: str, url: str, since: datetime | None) -> Concern:
    return Concern(card.canvas_account, state, word, text, url, since)
