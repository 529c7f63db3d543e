"""Contributions: the results behind the rollups of one outcome, fetched when somebody first looks at them."""

from django.db import models
from django.utils import timezone

from outcomes.models.readings import Reading


class Contributions(models.Model):
    """Of all students of a course, for one outcome. They go with the reading that they explain."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting to be fetched"
        COMPLETE = "complete", "fetched"
        FAILED = "failed", "not fetched"

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="contributions")
    outcome_canvas_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    problem = models.TextField(blank=True, help_text="why they are not here, in plain words")
    content = models.BinaryField(null=True, help_text="packed by `outcomes.rollups.contributed`")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "outcome_canvas_id"], name="one_contributions_per_outcome")
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=models.Q(state="waiting"), name="contributions_due"),
        ]

    def __str__(self) -> str:
        return f"contributions {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.WAITING
