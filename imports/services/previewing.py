"""Previews of outcome imports. A preview is kept as the forecast of its upload and options: launches wait for it."""

from datetime import timedelta

from django.utils import timezone

from accounts.connections import NOT_CONNECTED
from canvas.client import CanvasClient
from canvas.errors import NotAuthenticated
from imports.check.sources import Source
from imports.destinations import Destination
from imports.models import Forecast, Upload
from imports.preview.previewing import guids_in, preview
from imports.preview.storing import write
from imports.selectors.outcome_places import imported_since
from imports.services import outcome_trees
from imports.storable import storable_document

# Others change outcomes in Canvas too: what was compared with a tree longer ago is compared anew.
_FRESH = timedelta(minutes=10)
_FRESH_FAILURE = timedelta(minutes=1)


def source_of(upload: Upload) -> Source:
    """The one file of an upload of outcomes."""
    file = upload.files.get()
    return Source(file.name, file.path, file.size)


def is_current(forecast: Forecast) -> bool:
    """Whether it was made lately, and no outcome import of the account has ended since."""
    fresh = _FRESH_FAILURE if forecast.state == Forecast.State.FAILED else _FRESH
    if forecast.made_at is None or forecast.made_at < timezone.now() - fresh:
        return False
    return not imported_since(forecast.upload.canvas_account, forecast.made_at)


def make(*, forecast: Forecast, canvas: CanvasClient | None) -> None:
    """Fetch the present tree and compare. Raises `CanvasError`, and `OSError` of the stored file."""
    if canvas is None:
        raise NotAuthenticated(NOT_CONNECTED)
    upload, destination = forecast.upload, Destination.of(forecast.options)
    account = upload.canvas_account
    began = timezone.now()
    source = source_of(upload)
    present = outcome_trees.fetch(canvas_account=account, context=destination.context, canvas=canvas)
    known = {outcome.guid for outcome in present.outcomes.values()}
    above = (
        outcome_trees.above(canvas_account=account, context=destination.context, canvas=canvas)
        if guids_in(source) - known
        else {}
    )
    made = preview(source, present, target=destination.group_id, above=above)
    if "refused" not in made.figures:
        write(forecast.path, made.top)
    Forecast.objects.filter(pk=forecast.pk).update(
        state=Forecast.State.READY, figures=storable_document(made.figures), made_at=began, lease_until=None
    )
