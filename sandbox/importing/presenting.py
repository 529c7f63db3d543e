"""The JSON of imports, messages and progresses."""

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from sandbox.clock import api_time
from sandbox.importing import files
from sandbox.importing.options import Options
from sandbox.people import user_json

if TYPE_CHECKING:
    from sandbox.site import Site

Json = dict[str, Any]


class Presenter:
    """Renders for one request; `base` is scheme and host of the links."""

    def __init__(self, site: "Site", base: str) -> None:
        self._site = site
        self._db = site.db()
        self._base = base

    def batch(self, row: sqlite3.Row) -> Json:
        shown = self._record(dict(row))
        shown |= json.loads(row["processing"])
        return shown | self._attachments(row["id"])

    def new_batch(self, row: sqlite3.Row) -> Json:
        """The import as it was when it was taken, however far the queue has come with it since."""
        first = {"workflow_state": "created", "progress": 0, "started_at": None, "ended_at": None}
        data = json.dumps({"import_type": json.loads(row["data"])["import_type"]})
        return self._record(
            {**dict(row), **first, "updated_at": row["created_at"], "data": data, "diffing_threshold_exceeded": 0}
        )

    def _record(self, row: Json) -> Json:
        """What the import's own row tells."""
        options = Options(**json.loads(row["options"]))
        shown: Json = {
            "id": row["id"],
            "created_at": api_time(row["created_at"]),
            "started_at": api_time(row["started_at"]),
            "ended_at": api_time(row["ended_at"]),
            "updated_at": api_time(row["updated_at"]),
            "progress": row["progress"],
            "workflow_state": row["workflow_state"],
            "data": json.loads(row["data"]),
            **options.echo(),
            # Canvas looks for this in the wrong place and never finds it; `data` has it.
            "diffed_against_import_id": None,
        }
        if options.diffing_data_set_identifier:
            shown["diffing_threshold_exceeded"] = bool(row["diffing_threshold_exceeded"])
        if row["user_id"] is not None:
            shown["user"] = user_json(self._db, row["user_id"])
        return shown

    def _attachments(self, batch_id: int) -> Json:
        rows = self._db.execute("SELECT * FROM attachments WHERE sis_batch_id = ? ORDER BY id", (batch_id,)).fetchall()
        now = self._site.clock.now()
        by_role: dict[str, list[Json]] = {}
        for row in rows:
            if files.is_written(row, now):
                by_role.setdefault(row["role"], []).append(files.as_json(self._site, row, self._base))
        shown: Json = {}
        if files.ERRORS in by_role:
            shown["errors_attachment"] = by_role[files.ERRORS][-1]
        if files.CSV in by_role:
            shown["csv_attachments"] = by_role[files.CSV]
        if files.DIFFED in by_role:
            shown["diffed_csv_attachments"] = by_role[files.DIFFED]
        return shown

    def message(self, row: sqlite3.Row) -> Json:
        return {
            "sis_import_id": row["sis_batch_id"],
            "file": row["file"],
            "message": row["message"],
            "row_info": row["row_info"],
            "row": row["row_number"],
        }

    def progress(self, row: sqlite3.Row) -> Json:
        return {
            "id": row["id"],
            "context_id": row["sis_batch_id"],
            "context_type": "SisBatch",
            "user_id": None,
            "tag": "sis_batch_state_restore",
            "completion": row["completion"],
            "workflow_state": row["workflow_state"],
            "created_at": api_time(row["created_at"]),
            "updated_at": api_time(row["updated_at"]),
            "message": row["message"],
            "url": f"{self._base}/api/v1/progress/{row['id']}",
        }
