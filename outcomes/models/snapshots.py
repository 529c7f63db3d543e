"""Snapshots: figures of a program that never change again."""

from django.db import models
from django.urls import reverse

from accounts.models import User
from outcomes.models.programs import Program
from outcomes.programs.packing import unpacked
from outcomes.programs.published import Published


class Snapshot(models.Model):
    """What a program showed at one time: figures as they might be shown then, and no student at all.

    What was hidden then is not kept either. `facts` say in plain words what the figures are about.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="snapshots")
    name = models.CharField(max_length=120)
    term_name = models.CharField(max_length=255, blank=True, help_text="empty: all terms")
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_by_name = models.CharField(max_length=150, blank=True)
    threshold = models.PositiveSmallIntegerField()
    courses = models.PositiveIntegerField(help_text="how many were read")
    read_from = models.DateTimeField(null=True, help_text="the oldest data")
    read_to = models.DateTimeField(null=True, help_text="the newest data")
    facts = models.JSONField(default=dict)
    content = models.BinaryField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outcomes:snapshot", args=[self.program.canvas_account.slug, self.program_id, self.pk])

    @property
    def published(self) -> Published:
        return Published.from_json(unpacked(self.content))
