"""SIS imports (Canvas's SisBatch) as the API sees them. Every dict is the JSON of the API.

`base` is scheme and host of the request, as `http://127.0.0.1:9100`, for the links inside the JSON.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox.site import Site

Json = dict[str, Any]


class Refusal(Exception):
    """A POST or PUT that Canvas answers with an error. `body` is JSON, or raw text where Canvas sends that."""

    def __init__(self, status: int, body: Json | str) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def create(
    site: Site,
    *,
    file: Path | None,
    filename: str,
    content_type: str,
    params: Mapping[str, Sequence[str]],
    user: Mapping[str, Any] | None,
) -> int:
    """Take a new import and ring the queue; its id. Raises `Refusal`, some of which leave an `initializing` row.

    Multipart: `filename` and `content_type` are those of the part `attachment`; without such a part `file` is None and
    `content_type` that of the request (`multipart/form-data...`); a plain text field `attachment` is in `params`.
    Raw body: `filename` is empty (the name follows from `extension` or the type), `content_type` is the header as sent.
    The file becomes the site's: it is moved or removed. `user`: as given by `objects.users_self`.
    """
    raise NotImplementedError


def show(site: Site, batch_id: int, *, base: str) -> Json | None:
    raise NotImplementedError


def index(
    site: Site,
    *,
    created_since: str | None,
    created_before: str | None,
    states: Sequence[str],
    offset: int,
    limit: int,
    base: str,
) -> list[Json]:
    """Newest first. Unparsable times and unknown states are ignored, as Canvas does."""
    raise NotImplementedError


def importing(site: Site, *, base: str) -> list[Json]:
    raise NotImplementedError


def abort(site: Site, batch_id: int, *, base: str) -> Json | None:
    """The aborted import; None where it is unknown or can no longer be aborted."""
    raise NotImplementedError


def abort_all_pending(site: Site) -> None:
    raise NotImplementedError


def restore(
    site: Site, batch_id: int, *, batch_mode: bool, undelete_only: bool, unconclude_only: bool, base: str
) -> Json | None:
    """The Progress of the restore; None where the import is unknown. Raises `Refusal`."""
    raise NotImplementedError


def errors(
    site: Site, batch_id: int | None, *, failure: bool | None, offset: int, limit: int
) -> tuple[list[Json], int] | None:
    """One page of messages, newest first, and how many there are; of all imports where `batch_id` is None.

    None where the import is unknown.
    """
    raise NotImplementedError


def progress(site: Site, progress_id: int, *, base: str) -> Json | None:
    raise NotImplementedError


class Expired(Exception):
    """The link of a file is too old."""


def attachment(site: Site, attachment_id: int, verifier: str) -> tuple[Path, str, str] | None:
    """Path, display name and content type; None where id and verifier do not belong together. Raises `Expired`.

    The site of a verifier: `Sites.of_verifier`.
    """
    raise NotImplementedError
