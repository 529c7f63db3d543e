"""Where an import run stands for us, and how it ended; what Canvas last said is kept beside, as `canvas_state`."""

from django.db import models


class Phase(models.TextChoices):
    CHECKING = "checking", "Being forecast"
    HELD = "held", "Held"
    QUEUED = "queued", "Queued here"
    SUBMITTING = "submitting", "Sending to Canvas"
    UNSURE = "unsure", "Looking for it in Canvas"
    ASKED = "asked", "Needs your answer"
    WAITING = "waiting", "Waiting in Canvas"
    PREPARING = "preparing", "Preparing"
    RUNNING = "running", "Importing"
    CLEANING = "cleaning", "Cleaning up"
    RESTORING = "restoring", "Restoring"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"


class Outcome(models.TextChoices):
    IMPORTED = "imported", "Imported"
    WITH_MESSAGES = "with_messages", "Imported with messages"
    PARTLY_APPLIED = "partly_applied", "Partly applied"
    FAILED = "failed", "Failed"
    REFUSED = "refused", "Refused by Canvas"
    ABORTED = "aborted", "Aborted"
    RESTORED = "restored", "Restored"
    PARTLY_RESTORED = "partly_restored", "Partly restored"
    LOST = "lost", "Gone from Canvas"


# Not sent yet: nothing of it has left for Canvas.
UNSENT = (Phase.CHECKING, Phase.HELD, Phase.QUEUED)
# Not sent, or not known to be: nothing in Canvas carries the run's id.
OURS_ALONE = (*UNSENT, Phase.SUBMITTING, Phase.UNSURE, Phase.ASKED)
# Canvas has it and may change it: to be followed.
IN_CANVAS = (Phase.WAITING, Phase.PREPARING, Phase.RUNNING, Phase.CLEANING, Phase.RESTORING)
# Let go, and not at their end yet: what is launched goes after them.
UNDER_WAY = (Phase.QUEUED, Phase.SUBMITTING, Phase.UNSURE, *IN_CANVAS)
ENDED = (Phase.FINISHED, Phase.CANCELLED)
ACTIVE = OURS_ALONE + IN_CANVAS
# What Canvas still lets one abort.
ABORTABLE = (Phase.WAITING, Phase.PREPARING, Phase.RUNNING, Phase.CLEANING)
SUCCESSES = (Outcome.IMPORTED, Outcome.WITH_MESSAGES)
FAILURES = (Outcome.PARTLY_APPLIED, Outcome.FAILED, Outcome.REFUSED, Outcome.LOST)
