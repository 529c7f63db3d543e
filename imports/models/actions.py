"""Actions: what a person or script asked for, and what became of it."""

from django.db import models
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models.runs import ImportRun


class Action(models.Model):
    """One thing asked for. A worker carries it out; it survives whatever happens to that worker."""

    class Verb(models.TextChoices):
        ABORT = "abort", "Abort"
        ABORT_ALL = "abort_all", "Abort all waiting"
        RESTORE = "restore", "Restore"

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        SENDING = "sending", "being sent"
        UNDER_WAY = "under_way", "under way in Canvas"
        DONE = "done", "done"
        REFUSED = "refused", "not done"

    OPEN = (State.ASKED, State.SENDING, State.UNDER_WAY)

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.PROTECT, related_name="actions")
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.CASCADE, related_name="actions")
    verb = models.CharField(max_length=12, choices=Verb)
    mode = models.CharField(max_length=16, blank=True, help_text="of a restore: all, undelete_only ...")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True, help_text="what came of it, in plain words")
    canvas_progress_id = models.BigIntegerField(null=True)
    completion = models.FloatField(null=True, help_text="0 to 100")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "verb"],
                condition=models.Q(state__in=["asked", "sending", "under_way"]),
                name="one_open_action_per_run_and_verb",
            ),
            models.UniqueConstraint(
                fields=["canvas_account", "verb"],
                condition=models.Q(run=None, state__in=["asked", "sending", "under_way"]),
                name="one_open_action_per_account_and_verb",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=models.Q(state__in=["asked", "sending"]), name="action_due")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"
