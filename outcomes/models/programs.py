"""Programs: outcomes looked at over many courses."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.models import Course
from outcomes.programs.published import DEFAULT_THRESHOLD
from outcomes.programs.rules import CourseRule, OutcomeRule


class OutcomePolicy(models.Model):
    """What an institution decides about figures of outcomes. Without a row, what stands here as defaults."""

    canvas_account = models.OneToOneField(CanvasAccount, on_delete=models.CASCADE, related_name="outcome_policy")
    smallest_group = models.PositiveSmallIntegerField(
        default=DEFAULT_THRESHOLD, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )

    def __str__(self) -> str:
        return f"groups from {self.smallest_group} students on"


class Program(models.Model):
    """Outcomes and courses, both by rules that are kept and asked again.

    `courses_at` is the listing of places that the rules were last asked about. `wanted_at`: since when somebody wants
    its courses read, those whose data is older than `wanted_hours`. A round is one such wish carried out.
    """

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="programs")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    course_rules = models.JSONField(default=list, help_text="as `program_rules.CourseRule` writes them")
    outcome_rules = models.JSONField(default=list, help_text="as `program_rules.OutcomeRule` writes them")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True)
    courses_at = models.DateTimeField(null=True)
    daily_hour = models.PositiveSmallIntegerField(null=True, help_text="UTC; none: only when somebody asks")
    collect_at = models.DateTimeField(null=True, help_text="when the schedule is next due")
    wanted_at = models.DateTimeField(null=True)
    wanted_hours = models.PositiveIntegerField(default=0)
    wanted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    round_at = models.DateTimeField(null=True)
    round_size = models.PositiveIntegerField(default=0, help_text="courses that the last round has asked for")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["canvas_account", "name"],
                condition=models.Q(archived_at=None),
                name="one_program_in_use_per_name",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outcomes:program", args=[self.canvas_account.slug, self.pk])

    @property
    def rules_for_courses(self) -> list[CourseRule]:
        return [CourseRule.from_json(one) for one in self.course_rules]

    @property
    def rules_for_outcomes(self) -> list[OutcomeRule]:
        return [OutcomeRule.from_json(one) for one in self.outcome_rules]

    def next_collection(self, now: datetime) -> datetime | None:
        """The next time the clock shows the hour of the schedule, in UTC."""
        if self.daily_hour is None:
            return None
        today = now.replace(hour=self.daily_hour, minute=0, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


class ProgramCourse(models.Model):
    """A course that a rule has found or that somebody has decided about."""

    class Hand(models.TextChoices):
        NONE = "", "by rule"
        ADDED = "added", "added by hand"
        EXCLUDED = "excluded", "left out by hand"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="places")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    is_by_rule = models.BooleanField(default=False)
    hand = models.CharField(max_length=10, choices=Hand, blank=True, default=Hand.NONE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "course"], name="one_place_per_course_in_program")]

    def __str__(self) -> str:
        return f"{self.course_id} in {self.program_id}"


class ComputedFigures(models.Model):
    """The newest figures of a program. `fingerprint` is that of the readings and rules they were computed from.

    `content` are figures, packed; `people` says which students are in which courses, packed, to find them by name.
    """

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="computed")
    fingerprint = models.CharField(max_length=64)
    content = models.BinaryField()
    people = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"figures of {self.program_id}"
