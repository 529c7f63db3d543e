"""A preview on disk, so that a page can open a tree of thousands of outcomes branch by branch."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from imports.preview.comparing import STILL, Node

COLUMNS = ("effect", "object_type", "vendor_guid", "title", "group", "row", "changes", "why")

_TABLE = """
CREATE TABLE nodes (
    id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, sort TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL,
    guid TEXT NOT NULL, effect TEXT NOT NULL, changes TEXT NOT NULL, file_row INTEGER NOT NULL, why TEXT NOT NULL,
    assessed INTEGER NOT NULL, news INTEGER NOT NULL, inside INTEGER NOT NULL
);
CREATE INDEX children ON nodes (parent, id);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One node; `news` counts what is not still in its branch, itself included, `inside` the nodes right below."""

    id: int
    parent: int
    sort: str
    number: int
    title: str
    guid: str
    effect: str
    changes: list[list[str]]
    row: int
    why: str
    assessed: bool
    news: int
    inside: int

    @property
    def is_group(self) -> bool:
        return self.sort == "group"


_FIELDS = tuple(field.name for field in fields(Stored))


def write(path: Path, top: Sequence[Node]) -> None:
    """Made beside the place it belongs and put there whole."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as db:
        db.executescript(_TABLE)
        db.executemany(f"INSERT INTO nodes VALUES ({', '.join('?' * 13)})", _lines(top))
        db.commit()
    draft.replace(path)


def _lines(top: Sequence[Node]) -> Iterator[tuple[object, ...]]:
    number = 0
    waiting: list[tuple[Node, int]] = [(node, 0) for node in reversed(top)]
    while waiting:
        node, parent = waiting.pop()
        number += 1
        news = sum(one.effect not in STILL for one in node.walk())
        yield (
            number, parent, node.sort, node.number, node.title, node.guid, node.effect, json.dumps(node.changes),
            node.row, node.why, node.assessed, news, len(node.inside),
        )  # fmt: skip
        waiting += [(one, number) for one in reversed(node.inside)]


def children(path: Path, parent: int, *, after: int, at_most: int, only_news: bool) -> list[Stored]:
    """Nodes right below `parent` (0: the root) behind the node `after`. Raises `OSError` when the file is gone."""
    where = "parent = ? AND id > ?" + (" AND news > 0" if only_news else "")
    return list(_select(path, f"WHERE {where} ORDER BY id LIMIT ?", (parent, after, at_most)))


def lines(path: Path, *, only_news: bool) -> Iterator[tuple[object, ...]]:
    """The whole tree in the columns of `COLUMNS`. Raises `OSError` when the file is gone."""
    titles: dict[int, str] = {0: ""}
    for node in _select(path, "ORDER BY id", ()):
        group = titles[node.parent]
        if node.is_group:
            titles[node.id] = f"{group} > {node.title}" if group else node.title
        if not only_news or node.effect not in STILL:
            changes = "; ".join(f"{name}: {old} → {new}" for name, old, new in node.changes)
            yield node.effect, node.sort, node.guid, node.title, group, node.row or None, changes, node.why


def _select(path: Path, rest: str, values: Sequence[object]) -> Iterator[Stored]:
    if not path.exists():
        raise FileNotFoundError(path.name)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        for line in db.execute(f"SELECT * FROM nodes {rest}", values):
            values_of = dict(zip(_FIELDS, line, strict=True))
            yield Stored(**values_of | {"changes": json.loads(line[7]), "assessed": bool(line[10])})
