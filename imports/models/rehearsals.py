"""Rehearsals of uploads on a practice Canvas."""

from pathlib import Path

from django.db import models
from django.utils import timezone

from accounts.models import User
from imports.models.uploads import Upload


class Rehearsal(models.Model):
    """One upload played through with these options. Its messages lie in a file of the upload."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        READY = "ready", "ready"
        FAILED = "failed", "not possible"
        CANCELLED = "cancelled", "cancelled"

    class Stage(models.TextChoices):
        GATHERING = "gathering", "Gathering what is known"
        FILLING = "filling", "Filling the practice Canvas"
        IMPORTING = "importing", "Importing your files"
        READING = "reading", "Reading the messages"

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rehearsals")
    options = models.JSONField(default=dict)
    options_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.GATHERING)
    percent = models.FloatField(default=0, help_text="of the stage")
    problem = models.TextField(blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sealed_site = models.BinaryField(null=True, help_text="the site that is to be removed; null once it is")
    remove_at = models.DateTimeField(null=True, help_text="not before then")
    made_at = models.DateTimeField(null=True)
    lessons = models.PositiveIntegerField(default=0, help_text="how many imports the known state had taken up then")
    figures = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a page would show")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "options_hash"], name="one_rehearsal_per_options"),
            # The others wait: it may not take more than one worker from what people wait for.
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="running"), name="one_rehearsal_at_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state__in=["waiting", "running"]), name="rehearsal_due"
            ),
            models.Index(
                fields=["remove_at"], condition=models.Q(sealed_site__isnull=False), name="rehearsal_to_remove"
            ),
        ]

    def __str__(self) -> str:
        return f"rehearsal {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def path(self) -> Path:
        """Where the messages are."""
        return self.upload.folder / f"rehearsal-{self.pk}.sqlite3"

    @property
    def folder(self) -> Path:
        """For what the worker that runs it needs meanwhile."""
        return self.upload.folder / f"rehearsal-{self.pk}-{self.lease_holder}"
