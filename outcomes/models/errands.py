"""What the rows have in common that a worker fetches or sends something for."""

from django.db import models
from django.utils import timezone


class Errand(models.Model):
    """A row that is wanted anew from Canvas, or was: since when, how often tried, by whom, and what came of it."""

    wanted_at = models.DateTimeField(null=True, default=timezone.now, help_text="since when a worker is wanted")
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    read_at = models.DateTimeField(null=True, help_text="when Canvas last said all this")
    problem = models.TextField(blank=True, help_text="why the last attempt failed, in plain words")
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a page would show")

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether a worker is on it or will be."""
        return self.wanted_at is not None
