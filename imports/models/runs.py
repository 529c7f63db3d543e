"""Import runs: one row per import, ours or another tool's, that mirrors Canvas's record."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models.uploads import Upload
from imports.phases import ACTIVE, ENDED, UNDER_WAY, Outcome, Phase


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(canvas_account__in=CanvasAccount.objects.visible_to(user))

    def under_way(self) -> Self:
        """Without those that are being forecast or held or ask a person: nobody waits for them."""
        return self.filter(phase__in=UNDER_WAY)

    def move(self, pk: int, believed: Phase | Iterable[Phase], to: Phase, **fields: Any) -> bool:
        """Move one run to another phase if it still stands where we believe: True for the one who moved it.

        The only way a phase changes before Canvas has the run. Whoever gets False must leave the run alone.
        """
        phases = [believed] if isinstance(believed, Phase) else list(believed)
        moved = self.filter(pk=pk, phase__in=phases).update(
            phase=to, version=F("version") + 1, changed_at=timezone.now(), **fields
        )
        return moved == 1


class ImportRun(models.Model):
    class Kind(models.TextChoices):
        SIS = "sis", "SIS"
        OUTCOME = "outcome", "Outcomes"

    class Via(models.TextChoices):
        PAGE = "page", "Easel's pages"
        COMMAND = "command", "Easel's command line"
        ELSEWHERE = "elsewhere", "another tool"

    class Messages(models.TextChoices):
        NONE = "none", "no messages"
        DUE = "due", "being collected"
        COMPLETE = "complete", "all collected"
        SHORT = "short", "Canvas no longer has all of them"

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SIS)
    phase = models.CharField(max_length=12, choices=Phase)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    problem = models.TextField(blank=True, help_text="in plain words: why it is not going on, what to do")
    via = models.CharField(max_length=10, choices=Via, default=Via.ELSEWHERE)
    launched_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="runs")
    options = models.JSONField(default=dict, help_text="what the person chose, by Canvas's parameter names")
    place_name = models.CharField(max_length=255, blank=True, help_text="of the account or course of an outcome import")
    group_title = models.CharField(max_length=255, blank=True, help_text="of the group that it goes into")

    once_key = models.CharField(max_length=64, blank=True, help_text="the form it came from: sent twice, launched once")

    # Sending
    marker = models.BigIntegerField(
        null=True, help_text="sent as diff_row_count_threshold, see design of the run's life"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True, help_text="not before then")
    lease_until = models.DateTimeField(null=True, help_text="until then a worker speaks for this run")
    lease_holder = models.CharField(max_length=32, blank=True)
    bytes_sent = models.BigIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    newest_before = models.BigIntegerField(null=True, help_text="highest import id known in Canvas before the POST")
    unsure_since = models.DateTimeField(null=True)
    candidates = models.JSONField(default=list, help_text="ids of imports in Canvas that may be this one")

    # What Canvas last said
    canvas_id = models.BigIntegerField(null=True)
    canvas_state = models.CharField(max_length=40, blank=True)
    progress = models.PositiveSmallIntegerField(null=True)
    canvas_created_at = models.DateTimeField(null=True)
    canvas_started_at = models.DateTimeField(null=True)
    canvas_ended_at = models.DateTimeField(null=True)
    canvas_updated_at = models.DateTimeField(null=True)
    canvas_user = models.CharField(max_length=255, blank=True)
    canvas_user_id = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    statistics = models.JSONField(default=dict)
    made = models.JSONField(default=list, help_text="groups that an outcome import created or changed: id, title")
    supplied = models.JSONField(default=list, help_text="kinds that Canvas found in the upload")
    warning_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    record = models.BinaryField(null=True, help_text="Canvas's last answer, compressed JSON")
    heard_at = models.DateTimeField(null=True)

    # Our own view
    at = models.DateTimeField(help_text="when it was created, in Canvas or here: the order of the history")
    prepared_at = models.DateTimeField(null=True)
    cleaning_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, help_text="Canvas's own time where it gives one")
    messages_state = models.CharField(max_length=10, choices=Messages, default=Messages.NONE)
    messages_try_at = models.DateTimeField(null=True)
    messages_tries = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a page would show")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["canvas_account", "kind", "canvas_id"],
                condition=Q(canvas_id__isnull=False),
                name="one_run_per_canvas_import",
            ),
            models.UniqueConstraint(
                fields=["canvas_account", "marker"], condition=Q(marker__isnull=False), name="one_run_per_marker"
            ),
        ]
        indexes = [
            models.Index(fields=["canvas_account", "-at", "-id"], name="run_history"),
            models.Index(fields=["canvas_account", "phase"], condition=~Q(phase__in=ENDED), name="run_active"),
            models.Index(fields=["canvas_account", "outcome", "-at", "-id"], name="run_outcome"),
            models.Index(fields=["messages_try_at"], condition=Q(messages_state="due"), name="run_messages_due"),
        ]

    def __str__(self) -> str:
        return f"import {self.canvas_id}" if self.canvas_id else f"launch {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("imports:detail", args=[self.canvas_account.slug, self.pk])

    @property
    def is_active(self) -> bool:
        return self.phase in ACTIVE

    @property
    def message_count(self) -> int:
        return self.warning_count + self.error_count

    @property
    def rows_done(self) -> int:
        """Rows that Canvas counts as worked off; changes per kind, and only when a kind is finished."""
        return sum(count for name, count in self.counts.items() if name in self.row_counts)

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows per kind, in Canvas's order and by its plural names; what is 0 is left out."""
        aside = ("error_count", "warning_count")
        return {
            name: count
            for name, count in self.counts.items()
            if count and name not in aside and not name.startswith("batch_")
        }

    @property
    def removed_counts(self) -> dict[str, int]:
        """What a full batch removed, by Canvas's names such as batch_courses_deleted; 0 means that it looked."""
        return {name: count for name, count in self.counts.items() if name.startswith("batch_")}

    @property
    def elapsed(self) -> timedelta | None:
        """How long Canvas has been, or was, at work."""
        if self.canvas_started_at is None:
            return None
        end: datetime = timezone.now() if self.is_active else (self.finished_at or self.changed_at)
        return max(end - self.canvas_started_at, timedelta())
