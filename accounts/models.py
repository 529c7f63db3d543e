"""Tables of people, Canvas accounts, credentials, memberships and the audit log."""

from datetime import datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.rights import RIGHTS, Right, Role, roles_with
from accounts.zones import zone


class People(UserManager["User"]):
    use_in_migrations = False

    def visible_to(self, user: "User") -> models.QuerySet["User"]:
        """Everybody for who runs the installation; otherwise oneself and the people of the accounts one manages."""
        if user.is_superuser:
            return self.all()
        managed = CanvasAccount.objects.allowing(Right.MANAGE, user)
        return self.filter(Q(pk=user.pk) | Q(memberships__canvas_account__in=managed)).distinct()


class User(AbstractUser):
    """A person who signs in. Superusers run the installation: they are admin of every Canvas account."""

    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name; empty means the browser's own")

    objects: ClassVar[People] = People()

    def role_on(self, canvas_account: "CanvasAccount") -> Role | None:
        if self.is_superuser:
            return Role.ADMIN
        membership = self.memberships.filter(canvas_account=canvas_account).first()
        return Role(membership.role) if membership else None

    def may(self, right: Right, canvas_account: "CanvasAccount") -> bool:
        role = self.role_on(canvas_account)
        return role is not None and right in RIGHTS[role]

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.time_zone)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class SignInTries(models.Model):
    """Passwords tried in a row at one door without success: see `accounts.services.signing_in`, which alone writes it.

    The door stands here as a keyed hash: what is typed as a user name may be a password.
    """

    door = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} tries, the last at {self.last_at}"


class CanvasAccountQuerySet(models.QuerySet["CanvasAccount"]):
    def visible_to(self, user: User) -> Self:
        """The accounts on which this person has any role. Every page starts from here."""
        visible = self.filter(archived_at=None)
        return visible if user.is_superuser else visible.filter(memberships__user=user)

    def allowing(self, right: Right, user: User) -> Self:
        """The accounts on which this person's role carries the right."""
        visible = self.filter(archived_at=None)
        if user.is_superuser:
            return visible
        return visible.filter(memberships__user=user, memberships__role__in=roles_with(right))

    def named(self, name: str) -> "CanvasAccount | None":
        """The account that a script means: by its name or its short name."""
        return self.filter(models.Q(name=name) | models.Q(slug=name), archived_at=None).first()


class CanvasAccount(models.Model):
    """A root account of one Canvas site, as Easel speaks to it."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    base_url = models.URLField("address", max_length=255, help_text="such as https://canvas.example.edu")
    canvas_account_id = models.CharField("account in Canvas", max_length=120, default="self")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = CanvasAccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:list", args=[self.slug])

    @property
    def credential(self) -> "Credential | None":
        """The token in use, if there is one."""
        return self.credentials.filter(state__in=Credential.USED).order_by("-pk").first()

    @property
    def candidate(self) -> "Credential | None":
        """The newest token, while it is being checked or when Canvas has refused it."""
        newest = self.credentials.order_by("-pk").first()
        return newest if newest and newest.state in Credential.NOT_USED else None


class Credential(models.Model):
    """One token for one Canvas account.

    A new token is `checking` until Canvas has accepted it; only then does it take the place of the one before, so
    that a mistyped token never stops running imports. A token that is not needed any more is wiped from its row.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "being checked"
        WORKING = "working", "works"
        UNREACHABLE = "unreachable", "Canvas does not answer"
        EXPIRED = "expired", "expired"
        REVOKED = "revoked", "no longer accepted"
        UNREADABLE = "unreadable", "cannot be decrypted"
        REFUSED = "refused", "refused by Canvas"
        REPLACED = "replaced", "replaced"

    # The token in use may since have stopped working; a newer one that is being checked or was refused is not in use.
    USED = (State.WORKING, State.UNREACHABLE, State.EXPIRED, State.REVOKED, State.UNREADABLE)
    NOT_USED = (State.CHECKING, State.REFUSED)

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="credentials")
    sealed_token = models.BinaryField(help_text="encrypted with a key from outside the database; empty once wiped")
    state = models.CharField(max_length=16, choices=State, default=State.CHECKING)
    problem = models.TextField(blank=True, help_text="what is wrong, in plain words")
    may_import = models.BooleanField(null=True)
    may_restore = models.BooleanField(null=True)
    owner_name = models.CharField(max_length=255, blank=True)
    owner_canvas_id = models.CharField(max_length=64, blank=True)
    account_name = models.CharField(max_length=255, blank=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    check_due_at = models.DateTimeField(null=True, default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["canvas_account", "state"])]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.canvas_account_id}"

    @property
    def is_checking(self) -> bool:
        return self.state == self.State.CHECKING

    @property
    def is_used(self) -> bool:
        return self.state in self.USED

    @property
    def needs_replacing(self) -> bool:
        return self.state in (self.State.EXPIRED, self.State.REVOKED, self.State.UNREADABLE)

    @property
    def seen(self) -> str:
        """Changes whenever what a page shows of this token changes."""
        checked: datetime | None = self.checked_at
        return f"{self.pk}-{self.state}-{checked.timestamp() if checked else 0}"


class Membership(models.Model):
    """A person's role on one Canvas account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "canvas_account"], name="one_role_per_canvas_account")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} on {self.canvas_account}"


class AuditLineQuerySet(models.QuerySet["AuditLine"]):
    def visible_to(self, user: User) -> Self:
        """Everything for who runs the installation; otherwise what concerns accounts whose audit log one may read."""
        if user.is_superuser:
            return self.all()
        return self.filter(canvas_account__in=CanvasAccount.objects.allowing(Right.AUDIT, user))


class AuditLine(models.Model):
    """Who did what, when. Written before the deed, in the same transaction as its claim; never changed or removed."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    canvas_account = models.ForeignKey(CanvasAccount, null=True, on_delete=models.PROTECT, related_name="audit_lines")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=150, help_text="kept although the person may go")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, help_text="what it was done to, in words")
    subject_key = models.CharField(max_length=60, blank=True, help_text="such as run:17")
    detail = models.JSONField(default=dict)

    objects = AuditLineQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["canvas_account", "-id"]),
            models.Index(fields=["subject_key", "-id"]),
            models.Index(fields=["actor", "-id"]),
            models.Index(fields=["verb", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.subject}"
