"""Forecasts: asked for by who chooses options or launches, made by a worker, one per upload and options."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import CanvasAccount
from imports.forecast.trial import Base, Plan, try_out
from imports.models import Forecast, ImportRun, Upload, Watch
from imports.phases import SUCCESSES
from imports.services import knowing
from imports.storable import storable_document
from imports.uploaded import csvs_of

_LEASE = timedelta(minutes=15)
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
    return forecast.lessons == knowing.lessons_of(forecast.upload.canvas_account).count()


def due() -> list[int]:
    """Forecasts that wait to be made, and that nobody is making."""
    waiting = Forecast.objects.filter(state=Forecast.State.WAITING, upload__state=Upload.State.READY)
    return list(waiting.exclude(lease_until__gt=timezone.now()).order_by("asked_at").values_list("pk", flat=True)[:50])


def claim(*, forecast: Forecast) -> bool:
    """Let one worker make it."""
    now = timezone.now()
    free = Forecast.objects.filter(pk=forecast.pk, state=Forecast.State.WAITING).exclude(lease_until__gt=now)
    return bool(free.update(lease_until=now + _LEASE, attempts=F("attempts") + 1))


def make(*, forecast: Forecast) -> None:
    """Try the upload out. A forecast that fails three times says so, and what waits for it is held."""
    forecast.refresh_from_db()
    upload = forecast.upload
    try:
        knowing.catch_up(canvas_account=upload.canvas_account)
        lessons = knowing.lessons_of(upload.canvas_account).count()
        known = knowing.path_of(upload.canvas_account)
        figures = try_out(_plan(forecast), known=known, folder=upload.folder, result=forecast.path)
    except Exception:
        logger.exception("forecast failed", extra={"forecast": forecast.pk})
        state = Forecast.State.FAILED if forecast.attempts >= _MAX_ATTEMPTS else Forecast.State.WAITING
        Forecast.objects.filter(pk=forecast.pk).update(state=state, lease_until=None)
        return
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


def terms_of(canvas_account: CanvasAccount) -> list[dict[str, Any]]:
    """The terms as Canvas lists them: id, name, sis_term_id."""
    return Watch.objects.filter(canvas_account=canvas_account).values_list("terms", flat=True).first() or []


def base_run(upload: Upload, options: Mapping[str, Any]) -> ImportRun | None:
    """What Canvas compares a data set with: the last success that joins its chain, else the first of all."""
    name = options.get(knowing.DATA_SET)
    if not name or options.get("diffing_remaster_data_set"):
        return None
    chain = _chain(upload, name)
    joints = [run for run in chain if _joins(run)]
    return joints[-1] if joints else next(iter(chain), None)


def _base(upload: Upload, options: Mapping[str, Any]) -> Base | None:
    run = base_run(upload, options)
    if run is None:
        return None
    if run.upload is None or run.upload.purged_at:
        return Base(str(run), why_not=f"Canvas compares with {run}, which is not kept here: all rows count.")
    return Base(str(run), csvs_of(run.upload))


def _chain(upload: Upload, name: str) -> list[ImportRun]:
    of_account = ImportRun.objects.filter(canvas_account=upload.canvas_account, outcome__in=SUCCESSES)
    chain = of_account.filter(options__diffing_data_set_identifier=name).exclude(
        messages__text__startswith="Diffing not performed"
    )
    return list(chain.select_related("upload").order_by("canvas_id"))


def _joins(run: ImportRun) -> bool:
    return bool(run.options.get("diffing_remaster_data_set")) or knowing.diffed_against(run) is not None
