"""The protocol that a kind of import fulfils."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from canvas.client import CanvasClient
from imports.phases import Outcome, Phase


@dataclass(frozen=True, slots=True)
class Heard:
    """What Canvas says of one import, in our words: the values that a run mirrors."""

    canvas_id: int
    canvas_state: str
    phase: Phase
    outcome: Outcome | None
    progress: int | None
    canvas_created_at: datetime | None
    canvas_started_at: datetime | None
    canvas_ended_at: datetime | None
    canvas_updated_at: datetime | None
    canvas_user: str
    canvas_user_id: str
    counts: dict[str, int]
    statistics: dict[str, Any]
    supplied: list[str]
    warning_count: int
    error_count: int
    options: dict[str, Any]
    marker: int | None
    has_more: bool = False  # something to fetch, now that it has ended, besides messages
    csvs: dict[str, int | None] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One message that Canvas gave."""

    is_error: bool
    file: str
    row: int | None
    text: str
    row_content: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that an import created or changed; the title is empty where it is gone again."""

    canvas_id: int
    title: str


class Kind(Protocol):
    """How to speak with Canvas about one kind of import. Every method may raise a `canvas.errors.CanvasError`.

    `options` are those of the run. Where imports are not listed, each is read by itself, those of other tools cannot
    be seen, and not finding one proves nothing. `most_messages`: Canvas tells no more, and not how many there were.
    """

    name: str
    is_listed: bool
    can_abort: bool
    can_restore: bool
    most_messages: int | None

    def send(
        self,
        canvas: CanvasClient,
        *,
        path: Path,
        filename: str,
        options: Mapping[str, Any],
        marker: int | None,
        on_progress: Callable[[int, int], None],
    ) -> Heard:
        """Make the import in Canvas. Never repeated by itself."""
        ...

    def read(self, canvas: CanvasClient, canvas_id: int, *, options: Mapping[str, Any]) -> Heard: ...

    def listed(self, canvas: CanvasClient, *, since: datetime | None, before: datetime | None) -> Iterator[Heard]:
        """Imports of the account, newest first, fetched page by page as they are asked for."""
        ...

    def seen(self, canvas: CanvasClient, *, options: Mapping[str, Any]) -> Iterator[Heard]:
        """Imports among which one is looked for whose answer was lost, newest first."""
        ...

    def messages(self, canvas: CanvasClient, canvas_id: int, *, options: Mapping[str, Any]) -> Iterator[Said]:
        """All messages that Canvas tells, oldest first."""
        ...

    def made(self, canvas: CanvasClient, canvas_id: int, *, options: Mapping[str, Any]) -> list[Made]:
        """What an import that has ended created or changed, as far as Canvas tells it by name."""
        ...
