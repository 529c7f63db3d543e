"""Readings: the rollups of one course as Canvas gave them at one time."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from imports.models import Course


class Reading(models.Model):
    """One reading of a course's rollups. Pages show the newest complete one: a half-done one is nobody's business."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting to be read"
        RUNNING = "running", "being read"
        COMPLETE = "complete", "read"
        FAILED = "failed", "not read"

    OPEN = (State.WAITING, State.RUNNING)

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="readings")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    urgency = models.PositiveSmallIntegerField(default=0, help_text="0: a person waits for it; more: in the background")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="without a page in between")
    restarts = models.PositiveSmallIntegerField(default=0, help_text="because the course changed while it was read")
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    problem = models.TextField(blank=True, help_text="in plain words: why it is not going on, what to do")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    requests = models.PositiveIntegerField(default=0, help_text="what it cost Canvas")
    pages_done = models.PositiveIntegerField(default=0)
    pages_all = models.PositiveIntegerField(null=True)
    students = models.PositiveIntegerField(null=True, help_text="as Canvas counted them on the first page")
    outcome_count = models.PositiveIntegerField(null=True)
    outcomes = models.JSONField(default=list, help_text="as `outcome.measured` writes them, in the reader's order")
    sections = models.JSONField(default=dict, help_text="names by Canvas's number, as text")
    order = models.JSONField(default=list, help_text="numbers of outcomes as ordered since; empty: as Canvas gave them")
    aggregates = models.JSONField(default=dict, help_text="Canvas's own mean and median: {stat: {outcome: [score, n]}}")
    content_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text="of outcomes, students and scores; the same where a reading brought no news",
    )
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a page would show")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_open_reading_per_course",
            )
        ]
        indexes = [
            models.Index(fields=["course", "state", "-id"], name="reading_newest"),
            models.Index(fields=["try_at"], condition=models.Q(state__in=["waiting", "running"]), name="reading_due"),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> float:
        return 100 * self.pages_done / self.pages_all if self.pages_all else 0.0


class ReadingPage(models.Model):
    """Up to 100 students and their scores, packed by `outcomes.rollups.sheet`."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="one_page_per_number")]

    def __str__(self) -> str:
        return f"page {self.number}"
