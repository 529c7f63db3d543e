"""The check of an upload: its files in Canvas's order, each looked through once for its form and once for its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from canvas.formats import SIS_KINDS
from imports.check.damage import look_for_damage
from imports.check.findings import Collector, Finding, Group
from imports.check.headers import Header
from imports.check.institution import InstitutionRules
from imports.check.institution_steps import look_at_institution
from imports.check.kinds import IDENTITY, STEPS
from imports.check.knowledge import Knowledge, Known
from imports.check.pieces import CHUNK, Form, Piece, blocks, pieces
from imports.check.repeats import ReadFile, Repeats
from imports.check.rows import Options, Rows, World
from imports.check.rules import RULES, Severity
from imports.check.rules.files import MALFORMED
from imports.check.sources import Source
from imports.check.survey import UNREADABLE, Fault, fault_of, form_of, is_sound, survey
from imports.check.verdicts import Verdicts

_WORTH_A_PREVIEW = 8 * CHUNK
_ORDER = {kind.name: place for place, kind in enumerate(SIS_KINDS)}

OnProgress = Callable[[int, int], None]
OnGroup = Callable[[Group], None]


@dataclass
class CheckedFile:
    """What became of one file. `kind` is empty where it has none; `rows` are those below the header that hold anything.

    `refused`: Canvas reads none of it.
    """

    source: Source
    form: Form = field(default_factory=Form)
    header: Header | None = None
    rows: int = 0
    refused: bool = False
    verdicts: Verdicts = field(default_factory=Verdicts)

    @property
    def kind(self) -> str:
        return self.header.kind.name if self.header and self.header.kind else ""


@dataclass
class Report:
    """All that a check found: the files in the order given, the groups with the worst first.

    `was_at_a_loss`: the account could not be asked for all that the rows refer to, because the upload gives new ids.
    """

    files: list[CheckedFile]
    groups: list[Group]
    was_at_a_loss: bool = False

    def count(self, severity: Severity) -> int:
        return sum(group.count for group in self.groups if group.definition.severity is severity)


def check(
    sources: Sequence[Source],
    *,
    options: Options | None = None,
    known: Known | None = None,
    institution: InstitutionRules | None = None,
    on_progress: OnProgress | None = None,
    on_group: OnGroup | None = None,
) -> Report:
    """Reads SIS files as Canvas would.

    `known` says what the account holds; without it references that the upload does not satisfy are no reason to refuse.
    `on_progress` gets bytes done and bytes in all, every byte counting twice. `on_group` gets every group that
    has grown, and before that, of large files, groups of what their first rows show: where the same rule and file come
    again they replace those, and a group that is empty takes one back.
    """
    world = World(Knowledge(known), options or Options(), institution or InstitutionRules())
    return _Check(sources, world, on_progress, on_group).run()


class _Check:
    def __init__(
        self, sources: Sequence[Source], world: World, on_progress: OnProgress | None, on_group: OnGroup | None
    ) -> None:
        self._files = [CheckedFile(source) for source in sources]
        self._world = world
        self._found = Collector()
        self._on_progress, self._on_group = on_progress, on_group
        self._previewed: set[tuple[str, str]] = set()
        self._done, self._all = 0, 2 * sum(source.size for source in sources)

    def run(self) -> Report:
        readable = [file for file in self._files if self._open(file)]
        readable.sort(key=lambda file: _ORDER[file.kind])
        self._world.kinds.update(file.kind for file in readable)
        if self._on_group:
            for file in readable:
                self._preview(file, self._on_group)
        for kind, files in groupby(readable, key=lambda file: file.kind):
            self._read_kind(kind, list(files))
        self._tell()
        self._withdraw_previews()
        return Report(self._files, self._found.groups, self._world.knowledge.was_at_a_loss)

    def _open(self, file: CheckedFile) -> bool:
        """Read the header; whether there are rows to read."""
        source = file.source
        if not source.is_csv:
            self._add("file.not-csv", file)
            return False
        try:
            file.form = form_of(source)
            file.header = _header(file)
            if file.header is None:
                survey(source, file.form, self._advance)
                self._add("file.empty", file)
            elif file.header.kind is None:
                self._explain_unknown_kind(file, file.header)
        except Fault as fault:
            self._refuse(file, fault)
        except UNREADABLE as broken:
            self._refuse(file, fault_of(broken))
        return bool(file.kind) and not file.refused

    def _explain_unknown_kind(self, file: CheckedFile, header: Header) -> None:
        """A bad byte anywhere counts before the header, a stray quotation mark below it does not. Raises Fault."""
        try:
            survey(file.source, file.form, self._advance)
        except Fault as fault:
            if RULES[fault.rule].says != MALFORMED or fault.line <= header.line:
                raise
        file.refused = True
        for finding in header.findings(self._world.institution):
            self._found.add(finding)

    def _preview(self, file: CheckedFile, on_group: OnGroup) -> None:
        """What the first rows show by themselves, so that people see something while larger files are read before."""
        if file.source.size < _WORTH_A_PREVIEW or file.header is None or file.header.kind is None:
            return
        alone = World(Knowledge(None), self._world.options, self._world.institution)
        found = Collector()
        try:
            with file.source.open() as stream:
                block = next(blocks(stream, file.form))
        except UNREADABLE:
            return
        if is_sound(block, file.form):
            piece = Piece(block, file.form, 1).without_header()
            rows = Rows(piece, file.header.kind, file.header.columns, file.source.name, alone, found)
            _judge(rows, STEPS[file.kind])
        for group in found.changed():
            self._previewed.add((group.rule, group.file))
            on_group(group)

    def _withdraw_previews(self) -> None:
        """Rows may turn out to break another rule, or their file to be refused as a whole."""
        found = {(group.rule, group.file) for group in self._found.groups}
        for rule, file in self._previewed - found:
            if self._on_group:
                self._on_group(Group(rule, file))

    def _read_kind(self, kind: str, files: list[CheckedFile]) -> None:
        repeats = Repeats(IDENTITY[kind])
        if len(files) > 1 and self._world.options.diffing:
            for file in files:
                self._add("file.kind-twice", file)
        for file in files:
            self._read(file, repeats)
        repeats.report(self._found)
        self._tell()

    def _read(self, file: CheckedFile, repeats: Repeats) -> None:
        try:
            survey(file.source, file.form, self._advance)
        except Fault as fault:
            self._refuse(file, fault)
            return
        assert file.header is not None and file.header.kind is not None  # noqa: S101, PT018 - only such files are read
        for finding in file.header.findings(self._world.institution):
            self._found.add(finding)
        steps = STEPS[file.kind]
        read_file = ReadFile(file.source, file.form, file.header.columns)
        with file.source.open() as stream:
            for piece in pieces(stream, file.form):
                below = piece.without_header() if piece.first_record == 1 else piece
                if len(below):
                    rows = Rows(
                        below, file.header.kind, file.header.columns, file.source.name, self._world, self._found
                    )
                    _judge(rows, steps)
                    repeats.add(read_file, rows)
                    file.verdicts.add(rows)
                    file.rows += int(np.count_nonzero(rows.filled))
                self._advance(len(piece.data))
                self._tell()
        if not file.rows:
            self._add("file.header-only", file)

    def _refuse(self, file: CheckedFile, fault: Fault) -> None:
        file.refused = True
        rule = RULES[fault.rule]
        self._found.add(Finding(rule.id, file.source.name, fault.line, 0, value=fault.value, says=rule.says))

    def _add(self, rule: str, file: CheckedFile) -> None:
        self._found.add(Finding(rule, file.source.name, says=RULES[rule].says))

    def _advance(self, size: int) -> None:
        self._done += size
        if self._on_progress:
            self._on_progress(min(self._done, self._all), self._all)

    def _tell(self) -> None:
        if self._on_group:
            for group in self._found.changed():
                self._on_group(group)


def _header(file: CheckedFile) -> Header | None:
    """None where the file holds nothing. Raises Fault."""
    with file.source.open() as stream:
        first = next(pieces(stream, file.form), None)
    return Header(file.source.name, first.line(0), first.fields(0)) if first else None


def _judge(rows: Rows, steps: Sequence[Callable[[Rows], None]]) -> None:
    look_for_damage(rows)
    if rows.world.options.skip_deletes:
        _pass_over_deletions(rows)
    look_at_institution(rows)
    for step in steps:
        step(rows)


def _pass_over_deletions(rows: Rows) -> None:
    """Canvas passes over any status that holds the word."""
    deletes = rows.memo("status", lambda text: "deleted" in text.lower(), key="deletes") == 1
    rows.report("row.deletion-skipped", deletes, "status")
    rows.alive = rows.alive & ~deletes
