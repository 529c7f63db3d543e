"""Single outcomes as Canvas last showed them, and changes of them made through Easel."""

from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import CanvasAccount, User
from outcomes.models.errands import Errand
from outcomes.outcome.described import Definition, Described


class OutcomeCopy(Errand):
    """One outcome, read by itself. `described` is empty until Canvas has answered for the first time."""

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="outcome_copies")
    canvas_id = models.BigIntegerField()
    is_gone = models.BooleanField(default=False, help_text="Canvas says that there is no such outcome")
    described = models.JSONField(default=dict, help_text="as `outcomes.outcome.described` writes it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["canvas_account", "canvas_id"], name="one_outcome_copy_per_canvas_id")
        ]
        indexes = [models.Index(fields=["try_at"], condition=models.Q(wanted_at__isnull=False), name="copy_wanted")]

    def __str__(self) -> str:
        return f"outcome {self.canvas_id}"

    @property
    def facts(self) -> Described | None:
        return Described.from_json(self.described) if self.described else None


class OutcomeEdit(Errand):
    """A change that a person asked for. A worker sends it, unless the outcome is no longer what the person saw."""

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        SENDING = "sending", "being sent"
        DONE = "done", "done"
        REFUSED = "refused", "not done"

    OPEN = (State.ASKED, State.SENDING)

    outcome = models.ForeignKey(OutcomeCopy, on_delete=models.CASCADE, related_name="edits")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    before = models.JSONField(help_text="the definition that the person saw")
    after = models.JSONField(help_text="the definition that the person wants")
    differences = models.JSONField(help_text="old beside new, in words")
    answer = models.TextField(blank=True, help_text="what came of it, in plain words")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome"], condition=models.Q(state__in=["asked", "sending"]), name="one_open_edit_per_outcome"
            )
        ]
        indexes = [models.Index(fields=["try_at"], condition=models.Q(wanted_at__isnull=False), name="edit_wanted")]

    def __str__(self) -> str:
        return f"edit {self.pk}"

    @property
    def seen(self) -> Definition:
        return Definition.from_json(self.before)

    @property
    def wished(self) -> Definition:
        return Definition.from_json(self.after)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return list(self.differences)
