"""Files of a site: uploads, attachments, and the links under which attachments can be fetched."""

import csv
import hashlib
import hmac
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.clock import api_time, moment

if TYPE_CHECKING:
    from sandbox.site import Site

CSV, DIFFED, ERRORS = "csv", "diffed", "errors"
ERRORS_DELAY = timedelta(seconds=2)  # the error file is written by a later job
ERRORS_LINK_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Verifier:
    """The permission in a file's link: site, time of expiry (0: never), signature."""

    site: "Site"
    attachment_id: int

    def text(self, expires: int) -> str:
        signed = f"{self.attachment_id}.{expires}".encode()
        signature = hmac.new(self.site.token.encode(), signed, hashlib.sha256).hexdigest()[:32]
        return f"{self.site.key}.{expires}.{signature}"

    def expiry_of(self, verifier: str) -> int | None:
        """The time of expiry; None where this is not a verifier of this attachment."""
        _, _, rest = verifier.partition(".")
        expires = rest.partition(".")[0]
        if not expires.isdecimal() or not hmac.compare_digest(self.text(int(expires)), verifier):
            return None
        return int(expires)


def upload_path(site: "Site", batch_id: int) -> Path:
    return site.files / str(batch_id) / "upload"


def keep_upload(site: "Site", batch_id: int, file: Path) -> None:
    target = upload_path(site, batch_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, target)


def attach(site: "Site", batch_id: int, role: str, display_name: str, path: Path) -> int:
    """Register a file as an attachment of the import; its id."""
    inserted = site.db().execute(
        "INSERT INTO attachments (sis_batch_id, role, display_name, filename, content_type, size, path, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            batch_id,
            role,
            display_name,
            path.name if role == ERRORS else display_name,
            "csv" if role == ERRORS else "text/csv",
            path.stat().st_size,
            str(path.relative_to(site.files)),
            site.clock.text(),
        ),
    )
    return int(inserted.lastrowid or 0)


def write_errors(site: "Site", batch_id: int) -> None:
    """The file of all messages, in the order in which they came."""
    path = site.files / str(batch_id) / f"sis_errors_attachment_{batch_id}_{site.key}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = site.db().execute(
        "SELECT sis_batch_id, file, message, row_number FROM sis_batch_errors WHERE sis_batch_id = ? ORDER BY id",
        (batch_id,),
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["sis_import_id", "file", "message", "row"])
        writer.writerows(tuple(row) for row in rows)
    attach(site, batch_id, ERRORS, f"sis_errors_attachment_{batch_id}.csv", path)


def is_written(row: sqlite3.Row, now: datetime) -> bool:
    """The error file shows up some seconds after the end."""
    return row["role"] != ERRORS or now >= moment(row["created_at"]) + ERRORS_DELAY


def as_json(site: "Site", row: sqlite3.Row, base: str) -> dict[str, Any]:
    """Canvas's File object."""
    expires = int((site.clock.now() + ERRORS_LINK_LIFE).timestamp()) if row["role"] == ERRORS else 0
    verifier = Verifier(site, row["id"]).text(expires)
    created = api_time(row["created_at"])
    return {
        "id": row["id"],
        "uuid": Verifier(site, row["id"]).text(0).replace(".", ""),
        "folder_id": None,
        "display_name": row["display_name"],
        "filename": row["filename"],
        "upload_status": "success",
        "content-type": row["content_type"],
        "url": f"{base}/files/{row['id']}/download?download_frd=1&verifier={verifier}",
        "size": row["size"],
        "created_at": created,
        "updated_at": created,
        "unlock_at": None,
        "locked": False,
        "hidden": False,
        "lock_at": None,
        "hidden_for_user": False,
        "thumbnail_url": None,
        "modified_at": created,
        "mime_class": "file",
        "media_entry_id": None,
        "locked_for_user": False,
    }
