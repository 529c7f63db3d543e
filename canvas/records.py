"""What Canvas answers, as typed records, parsed where it enters.

`from_json` takes the object as Canvas sent it and raises Unreadable when an id or a state is missing; everything else
may be absent. Keys and their types were taken from `lib/api/v1/sis_import.rb`, `progress.rb`, `enrollment_term.rb`,
`account.rb`, `role.rb` and captured answers; where the public documentation differs, both readings are accepted.
Names of people are kept out of `repr`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from canvas.fields import Fields, JsonObject, integer

ProcessingMessage = tuple[str | None, str]  # (file or None for the whole import, Canvas's words)


@dataclass(frozen=True, slots=True)
class CanvasUser:
    """A person in Canvas, as far as the token's owner may see them."""

    id: int
    name: str = field(repr=False)
    sis_user_id: str | None = field(default=None, repr=False)
    login_id: str | None = field(default=None, repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="user")
        return cls(
            id=fields.needed_integer("id"),
            name=fields.text("name") or fields.text("display_name") or "",
            sis_user_id=fields.text("sis_user_id"),
            login_id=fields.text("login_id"),
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that Canvas keeps. The url carries its own permission and may be valid for an hour only."""

    id: int
    display_name: str
    size: int | None
    url: str = field(repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="attachment")
        return cls(
            id=fields.needed_integer("id"),
            display_name=fields.text("display_name") or fields.text("filename") or "",
            size=fields.integer("size"),
            url=fields.text("url") or "",
        )


@dataclass(frozen=True, slots=True)
class Account:
    """A Canvas account; `root_account_id` is None on a root account."""

    id: int
    name: str
    parent_account_id: int | None = None
    root_account_id: int | None = None
    workflow_state: str | None = None
    time_zone: str | None = None

    @property
    def is_root(self) -> bool:
        return self.root_account_id is None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="account")
        return cls(
            id=fields.needed_integer("id"),
            name=fields.text("name") or "",
            parent_account_id=fields.integer("parent_account_id"),
            root_account_id=fields.integer("root_account_id"),
            workflow_state=fields.text("workflow_state"),
            time_zone=fields.text("default_time_zone"),
        )


@dataclass(frozen=True, slots=True)
class Term:
    """An enrollment term. `sis_term_id` is None for the default term and where the token may not read SIS data."""

    id: int
    name: str
    start_at: datetime | None = None
    end_at: datetime | None = None
    workflow_state: str | None = None
    sis_term_id: str | None = None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="term")
        return cls(
            id=fields.needed_integer("id"),
            name=fields.text("name") or "",
            start_at=fields.moment("start_at"),
            end_at=fields.moment("end_at"),
            workflow_state=fields.text("workflow_state"),
            sis_term_id=fields.text("sis_term_id"),
        )


@dataclass(frozen=True, slots=True)
class Role:
    """A role of an account. `base_role_type` is `StudentEnrollment` ..., `AccountMembership` for those of admins.

    `name` is what files call it: `StudentEnrollment` ... for Canvas's own roles, whose `label` reads `Student`.
    """

    id: int
    name: str
    label: str
    base_role_type: str
    workflow_state: str | None = None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="role")
        label = fields.text("label") or ""
        return cls(
            id=fields.needed_integer("id"),
            name=fields.text("role") or label,
            label=label,
            base_role_type=fields.text("base_role_type") or "",
            workflow_state=fields.text("workflow_state"),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """A job of Canvas: `state` is queued, running, completed, failed or a word yet unknown; completion in percent."""

    id: int
    state: str
    completion: float | None = None
    tag: str | None = None
    context_id: int | None = None
    context_type: str | None = None
    message: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    url: str | None = None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="progress")
        return cls(
            id=fields.needed_integer("id"),
            state=fields.needed_text("workflow_state"),
            completion=fields.number("completion"),
            tag=fields.text("tag"),
            context_id=fields.integer("context_id"),
            context_type=fields.text("context_type"),
            message=fields.text("message"),
            created_at=fields.moment("created_at"),
            updated_at=fields.moment("updated_at"),
            url=fields.text("url"),
        )


@dataclass(frozen=True, slots=True)
class SisImportError:
    """One warning or error of an import. `row` counts from 1 with the header; None for the whole import."""

    sis_import_id: int | None
    file: str | None
    message: str = field(repr=False)
    row: int | None
    row_info: str | None = field(default=None, repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="import error")
        return cls(
            sis_import_id=fields.integer("sis_import_id"),
            file=fields.text("file"),
            message=fields.text("message") or "",
            row=fields.integer("row"),
            row_info=fields.text("row_info"),
        )


@dataclass(frozen=True, slots=True)
class SisImport:
    """A SIS import. `state` is Canvas's workflow_state as it came; `canvas.states.classify` says what it means.

    The options are named as in the answer and None where Canvas left them out. `progress` is in percent.
    `processing_errors` and `processing_warnings` hold the first 24 each and a line that counts the rest.
    `raw` is the whole object.
    """

    id: int
    state: str
    progress: int | None
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime | None
    user: CanvasUser | None
    # what happened
    import_type: str | None
    supplied_batches: tuple[str, ...]
    counts: dict[str, int]
    statistics: JsonObject
    running_immediately: bool | None
    diffed_against_id: int | None
    diffing_threshold_exceeded: bool | None
    error_message: str | None
    processing_errors: tuple[ProcessingMessage, ...] = field(repr=False)
    processing_warnings: tuple[ProcessingMessage, ...] = field(repr=False)
    csv_attachments: tuple[Attachment, ...]
    diffed_csv_attachments: tuple[Attachment, ...]
    errors_attachment: Attachment | None
    # what was asked for
    batch_mode: bool | None
    batch_mode_term_id: int | None
    multi_term_batch_mode: bool | None
    skip_deletes: bool | None
    override_sis_stickiness: bool | None
    add_sis_stickiness: bool | None
    clear_sis_stickiness: bool | None
    update_sis_id_if_login_claimed: bool | None
    diffing_data_set_identifier: str | None
    diffing_remaster: bool | None
    diffing_drop_status: str | None
    diffing_user_remove_status: str | None
    change_threshold: int | None
    diff_row_count_threshold: int | None
    raw: JsonObject = field(repr=False)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="SIS import")
        return cls(
            id=fields.needed_integer("id"),
            state=fields.needed_text("workflow_state"),
            progress=fields.integer("progress"),
            created_at=fields.moment("created_at"),
            started_at=fields.moment("started_at"),
            ended_at=fields.moment("ended_at"),
            updated_at=fields.moment("updated_at"),
            user=_user(fields.object("user")),
            raw=document,
            **_events(fields),
            **_options(fields),
        )


def _events(fields: Fields) -> dict[str, Any]:
    data = Fields(fields.object("data"), what="data of a SIS import")
    return {
        "import_type": data.text("import_type"),
        "supplied_batches": data.texts("supplied_batches"),
        "counts": _counts(data.object("counts")),
        # The documentation has it at the top, Canvas sends it inside `data`.
        "statistics": data.object("statistics") or fields.object("statistics"),
        "running_immediately": data.flag("running_immediately"),
        # The documented key is always null.
        "diffed_against_id": data.integer("diffed_against_sis_batch_id") or fields.integer("diffed_against_import_id"),
        "diffing_threshold_exceeded": fields.flag("diffing_threshold_exceeded"),
        "error_message": data.text("error_message"),
        "processing_errors": _messages(fields.list("processing_errors")),
        "processing_warnings": _messages(fields.list("processing_warnings")),
        "csv_attachments": _attachments(fields.list("csv_attachments")),
        "diffed_csv_attachments": _attachments(fields.list("diffed_csv_attachments")),
        "errors_attachment": next(iter(_attachments([fields.object("errors_attachment")])), None),
    }


def _options(fields: Fields) -> dict[str, Any]:
    return {
        "batch_mode": fields.flag("batch_mode"),
        "batch_mode_term_id": fields.integer("batch_mode_term_id"),
        "multi_term_batch_mode": fields.flag("multi_term_batch_mode"),
        "skip_deletes": fields.flag("skip_deletes"),
        "override_sis_stickiness": fields.flag("override_sis_stickiness"),
        "add_sis_stickiness": fields.flag("add_sis_stickiness"),
        "clear_sis_stickiness": fields.flag("clear_sis_stickiness"),
        "update_sis_id_if_login_claimed": fields.flag("update_sis_id_if_login_claimed"),
        "diffing_data_set_identifier": fields.text("diffing_data_set_identifier"),
        "diffing_remaster": fields.flag("diffing_remaster"),
        "diffing_drop_status": fields.text("diffing_drop_status"),
        "diffing_user_remove_status": fields.text("diffing_user_remove_status"),
        "change_threshold": fields.integer("change_threshold"),
        "diff_row_count_threshold": fields.integer("diff_row_count_threshold"),
    }


def _counts(document: JsonObject) -> dict[str, int]:
    counts = {name: integer(value) for name, value in document.items()}
    return {name: count for name, count in counts.items() if count is not None}


def _messages(pairs: list[Any]) -> tuple[ProcessingMessage, ...]:
    return tuple(
        (pair[0] if isinstance(pair[0], str) else None, str(pair[1]))
        for pair in pairs
        if isinstance(pair, list) and len(pair) >= 2
    )


def _user(document: JsonObject) -> CanvasUser | None:
    return CanvasUser.from_json(document) if integer(document.get("id")) is not None else None


def _attachments(documents: list[Any]) -> tuple[Attachment, ...]:
    """Attachments are extras: one that cannot be read must not hide the import."""
    return tuple(
        Attachment.from_json(document)
        for document in documents
        if isinstance(document, dict) and integer(document.get("id")) is not None
    )
