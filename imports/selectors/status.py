"""Where one run stands: what its page shows at the top, and changes while the run is under way."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.models import AuditLine
from imports.forecast.comparing import FIELDS
from imports.models import Action, ImportRun, UploadedCsv
from imports.phases import ABORTABLE, IN_CANVAS, OURS_ALONE, Phase
from imports.stages import Stage, sentence, stages_of

AUDIT_LINES = 50
# A kind of a full batch's clean-up, by the name of Canvas's count of it.
_REMOVED = {
    "batch_courses_deleted": "courses",
    "batch_sections_deleted": "sections",
    "batch_enrollments_deleted": "enrollments",
}


@dataclass
class Status:
    """One run, seen now. Each question is asked of the database once, and only if the page shows its answer."""

    run: ImportRun

    @cached_property
    def actions(self) -> list[Action]:
        return list(self.run.actions.select_related("asked_by"))

    @cached_property
    def open_actions(self) -> list[Action]:
        return [action for action in self.actions if action.state in Action.OPEN]

    @property
    def is_live(self) -> bool:
        """Something may still change by itself: then the page goes on asking."""
        return self.run.is_active or bool(self.open_actions) or self.run.messages_state == ImportRun.Messages.DUE

    @property
    def sentence(self) -> str:
        return sentence(self.run, place=self.place)

    @property
    def stages(self) -> list[Stage]:
        return stages_of(self.run)

    @cached_property
    def place(self) -> int | None:
        """Its place in the queue of the Canvas account: 1 is next. None for a run that does not wait."""
        run = self.run
        others = ImportRun.objects.filter(canvas_account=run.canvas_account).exclude(pk=run.pk)
        if run.phase == Phase.QUEUED:
            ahead = others.under_way().filter(at__lt=run.at)
        elif run.phase == Phase.WAITING and run.canvas_id is not None:
            ahead = others.filter(phase__in=IN_CANVAS, canvas_id__lt=run.canvas_id)
        else:
            return None
        return ahead.count() + 1

    @property
    def percent(self) -> float | None:
        """How far the present stage is, 0 to 100; None while nobody can say."""
        run = self.run
        if run.phase == Phase.SUBMITTING and run.upload and run.upload.package_size:
            return min(100.0, 100 * run.bytes_sent / run.upload.package_size)
        if run.phase in (Phase.RUNNING, Phase.CLEANING):
            return run.progress
        if run.phase == Phase.RESTORING:
            return next((action.completion for action in self.open_actions if action.verb == Action.Verb.RESTORE), None)
        return None

    @property
    def has_bar(self) -> bool:
        return self.run.phase in (Phase.SUBMITTING, Phase.PREPARING, Phase.RUNNING, Phase.CLEANING, Phase.RESTORING)

    @cached_property
    def rows_sent(self) -> int | None:
        """Rows in our files; None for an import of another tool."""
        if self.run.upload_id is None:
            return None
        csvs = UploadedCsv.objects.filter(file__upload=self.run.upload_id).exclude(kind="")
        rows: int | None = csvs.aggregate(all=Sum("rows"))["all"]
        return rows

    @property
    def rows_done(self) -> int | None:
        """Rows worked off: Canvas's own counts where it has ended, else by its progress."""
        if not self.run.is_active:
            return None if self.run.kind == ImportRun.Kind.OUTCOME else self.run.rows_done
        if self.rows_sent is None or self.run.progress is None or self.run.phase != Phase.RUNNING:
            return None
        return self.rows_sent * self.run.progress // 100

    @property
    def rows_per_second(self) -> float | None:
        seconds = self.run.elapsed.total_seconds() if self.run.elapsed else 0
        return self.rows_done / seconds if self.rows_done and seconds >= 1 else None

    @property
    def time_left(self) -> timedelta | None:
        """By the pace so far; None in the first seconds, when that means nothing."""
        progress, elapsed = self.run.progress, self.run.elapsed
        if self.run.phase != Phase.RUNNING or not progress or progress < 3 or elapsed is None:
            return None
        return elapsed * (100 - progress) / progress

    @property
    def removed(self) -> dict[str, int]:
        """What a full batch removed, by kind."""
        return {_REMOVED.get(name, name): count for name, count in self.run.removed_counts.items()}

    @property
    def statistics(self) -> list[tuple[str, list[tuple[str, int | None]]]]:
        """Per type of object, by Canvas's names, what happened to how many; types without any are left out."""
        types: dict[str, Any] = self.run.statistics
        counted = {name: kinds for name, kinds in types.items() if isinstance(kinds, dict) and any(kinds.values())}
        return [(name, [(field, kinds.get(field)) for field in FIELDS]) for name, kinds in counted.items()]

    @property
    def can_abort(self) -> bool:
        asked = any(action.verb == Action.Verb.ABORT for action in self.open_actions)
        phases = (*OURS_ALONE, *ABORTABLE) if self.run.kind == ImportRun.Kind.SIS else OURS_ALONE
        return self.run.phase in phases and not asked

    @property
    def is_silent(self) -> bool:
        """Canvas has not been heard for a while although the run is under way: what is shown may be old."""
        heard = self.run.heard_at
        return self.run.phase in IN_CANVAS and bool(heard and heard < timezone.now() - timedelta(minutes=2))

    @property
    def audit_lines(self) -> list[AuditLine]:
        return list(AuditLine.objects.filter(subject_key=f"run:{self.run.pk}")[:AUDIT_LINES])
