"""Places of a Canvas account: its courses and the accounts below it, as Canvas last listed them."""

from django.db import models
from django.utils import timezone

from accounts.models import CanvasAccount


class Directory(models.Model):
    """One per Canvas account: when its places were listed, and whether somebody waits for them to be listed again."""

    canvas_account = models.OneToOneField(CanvasAccount, on_delete=models.CASCADE, related_name="directory")
    wanted_at = models.DateTimeField(null=True, default=timezone.now, help_text="since when a listing is wanted")
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    listed_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, help_text="why the last listing failed, in plain words")
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a page would show")

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], condition=models.Q(wanted_at__isnull=False), name="directory_wanted")
        ]

    def __str__(self) -> str:
        return f"places of {self.canvas_account_id}"


class SubAccount(models.Model):
    """An account below the root, a department for instance."""

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="sub_accounts")
    canvas_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    parent_canvas_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["canvas_account", "canvas_id"], name="one_sub_account_per_canvas_id")
        ]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """A course. One that Canvas no longer lists stays here, since readings of it may be part of a program."""

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="courses")
    canvas_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    course_code = models.CharField(max_length=255, blank=True)
    sis_course_id = models.CharField(max_length=255, blank=True)
    sub_account_canvas_id = models.BigIntegerField(null=True, help_text="the account it belongs to, maybe the root")
    term_canvas_id = models.BigIntegerField(null=True)
    workflow_state = models.CharField(max_length=40, blank=True)
    is_listed = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["canvas_account", "canvas_id"], name="one_course_per_canvas_id")]
        indexes = [
            models.Index(fields=["canvas_account", "name", "id"], name="course_by_name"),
            models.Index(fields=["canvas_account", "term_canvas_id"], name="course_by_term"),
        ]

    def __str__(self) -> str:
        return self.name
