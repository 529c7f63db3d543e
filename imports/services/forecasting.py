"""Forecasts: asked for by who chooses options or launches, made by a worker, one per upload and options."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from canvas.client import CanvasClient
from canvas.errors import CanvasError
from imports import leases
from imports.forecast.trial import Base, Plan, scratch, try_out
from imports.models import Forecast, ImportRun, Upload
from imports.phases import SUCCESSES
from imports.selectors.forecasts import terms_of
from imports.services import knowing, previewing
from imports.storable import storable_document
from imports.uploaded import csvs_of

_LEASE = timedelta(seconds=3 * leases.SECONDS)
_MAX_ATTEMPTS = 3

logger = logging.getLogger(__name__)


def options_hash(options: Mapping[str, Any]) -> str:
    """SHA-256 of the cleaned options, whatever their order."""
    return hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()


def ask(*, upload: Upload, options: Mapping[str, Any]) -> Forecast:
    """The forecast of this upload with these cleaned options; a new or outdated one waits to be made."""
    forecast, _ = Forecast.objects.get_or_create(
        upload=upload, options_hash=options_hash(options), defaults={"options": dict(options)}
    )
    if forecast.state != Forecast.State.WAITING and not is_current(forecast):
        Forecast.objects.filter(pk=forecast.pk).update(
            state=Forecast.State.WAITING, asked_at=timezone.now(), attempts=0, lease_until=None
        )
        forecast.refresh_from_db()
    return forecast


def is_current(forecast: Forecast) -> bool:
    """Whether nothing has been learnt about the account since it was made."""
    if forecast.upload.holds_outcomes:
        return previewing.is_current(forecast)
    return forecast.lessons == _lessons(forecast)


def _lessons(forecast: Forecast) -> int:
    return knowing.lessons_of(forecast.upload.canvas_account).count()


def due() -> list[int]:
    """Forecasts that wait to be made, and that nobody is making."""
    waiting = Forecast.objects.filter(state=Forecast.State.WAITING, upload__state=Upload.State.READY)
    return list(waiting.exclude(lease_until__gt=timezone.now()).order_by("asked_at").values_list("pk", flat=True)[:50])


def claim(*, forecast: Forecast) -> bool:
    """Let one worker make it. After a few dead workers it is given up: something in the files kills them."""
    now = timezone.now()
    free = Forecast.objects.filter(pk=forecast.pk, state=Forecast.State.WAITING).exclude(lease_until__gt=now)
    if free.filter(attempts__gte=_MAX_ATTEMPTS).update(state=Forecast.State.FAILED, lessons=_lessons(forecast)):
        scratch(forecast.path).unlink(missing_ok=True)  # of the last worker that died
        return False
    claimed = bool(free.update(lease_until=now + _LEASE, attempts=F("attempts") + 1))
    forecast.refresh_from_db()
    return claimed


def kept(forecast: Forecast) -> leases.KeptLease:
    """The lease of a claimed forecast, kept while the block lasts: a dead worker's work is soon taken up by another."""
    mine = Forecast.objects.filter(pk=forecast.pk, state=Forecast.State.WAITING, attempts=forecast.attempts)
    return leases.KeptLease(lambda: mine.update(lease_until=timezone.now() + _LEASE) == 1)


def make(*, forecast: Forecast, canvas: CanvasClient | None = None) -> None:
    """Try the upload out. A forecast that fails three times says so, and what waits for it is held.

    That of outcomes is made by comparing with what Canvas holds, and needs a client.
    """
    forecast.refresh_from_db()
    try:
        if forecast.upload.holds_outcomes:
            previewing.make(forecast=forecast, canvas=canvas)
        else:
            _try_out(forecast)
    except CanvasError as error:
        logger.warning("preview failed", extra={"forecast": forecast.pk, "error": type(error).__name__})
        _give_back(forecast, problem=str(error))
    except Exception:
        logger.exception("forecast failed", extra={"forecast": forecast.pk})
        _give_back(forecast)


def _give_back(forecast: Forecast, *, problem: str = "") -> None:
    """With what was known then: one that failed is not made again before something is learnt."""
    state = Forecast.State.FAILED if forecast.attempts >= _MAX_ATTEMPTS else Forecast.State.WAITING
    Forecast.objects.filter(pk=forecast.pk).update(
        state=state,
        lease_until=None,
        lessons=_lessons(forecast),
        figures={"problem": problem},
        made_at=timezone.now(),
    )


def _try_out(forecast: Forecast) -> None:
    upload = forecast.upload
    knowing.catch_up(canvas_account=upload.canvas_account)
    lessons = _lessons(forecast)
    known = knowing.path_of(upload.canvas_account)
    figures = try_out(_plan(forecast), known=known, result=forecast.path)
    Forecast.objects.filter(pk=forecast.pk).update(
        state=Forecast.State.READY,
        figures=storable_document(figures),
        made_at=timezone.now(),
        lease_until=None,
        lessons=lessons,
    )


def _plan(forecast: Forecast) -> Plan:
    upload = forecast.upload
    terms = terms_of(upload.canvas_account)
    return Plan(csvs_of(upload), forecast.options, terms, _base(upload, forecast.options))


def base_run(upload: Upload, options: Mapping[str, Any]) -> ImportRun | None:
    """What Canvas compares a data set with: the last success that joins its chain, else the first of all."""
    name = options.get(knowing.DATA_SET)
    if not name or options.get("diffing_remaster_data_set"):
        return None
    chain = ImportRun.objects.filter(canvas_account=upload.canvas_account, outcome__in=SUCCESSES)
    first = None
    for run in chain.filter(options__diffing_data_set_identifier=name).order_by("-canvas_id").select_related("upload"):
        record = knowing.record_of(run)
        if record.get("diffing_threshold_exceeded"):
            continue
        if run.options.get("diffing_remaster_data_set") or knowing.diffed_against(record) is not None:
            return run
        first = run
    return first


def _base(upload: Upload, options: Mapping[str, Any]) -> Base | None:
    run = base_run(upload, options)
    if run is None:
        return None
    if run.upload is None or run.upload.purged_at:
        return Base(str(run), why_not=f"Canvas compares with {run}, which is not kept here: all rows count.")
    return Base(str(run), csvs_of(run.upload))
