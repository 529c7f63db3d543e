"""A practice site as a test sees it: send files, wait for the end, look at what Canvas now thinks."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox import batches, objects
from sandbox.site import Site

Json = dict[str, Any]
BASE = "http://practice.test"


def csv(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive that holds these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


class Practice:
    """Acts through the doors that the web server uses."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self._folder = folder

    def post(self, content: str | bytes, filename: str = "upload.csv", **options: object) -> int:
        """The id of the new import. Raises `batches.Refusal`."""
        file = self._folder / "sent"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return batches.create(
            self.site,
            file=file,
            filename=filename,
            content_type="text/csv",
            params={name: [str(value)] for name, value in options.items()},
            user=objects.users_self(self.site),
        )

    def send(self, content: str | bytes, filename: str = "upload.csv", **options: object) -> Json:
        """Post, wait until the queue has nothing more to do, and show the import."""
        batch_id = self.post(content, filename, **options)
        self.settle()
        return self.show(batch_id)

    def send_zip(self, files: Mapping[str, str | bytes], **options: object) -> Json:
        return self.send(zipped(files), "upload.zip", **options)

    def settle(self) -> None:
        assert self.site.queue.settle(60)

    def show(self, batch_id: int) -> Json:
        shown = batches.show(self.site, batch_id, base=BASE)
        assert shown is not None
        return shown

    def restore(
        self, batch_id: int, *, batch_mode: bool = False, undelete_only: bool = False, unconclude_only: bool = False
    ) -> Json:
        """Restore, wait, and show the Progress."""
        asked = batches.restore(
            self.site,
            batch_id,
            batch_mode=batch_mode,
            undelete_only=undelete_only,
            unconclude_only=unconclude_only,
            base=BASE,
        )
        assert asked is not None
        self.settle()
        progress = batches.progress(self.site, asked["id"], base=BASE)
        assert progress is not None
        return progress

    def errors(self, batch_id: int | None = None, *, failures_only: bool = False) -> list[Json]:
        """All messages, oldest first."""
        found = batches.errors(self.site, batch_id, failures_only=failures_only, offset=0, limit=100_000)
        assert found is not None
        return found[0][::-1]

    def all(self, kind: str) -> list[Json]:
        return objects.listing(self.site, kind, 0, 1_000_000)[0]

    def one(self, kind: str, sis_id: str) -> Json:
        """The only object of the kind with this SIS id."""
        column = "sis_user_id" if kind in {"pseudonyms", "users"} else "sis_source_id"
        found = [item for item in self.all(kind) if item[column] == sis_id]
        assert len(found) == 1
        return found[0]

    def states(self, kind: str) -> dict[str, str]:
        """State by SIS id of those that have one."""
        column = "sis_user_id" if kind == "pseudonyms" else "sis_source_id"
        return {item[column]: item["workflow_state"] for item in self.all(kind) if item[column]}

    def enrollments(self) -> dict[tuple[str, str, str], str]:
        """State by user, course and type."""
        courses = {course["id"]: course["sis_source_id"] for course in self.all("courses")}
        logins = {login["id"]: login["sis_user_id"] for login in self.all("pseudonyms")}
        users = {login["user_id"]: logins[login["id"]] for login in self.all("pseudonyms")}
        return {
            (users[e["user_id"]], courses[e["course_id"]], e["type"].removesuffix("Enrollment")): e["workflow_state"]
            for e in self.all("enrollments")
        }
