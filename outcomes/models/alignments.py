"""What outcomes are aligned with in a course, asked for by student or by assignment."""

from django.db import models
from django.utils import timezone

from imports.models import Course
from outcomes.models.errands import Errand


class AlignmentList(Errand):
    """Canvas's answer to one question. It is named by our own number, so that no address holds a student's."""

    class By(models.TextChoices):
        STUDENT = "student", "of a student"
        ASSIGNMENT = "assignment", "of an assignment"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="alignment_lists")
    by = models.CharField(max_length=10, choices=By)
    target = models.BigIntegerField(help_text="Canvas's number of the student or assignment")
    asked_at = models.DateTimeField(default=timezone.now)
    found = models.JSONField(default=list, help_text="[{outcome, title, assignment, types, url}]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "by", "target"], name="one_alignment_list_per_question")
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=models.Q(wanted_at__isnull=False), name="alignments_wanted")
        ]

    def __str__(self) -> str:
        return f"alignments {self.pk}"
