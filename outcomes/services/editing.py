"""Changing outcomes: asked for by a person, sent by a worker, and only to the outcome that the person saw.

`PUT /outcomes/:id` may be repeated without harm; what must not happen is that it undoes somebody else's change. So
before every attempt the outcome is read again: is it already as wished, the change is done; is it neither that nor what
the person saw, nothing is sent. Between that look and the PUT Canvas has no way to exclude others.
"""

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from canvas.client import CanvasClient
from canvas.errors import CanvasError, Fate, NotFound, NotPermitted
from outcomes.models import OutcomeCopy, OutcomeEdit
from outcomes.outcome.changing import consequences, differences, payload
from outcomes.outcome.described import Definition, Described
from outcomes.services import copies, errands, trees

State = OutcomeEdit.State

_MAX_ATTEMPTS = 10

logger = logging.getLogger(__name__)


class EditRefused(Exception):
    """This cannot be changed now; the message says why."""


def why_not(copy: OutcomeCopy) -> str:
    """Why an outcome cannot be changed through Easel, or nothing if it can."""
    if copy.is_gone:
        return "Canvas does not have this outcome any more."
    if copy.facts is None:
        return "Canvas has not shown this outcome yet."
    if copy.facts.can_edit is False:
        return "The token's owner may not change this outcome in Canvas: it takes the right to manage outcomes there."
    return ""


def ask(*, copy: OutcomeCopy, seen: Definition, wished: Definition, by: User | None) -> OutcomeEdit:
    """Have an outcome changed. `seen` is what the person changed it from. Raises `EditRefused`."""
    reason = why_not(copy)
    if reason or copy.facts is None:
        raise EditRefused(reason)
    if copy.facts.definition != seen:
        raise EditRefused("The outcome has changed in Canvas since you opened this page. Look at it again first.")
    changes = differences(seen, wished)
    if not changes:
        raise EditRefused("Nothing is changed.")
    try:
        with transaction.atomic():
            edit = OutcomeEdit.objects.create(
                outcome=copy,
                asked_by=by,
                before=seen.as_json(),
                after=wished.as_json(),
                differences=[change.as_json() for change in changes],
            )
            record(
                verb="edit_outcome",
                subject=f"outcome {seen.title}",
                subject_key=f"outcome:{copy.canvas_id}",
                actor=by,
                canvas_account=copy.canvas_account,
                detail={one.label: f"{'; '.join(one.old)} \u2192 {'; '.join(one.new)}" for one in changes},
            )
    except IntegrityError as error:
        raise EditRefused("A change of this outcome is on its way already. Wait for its end.") from error
    return edit


def due() -> list[int]:
    return errands.due(OutcomeEdit)


def claim(*, edit: OutcomeEdit) -> bool:
    return errands.claim(edit)


def carry_out(*, edit: OutcomeEdit, canvas: CanvasClient) -> None:
    """Send the change, unless it is done or overtaken. Raises nothing that Canvas can cause. Must be claimed."""
    copy = edit.outcome
    try:
        errands.update(edit, state=State.SENDING)
        current = Described.of(canvas.outcomes.outcome(copy.canvas_id))
        copies.keep(copy=copy, facts=current)
        if current.definition == edit.wished:
            _end(edit, State.DONE, "Canvas has it as wished.")
        elif current.definition != edit.seen:
            _end(edit, State.REFUSED, _overtaken(edit, current.definition))
        else:
            _send(edit, copy, canvas)
    except errands.Overtaken:
        logger.warning("edit taken over", extra={"edit": edit.pk})
    except NotFound:
        copies.keep(copy=copy, facts=None)
        _end(edit, State.REFUSED, "Canvas does not have this outcome any more.")
    except CanvasError as error:
        _settle(edit, error)


def _send(edit: OutcomeEdit, copy: OutcomeCopy, canvas: CanvasClient) -> None:
    saved = Described.of(canvas.outcomes.update_outcome(copy.canvas_id, payload(edit.seen, edit.wished)))
    copies.keep(copy=copy, facts=saved)
    if saved.definition.has_scale:
        trees.take_over_outcome(canvas_account=copy.canvas_account, facts=saved)
    unlike = differences(edit.wished, saved.definition)
    answer = "Canvas has saved it."
    if unlike:
        told = ". ".join(f"{one.label}: {'; '.join(one.new) or 'nothing'}" for one in unlike)
        answer = f"Canvas has saved it, but not quite as wished. {told}."
    elif consequences(edit.seen, edit.wished) and saved.assessed:
        answer = "Canvas has saved it. Read the rollups of its courses again to see what became of the scores."
    _end(edit, State.DONE, answer)


def _overtaken(edit: OutcomeEdit, current: Definition) -> str:
    """After an attempt whose answer was lost, Canvas may have saved it otherwise than wished: that is not hidden."""
    changed = ", ".join(one.label.lower() for one in differences(edit.seen, current))
    if edit.seen.has_scale != current.has_scale:
        owner = "outcome" if current.has_scale else "account"
        changed = f"levels, mastery and calculation are kept by {owner} now"
    if edit.attempts > 1:
        return (
            f"The outcome in Canvas is neither as you saw it nor as wished ({changed}). Somebody may have changed it, "
            "or an earlier attempt arrived. Nothing more was sent: look at it first."
        )
    return f"Somebody has changed the outcome in Canvas meanwhile ({changed}). Nothing was sent: look at it first."


def _settle(edit: OutcomeEdit, error: CanvasError) -> None:
    if edit.attempts >= _MAX_ATTEMPTS or not error.retryable:
        logger.warning("edit refused", extra={"edit": edit.pk, "error": type(error).__name__, "status": error.status})
        _end(edit, State.REFUSED, _words(error))
    else:
        errands.settle(edit, error)


def _words(error: CanvasError) -> str:
    if isinstance(error, NotPermitted) and "cannot be modified" in error.canvas_message:
        return (
            "Canvas keeps levels, mastery and calculation by account here, so those of a single outcome cannot be "
            f"changed. Canvas says: {error.canvas_message}"
        )
    if isinstance(error, NotPermitted):
        return "The token's owner may not change this outcome in Canvas: it takes the right to manage outcomes there."
    if error.fate is Fate.UNKNOWN:
        return f"Whether Canvas has saved it is not known: {error}"
    return str(error)


def _end(edit: OutcomeEdit, state: OutcomeEdit.State, answer: str) -> None:
    try:
        errands.finish(edit, state=state, answer=answer, ended_at=timezone.now(), read_at=timezone.now())
    except errands.Overtaken:
        logger.warning("edit taken over", extra={"edit": edit.pk})
    else:
        logger.info("edit ended", extra={"edit": edit.pk, "state": state})
