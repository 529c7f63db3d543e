"""Files a person or script gave us: stored with their hashes before anything else happens, and never changed."""

import uuid
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import CanvasAccount, User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(canvas_account__in=CanvasAccount.objects.visible_to(user))


class Upload(models.Model):
    """What was given at once, and the package made of it that Canvas gets: the one file itself, or all CSVs zipped."""

    class Kind(models.TextChoices):
        SIS = "sis", "SIS files"
        OUTCOME = "outcome", "outcomes"

    class State(models.TextChoices):
        STORED = "stored", "being looked at"
        READY = "ready", "ready"
        UNUSABLE = "unusable", "cannot be sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.PROTECT, related_name="uploads")
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(
        max_length=10, choices=Kind, default=Kind.SIS, help_text="known by the first line of its only file"
    )
    state = models.CharField(max_length=10, choices=State, default=State.STORED)
    problem = models.TextField(blank=True, help_text="why it cannot be sent, and what to do")
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=32, blank=True)
    purged_at = models.DateTimeField(null=True, help_text="when the files were removed; names and hashes stay")
    package_name = models.CharField(max_length=255, blank=True)
    package_sha256 = models.CharField(max_length=64, blank=True)
    package_size = models.BigIntegerField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return f"upload {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("imports:upload", args=[self.canvas_account.slug, self.id])

    @property
    def holds_outcomes(self) -> bool:
        return self.kind == self.Kind.OUTCOME

    @property
    def is_checkable(self) -> bool:
        """Whether a check tells more: of files that can be launched, and of files that Canvas would not read."""
        if self.state != self.State.UNUSABLE:
            return True
        csvs = UploadedCsv.objects.filter(file__upload=self)
        return self.purged_at is None and csvs.exists() and not csvs.exclude(kind="").exists()

    @property
    def folder(self) -> Path:
        return Path(settings.UPLOAD_DIR) / str(self.id)

    @property
    def package_path(self) -> Path:
        """Where the bytes lie that Canvas gets."""
        files = list(self.files.all())
        return files[0].path if len(files) == 1 else self.folder / "package.zip"


class UploadedFile(models.Model):
    """One file as it was given. `name` is the giver's; on disk it has a name of our own."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=64)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return self.upload.folder / self.stored_as


class UploadedCsv(models.Model):
    """One CSV found in an upload: a file itself, or an entry of a ZIP."""

    class Encoding(models.TextChoices):
        UTF_16 = "utf-16", "UTF-16"
        UTF_16_LE = "utf-16-le", "UTF-16 without a mark"
        UTF_16_BE = "utf-16-be", "UTF-16 without a mark, big end first"
        UTF_32 = "utf-32", "UTF-32"
        WINDOWS_1252 = "cp1252", "Windows-1252"

    file = models.ForeignKey(UploadedFile, on_delete=models.CASCADE, related_name="csvs")
    entry = models.CharField(max_length=1024, blank=True, help_text="path inside the ZIP; empty for a file itself")
    kind = models.CharField(max_length=40, blank=True, help_text="Canvas's name for what it holds; empty if unknown")
    headers = models.JSONField(default=list)
    rows = models.BigIntegerField(null=True, help_text="records below the header; null where unreadable")
    size = models.BigIntegerField()
    problem = models.TextField(blank=True)
    encoding = models.CharField(
        max_length=9, choices=Encoding, blank=True, help_text="what it seems to be, where that is known and not UTF-8"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.entry.rpartition("/")[2] or self.file.name
