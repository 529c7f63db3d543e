"""Forecasts of uploads, and which runs the last known state of an account has taken up."""

from pathlib import Path

from django.db import models
from django.utils import timezone

from imports.models.runs import ImportRun
from imports.models.uploads import Upload


class Forecast(models.Model):
    """What one upload with these options would change. The lists behind the numbers lie in a file of the upload."""

    class State(models.TextChoices):
        WAITING = "waiting", "being made"
        READY = "ready", "ready"
        FAILED = "failed", "could not be made"

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="forecasts")
    options = models.JSONField(default=dict)
    options_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    lessons = models.PositiveIntegerField(default=0, help_text="how many imports the known state had taken up then")
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "options_hash"], name="one_forecast_per_options")]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="waiting"), name="forecast_due")]

    def __str__(self) -> str:
        return f"forecast {self.pk}"

    @property
    def path(self) -> Path:
        return self.upload.folder / f"effects-{self.pk}.sqlite3"


class Lesson(models.Model):
    """One ended run of ours that the known state has dealt with; `problem` says why its effect is not known."""

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, related_name="lesson")
    problem = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"lesson of {self.run_id}"
