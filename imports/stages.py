"""A run in plain words: the sentence that says where it stands, and the stages that it goes through."""

from dataclasses import dataclass
from datetime import datetime

from imports.models import ImportRun
from imports.phases import ENDED, Outcome, Phase

_PHASES: dict[str, str] = {
    Phase.CHECKING: "Easel works out what it would change; then it goes on, or is held if that is over a limit.",
    Phase.HELD: "It would change more than a limit allows, and waits for a second person to approve it.",
    Phase.QUEUED: "Waits here until what was launched before it is with Canvas.",
    Phase.SUBMITTING: "The files are on their way to Canvas.",
    Phase.UNSURE: "Canvas's answer was lost on the way. Easel looks for the import in Canvas; nothing is sent twice.",
    Phase.ASKED: "Easel cannot tell whether Canvas has this import.",
    Phase.WAITING: "Canvas has the files; the import waits in Canvas's queue.",
    Phase.PREPARING: "Canvas unpacks the files and sorts them by kind.",
    Phase.RUNNING: "Canvas imports the rows.",
    Phase.CLEANING: "The rows are imported. Canvas now removes what a full batch does not have; the bar begins anew.",
    Phase.RESTORING: "Canvas takes back what this import changed.",
    Phase.CANCELLED: "It was not sent, and Canvas never had it.",
}
_OF_OUTCOMES: dict[str, str] = {
    Phase.CHECKING: "Easel compares it with what Canvas holds; then it goes on, or is held if it retires too much.",
    Phase.HELD: "It would retire more than goes without a second look, and waits for another person to approve it.",
    Phase.WAITING: "Canvas has the file; the import waits in Canvas's queue for outcomes.",
}
_OUTCOMES: dict[str, str] = {
    Outcome.IMPORTED: "Canvas imported everything and has nothing to remark.",
    Outcome.WITH_MESSAGES: "Canvas imported what it could. The messages name the rows that it skipped or changed.",
    Outcome.PARTLY_APPLIED: "Canvas calls it failed, but some of it was applied. The messages say what was not.",
    Outcome.FAILED: "Canvas gave up on this import and reports nothing applied.",
    Outcome.REFUSED: "Canvas did not take the files. Nothing was changed.",
    Outcome.ABORTED: "Stopped before its end. Rows that were applied by then stay applied.",
    Outcome.RESTORED: "Canvas has taken back the changes of state that this import had made.",
    Outcome.PARTLY_RESTORED: "Canvas has taken back a part of what this import had changed.",
    Outcome.LOST: "Canvas no longer knows this import. How it ended cannot be said.",
}


def sentence(run: ImportRun, *, place: int | None = None) -> str:
    """Where the run stands, in one or two sentences. `place` is its place in the queue, 1 being next."""
    if run.phase == Phase.FINISHED:
        return _OUTCOMES.get(run.outcome, "Canvas has ended it, in a state that Easel does not know.")
    words = (_OF_OUTCOMES if run.kind == ImportRun.Kind.OUTCOME else {}).get(run.phase, _PHASES[run.phase])
    if place is None:
        return words
    if place == 1:
        return f"{words} It is next."
    return f"{words} One import is before it." if place == 2 else f"{words} {place - 1} imports are before it."


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on the way. `state` is done, now, ahead, or stopped where the run ended before its time."""

    name: str
    at: datetime | None
    state: str


# Which stage a phase is in, by position in the line; a run that looks for itself in Canvas is still being sent.
_POSITION: dict[str, int] = {
    Phase.CHECKING: 0,
    Phase.HELD: 0,
    Phase.QUEUED: 0,
    Phase.SUBMITTING: 1,
    Phase.UNSURE: 1,
    Phase.ASKED: 1,
    Phase.WAITING: 2,
    Phase.PREPARING: 3,
    Phase.RUNNING: 4,
    Phase.CLEANING: 5,
}
_LAST = 6


def stages_of(run: ImportRun) -> list[Stage]:
    """The line of stages, without those that are not for this run: sending another tool's, clean-up without batch."""
    ended = run.phase in ENDED or run.phase == Phase.RESTORING
    position = _LAST if ended else _POSITION[run.phase]
    is_outcomes = run.kind == ImportRun.Kind.OUTCOME
    line = [
        ("Launched", run.at if run.upload_id else None),
        ("Sent", run.submitted_at),
        ("In Canvas's queue", run.canvas_created_at),
        ("Preparing", run.canvas_started_at),
        ("Importing", run.canvas_started_at if is_outcomes else run.prepared_at),
        ("Clean-up", run.cleaning_at),
        ("Ended", run.finished_at),
    ]
    stages, latest = [], None
    for number, (name, at) in enumerate(line):
        # Canvas tells whole seconds by its own clock: no stage is shown to begin before the one ahead of it.
        latest = at if latest is None or (at and at > latest) else latest
        if _applies(run, number, at, ended=ended):
            stages.append(Stage(name, at and latest, _state(number, position, at)))
    return stages


def _state(number: int, position: int, at: datetime | None) -> str:
    if number == position:
        return "done" if number == _LAST else "now"
    return "done" if number < position and at else "ahead"


def _applies(run: ImportRun, number: int, at: datetime | None, *, ended: bool) -> bool:
    if number < 2:
        return run.upload_id is not None and (at is not None or not ended)
    if number == 3 and run.kind == ImportRun.Kind.OUTCOME:
        return False
    if number == 5:
        return at is not None or (not ended and is_batch(run))
    return at is not None or not ended


def is_batch(run: ImportRun) -> bool:
    return bool(run.options.get("batch_mode") or run.options.get("multi_term_batch_mode"))
