"""Checks of uploads: how far they are, what they found, and the institution's own rules."""

from pathlib import Path

from django.db import models

from accounts.models import CanvasAccount
from imports.models.uploads import Upload


class Check(models.Model):
    """One reading of an upload by Canvas's rules. Three options change how rows are read: each choice is a check."""

    class State(models.TextChoices):
        DUE = "due", "about to begin"
        RUNNING = "running", "reading"
        DONE = "done", "done"
        BROKEN = "broken", "not possible"

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="checks")
    diffing = models.BooleanField(default=False)
    skip_deletes = models.BooleanField(default=False)
    update_sis_id_if_login_claimed = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    problem = models.TextField(blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    bytes_all = models.BigIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    refused_rows = models.BigIntegerField(default=0, help_text="rows that Canvas would refuse, all files together")
    mended_rows = models.BigIntegerField(
        default=0, help_text="rows that Canvas takes without a cell that it cannot read"
    )
    all_known = models.BooleanField(default=False, help_text="whether everything was known that rows refer to")
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a page would show")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "diffing", "skip_deletes", "update_sis_id_if_login_claimed"],
                name="one_check_per_reading",
            )
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=models.Q(state__in=["due", "running"]), name="check_due")
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.DUE, self.State.RUNNING)

    @property
    def percent(self) -> float:
        return 100 * self.bytes_done / self.bytes_all if self.bytes_all else 0.0

    @property
    def has_cleaned_files(self) -> bool:
        return self.state == self.State.DONE and bool(self.refused_rows or self.mended_rows)

    @property
    def folder(self) -> Path:
        """Where the cleaned files and the refused rows lie."""
        return self.upload.folder / f"check-{self.pk}"


class FindingGroup(models.Model):
    """All findings of one rule in one file: counted exactly, shown by examples."""

    check_run = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="groups")
    rule = models.CharField(max_length=60)
    file = models.CharField(max_length=1024)
    severity = models.PositiveSmallIntegerField(help_text="1 file refused, 2 row refused, 3 ignored, 4 suspicious")
    count = models.BigIntegerField()
    examples = models.JSONField(help_text="the first findings: line, record, column, value, says, hint, other place")

    class Meta:
        ordering = ["severity", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_run", "rule", "file"], name="one_group_per_rule_and_file")
        ]

    def __str__(self) -> str:
        return f"{self.count} x {self.rule}"


class HouseRules(models.Model):
    """What an institution asks for beyond Canvas: the text of its rules.toml."""

    canvas_account = models.OneToOneField(CanvasAccount, on_delete=models.CASCADE, related_name="house_rules")
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"rules of {self.canvas_account_id}"
