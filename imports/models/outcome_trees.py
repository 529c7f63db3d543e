"""Outcome trees of accounts and courses, as they were last fetched."""

from django.db import models
from django.utils import timezone

from accounts.models import CanvasAccount


class OutcomeTree(models.Model):
    """The outcome groups, outcomes and links of an account or course. A page asks for it, and a worker fetches it."""

    class State(models.TextChoices):
        WAITING = "waiting", "being fetched"
        READY = "ready", "fetched"
        FAILED = "failed", "could not be fetched"

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="outcome_trees")
    context = models.CharField(max_length=40, help_text="account:<Canvas id> or course:<Canvas id>")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    problem = models.TextField(blank=True, help_text="in plain words, why not")
    asked_at = models.DateTimeField(default=timezone.now)
    fetched_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField(null=True, help_text="compressed JSON; see imports.preview.present")
    groups = models.PositiveIntegerField(default=0, help_text="without the root")
    outcomes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canvas_account", "context"], name="one_tree_per_context")]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="waiting"), name="outcome_tree_due"),
        ]

    def __str__(self) -> str:
        return f"outcomes of {self.context}"
