"""Storing uploads, looking into them, and making the one file that Canvas gets."""

import hashlib
import logging
import os
import secrets
import shutil
import time
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports import leases
from imports.inspection import (
    MAX_BLOW_UP,
    OUTCOMES,
    FoundCsv,
    UnusableFile,
    holds_outcomes,
    look_into,
    refuse_unusable,
)
from imports.intake import TakenFile, pieces
from imports.models import ImportRun, Upload, UploadedCsv, UploadedFile
from imports.phases import ACTIVE
from imports.services import checking
from imports.services.converting import encoding_of
from imports.uploaded import free_name

_LONGEST_INTAKE = timedelta(days=1)
_LEASE = timedelta(seconds=leases.SECONDS)
# Four times as quick as zlib's usual level, for a fifth more to send: somebody waits for the package to launch it.
_COMPRESSION = 2
# A ZIP's own time of no meaning, so that the same files always make the same package.
_NO_TIME = (1980, 1, 1, 0, 0, 0)

logger = logging.getLogger(__name__)


@transaction.atomic
def store(*, canvas_account: CanvasAccount, files: Sequence[TakenFile], by: User | None) -> Upload:
    """Keep files that are on disk already as one upload. What is in them is looked at later.

    That it is a file of outcomes must be known at once: its check, which begins now, goes by other rules.
    """
    are_outcomes = len(files) == 1 and holds_outcomes(files[0].path, files[0].name)
    kind = Upload.Kind.OUTCOME if are_outcomes else Upload.Kind.SIS
    upload = Upload.objects.create(canvas_account=canvas_account, given_by=by, kind=kind)
    upload.folder.mkdir(mode=0o700)
    for number, file in enumerate(files):
        stored_as = f"{number}{Path(file.name).suffix.lower()[:10]}"
        file.path.rename(upload.folder / stored_as)
        UploadedFile.objects.create(
            upload=upload, name=file.name, stored_as=stored_as, size=file.size, sha256=file.sha256
        )
    logger.info("upload stored", extra={"upload": str(upload.id), "files": len(files)})
    return upload


def look(*, upload: Upload) -> None:
    """Look into the upload's files and make its package. One worker at a time; a second call finds it done.

    What each file is can be seen long before its rows are counted and the package is made.
    """
    now = timezone.now()
    mine = Upload.objects.filter(pk=upload.pk, state=Upload.State.STORED).exclude(lease_until__gt=now)
    if not mine.update(lease_until=now + _LEASE, lease_holder=secrets.token_hex(8)):
        return
    upload.refresh_from_db()
    files = list(upload.files.all())
    found: list[tuple[UploadedFile, list[FoundCsv]]] = []
    problem = ""
    with leases.KeptLease(lambda: _held(upload).update(lease_until=timezone.now() + _LEASE) == 1):
        try:
            refuse_unusable([(file.path, file.name) for file in files])
            if not _record(upload, [(file, look_into(file.path, file.name, counting=False)) for file in files]):
                return
            found = [(file, look_into(file.path, file.name)) for file in files]
            _refuse_hidden_outcomes([csv for _, csvs in found for csv in csvs])
            if any(csv.kind for _, csvs in found for csv in csvs):
                _make_package(upload, files)
            else:
                problem = "Nothing in here is a CSV file that Canvas would read."
        except UnusableFile as reason:
            problem = str(reason)
        except Exception:  # a person waits for the answer: whatever is wrong with the files, there must be one
            logger.exception("upload could not be looked into", extra={"upload": str(upload.id)})
            problem = "Easel could not look into these files. They are kept; tell who runs Easel."
    _end(upload, found, problem=problem)


def _held(upload: Upload) -> QuerySet[Upload]:
    """The upload, if it is still ours to look into."""
    return Upload.objects.filter(pk=upload.pk, state=Upload.State.STORED, lease_holder=upload.lease_holder)


@transaction.atomic
def _end(upload: Upload, found: Sequence[tuple[UploadedFile, list[FoundCsv]]], *, problem: str) -> None:
    if not _record(upload, found):
        return
    upload.state = Upload.State.UNUSABLE if problem else Upload.State.READY
    upload.problem = problem
    upload.lease_until = None
    upload.save()
    if not upload.is_checkable:
        checking.call_off(upload=upload, why=problem)


def _refuse_hidden_outcomes(csvs: Sequence[FoundCsv]) -> None:
    """Raises `UnusableFile` where outcomes come in a way that Canvas does not take them."""
    if not any(csv.kind == OUTCOMES for csv in csvs):
        return
    if csvs[0].entry:
        raise UnusableFile("Canvas takes outcomes as one CSV file, not in a ZIP. Send the file itself.")
    if len(csvs) > 1:
        raise UnusableFile("A file of outcomes is an import of its own: send it alone.")


@transaction.atomic
def _record(upload: Upload, found: Sequence[tuple[UploadedFile, list[FoundCsv]]]) -> bool:
    """Write down what the files are, as far as it is known. False if another worker has taken over."""
    if not _held(upload).update(lease_until=timezone.now() + _LEASE):
        return False
    UploadedCsv.objects.filter(file__upload=upload).delete()
    UploadedCsv.objects.bulk_create(
        UploadedCsv(
            file=file,
            entry=csv.entry[:1024],
            kind=csv.kind,
            headers=csv.headers,
            rows=csv.rows,
            size=csv.size,
            problem=csv.problem,
            encoding=encoding_of(file, csv),
        )
        for file, csvs in found
        for csv in csvs
    )
    return True


def _make_package(upload: Upload, files: Sequence[UploadedFile]) -> None:
    """One file goes as it is, byte for byte; several are zipped under their own names."""
    if len(files) == 1:
        only = files[0]
        upload.package_name, upload.package_sha256, upload.package_size = only.name, only.sha256, only.size
        return
    # Under its own name once it is whole: another worker may have made it already, and Canvas be getting it.
    draft = upload.folder / f"package-{secrets.token_hex(8)}"
    _zip(files, draft, zipfile.ZIP_DEFLATED)
    if sum(file.size for file in files) > MAX_BLOW_UP * 0.9 * draft.stat().st_size:
        _zip(files, draft, zipfile.ZIP_STORED)
    with draft.open("rb") as package:
        digest = hashlib.sha256()
        for piece in pieces(package):
            digest.update(piece)
        os.fsync(package.fileno())
    upload.package_name = "easel.zip"
    upload.package_sha256 = digest.hexdigest()
    upload.package_size = draft.stat().st_size
    draft.replace(upload.package_path)


def _zip(files: Sequence[UploadedFile], path: Path, compression: int) -> None:
    taken: set[str] = set()
    with zipfile.ZipFile(path, "w", compression, compresslevel=_COMPRESSION) as package:
        for file in files:
            entry = zipfile.ZipInfo(free_name(file.name, taken), _NO_TIME)
            entry.compress_type = compression
            entry.external_attr = 0o600 << 16
            with file.path.open("rb") as source, package.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1024 * 1024)


def purge(*, older_than: timedelta) -> int:
    """Remove the files of uploads that nothing needs any more; names, sizes and hashes stay. Returns how many.

    Needed are uploads of runs that have not ended, or ended within the time; and those given within the time. What is
    left of uploads that were broken off goes along.
    """
    before = timezone.now() - older_than
    old = Upload.objects.filter(purged_at=None, given_at__lt=before)
    needed = ImportRun.objects.filter(Q(phase__in=ACTIVE) | Q(finished_at__gte=before)).exclude(upload=None)
    purged = 0
    for upload in old.exclude(pk__in=needed.values("upload")).iterator():
        if upload.folder.exists():
            shutil.rmtree(upload.folder)
        Upload.objects.filter(pk=upload.pk).update(
            purged_at=timezone.now(), state=Upload.State.UNUSABLE, problem="The files were removed after their time."
        )
        purged += 1
    _sweep()
    return purged


def _sweep() -> None:
    """Remove files that a killed process was still taking in: nothing knows of them, and they hold student data."""
    long_ago = time.time() - _LONGEST_INTAKE.total_seconds()
    for path in Path(settings.UPLOAD_DIR).iterdir():
        if path.is_file() and path.stat().st_mtime < long_ago:
            path.unlink()


def due_uploads() -> list[Upload]:
    """Uploads that nobody is looking into, for instance because the worker that did has died."""
    return list(
        Upload.objects.filter(state=Upload.State.STORED)
        .exclude(lease_until__gt=timezone.now())
        .order_by("given_at")[:50]
    )
