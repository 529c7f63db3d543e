"""The watch over one Canvas account: when to ask Canvas next, what we have heard, what is in the way."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import CanvasAccount


class WatchQuerySet(models.QuerySet["Watch"]):
    def due(self) -> Self:
        now = timezone.now()
        free = models.Q(lease_until=None) | models.Q(lease_until__lt=now)
        return self.filter(free, poll_at__lte=now, canvas_account__archived_at=None)


class Watch(models.Model):
    """One per Canvas account. Its row is also the lock under which the next launch of the account is chosen."""

    canvas_account = models.OneToOneField(CanvasAccount, on_delete=models.CASCADE, related_name="watch")
    poll_at = models.DateTimeField(default=timezone.now)
    interval = models.FloatField(default=1.0, help_text="seconds until the next question")
    lease_until = models.DateTimeField(null=True, help_text="until then a worker speaks with Canvas for this account")
    heard_at = models.DateTimeField(null=True, help_text="when Canvas last answered")
    trouble = models.TextField(blank=True, help_text="why it does not, in plain words")
    trouble_since = models.DateTimeField(null=True)
    newest_seen_at = models.DateTimeField(null=True, help_text="Canvas's creation time of the newest import we know")
    history_before = models.DateTimeField(null=True, help_text="how far back the history has been collected")
    history_lease_until = models.DateTimeField(null=True)
    history_complete = models.BooleanField(default=False)
    terms = models.JSONField(default=list, help_text="active terms: id, name, sis_term_id")
    terms_at = models.DateTimeField(null=True)
    roles = models.JSONField(null=True, help_text="active roles: id, name, base_role_type; null: Canvas does not tell")
    roles_at = models.DateTimeField(null=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["poll_at"])]

    def __str__(self) -> str:
        return f"watch over {self.canvas_account_id}"


class Heartbeat(models.Model):
    """That a scheduler tick was worked off, and so that a worker lives. One row."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
