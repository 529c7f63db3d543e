"""Limits on what an import may remove, and launches that were held because they are over one."""

from django.db import models
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models.runs import ImportRun


class Limit(models.Model):
    """How much of a kind an import may remove before a second person is asked."""

    class Scope(models.TextChoices):
        ACCOUNT = "account", "in the whole account"
        TERM = "term", "in a term"
        DEPARTMENT = "department", "in a department"

    class Unit(models.TextChoices):
        PERCENT = "percent", "percent"
        ROWS = "rows", "in number"

    class Kind(models.TextChoices):
        USER = "user", "users"
        COURSE = "course", "courses"
        SECTION = "section", "sections"
        ENROLLMENT = "enrollment", "enrollments"

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="limits")
    kind = models.CharField(max_length=12, choices=Kind)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.ACCOUNT)
    place = models.CharField(max_length=255, blank=True, help_text="SIS id of the term or department; empty: of each")
    most = models.PositiveIntegerField("at most")
    unit = models.CharField(max_length=7, choices=Unit, default=Unit.PERCENT)
    floor = models.PositiveIntegerField(default=0, help_text="removing fewer than this is never held")

    class Meta:
        ordering = ["kind", "scope", "place", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["canvas_account", "kind", "scope", "place", "unit"], name="one_limit_per_place"
            )
        ]

    def __str__(self) -> str:
        where = f"in {self.scope} {self.place}" if self.place else self.get_scope_display()
        amount = f"{self.most} % of" if self.unit == self.Unit.PERCENT else f"{self.most}"
        return f"{amount} {self.get_kind_display()} {where}"


class LimitChange(models.Model):
    """Somebody changed the limits: for a while, what they launch themselves is held against the old ones, too."""

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="limit_changes")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(help_text="the account's own limits until then, as the fields of `judging.Bound`")

    class Meta:
        indexes = [models.Index(fields=["canvas_account", "by", "at"], name="limit_changes_of_people")]

    def __str__(self) -> str:
        return f"Limits of {self.canvas_account} changed by {self.by}"


class Hold(models.Model):
    """A launch that waits for a second person. The approval is for these bytes and these options."""

    class State(models.TextChoices):
        WAITING = "held", "waits for approval"
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"
        EXPIRED = "expired", "expired"

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, related_name="hold")
    reasons = models.JSONField(default=list, help_text="sentences: which limit, by how much")
    package_sha256 = models.CharField(max_length=64)
    options_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    held_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="when the approvers were sent an e-mail")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=models.Q(state="held"), name="hold_waiting")]

    def __str__(self) -> str:
        return f"hold of {self.run}"
