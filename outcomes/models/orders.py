"""Orders: the order of a course's outcomes as somebody wants it in Canvas, and what became of that."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from imports.models import Course


class OutcomeOrder(models.Model):
    """One order asked for. A worker carries it to Canvas, where it is that of the token's owner alone."""

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        SENDING = "sending", "being saved"
        DONE = "done", "saved"
        REFUSED = "refused", "not saved"

    OPEN = (State.ASKED, State.SENDING)

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="outcome_orders")
    outcome_canvas_ids = models.JSONField(help_text="numbers, in the order wanted")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    answer = models.TextField(blank=True, help_text="what came of it, in plain words")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(state__in=["asked", "sending"]),
                name="one_open_order_per_course",
            )
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=models.Q(state__in=["asked", "sending"]), name="order_due"),
        ]

    def __str__(self) -> str:
        return f"order of outcomes {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
