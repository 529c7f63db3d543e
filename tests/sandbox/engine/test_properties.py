"""Whatever is sent, an import ends in a state that Canvas knows, and the site stays consistent."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas.formats import SIS_KINDS, SisKind
from sandbox import batches
from sandbox.importing.batch import STATES
from sandbox.site import Sites
from sandbox.store.records import TRACKED
from tests.sandbox.engine.conftest import UNIVERSITY
from tests.sandbox.engine.practice import BASE, Practice, csv
from tests.sandbox.engine.test_restoring import lives

FINAL = {"imported", "imported_with_messages", "failed_with_messages", "failed", "aborted"}
SOME = settings(max_examples=60, suppress_health_check=list(HealthCheck))

IDS = st.sampled_from(
    ["a", "b", "A", "spring", "bio", "bio-a", "ada", "bob", "red", "x", "0", "1", "9" * 25, "<delete>"]
)
WORDS = st.sampled_from(
    "active deleted completed published suspended available accepted student teacher observer user course".split()
)
VALUES = st.one_of(st.just(""), IDS, WORDS, st.text(max_size=8), st.just("2026-01-01"))


@pytest.fixture(scope="module")
def shared() -> Iterator[Practice]:
    """One site for many examples, which therefore meet what earlier ones left."""
    with tempfile.TemporaryDirectory() as folder:
        sites = Sites(Path(folder) / "data", manual_clock=True)
        site = sites.get("practice-properties")
        assert site is not None
        yield Practice(site, Path(folder))
        sites.close()


@st.composite
def rows_of_a_kind(draw: st.DrawFn, kind: SisKind) -> str:
    """A file with all columns of a kind and arbitrary values."""
    count = draw(st.integers(0, 8))
    rows = [[draw(VALUES) for _ in kind.columns] for _ in range(count)]
    lines = [",".join('"' + value.replace('"', '""') + '"' for value in row) for row in rows]
    return csv(",".join(column.name for column in kind.columns), *lines)


ANY_KIND = st.sampled_from(SIS_KINDS).flatmap(rows_of_a_kind)


@SOME
@given(content=st.binary(max_size=300), filename=st.sampled_from(["a.csv", "a.zip", "a.txt", "a.CSV"]))
def test_any_bytes_end_in_a_final_state(shared: Practice, content: bytes, filename: str) -> None:
    assert shared.send(content, filename)["workflow_state"] in FINAL


@SOME
@given(
    header=st.sampled_from([UNIVERSITY[name].partition("\n")[0] for name in UNIVERSITY]), body=st.binary(max_size=300)
)
def test_any_bytes_below_a_good_header_end_in_a_final_state(shared: Practice, header: str, body: bytes) -> None:
    assert shared.send(header.encode() + b"\n" + body)["workflow_state"] in FINAL


@SOME
@given(content=ANY_KIND)
def test_any_rows_are_taken_or_warned_about(shared: Practice, content: str) -> None:
    """Never a crash: that would be a failure without a file."""
    done = shared.send(content)
    assert done["workflow_state"] in {"imported", "imported_with_messages", "failed_with_messages"}
    assert [said["message"] for said in shared.errors(done["id"], failures_only=True) if said["file"] is None] == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), ANY_KIND),
        st.tuples(st.just("batch"), st.sampled_from(["courses.csv", "sections.csv", "enrollments.csv"])),
        st.tuples(st.just("whole"), st.sampled_from(sorted(UNIVERSITY))),
        st.tuples(st.just("restore"), st.integers(1, 6)),
        st.tuples(st.just("abort"), st.integers(1, 6)),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_actions_keeps_the_site_consistent(
    shared: Practice, steps: list[tuple[str, str | int]]
) -> None:
    shared.site.reset()
    shared.send_zip(UNIVERSITY)
    for action, what in steps:
        act(shared, action, what)
    assert_consistent(shared)


def act(practice: Practice, action: str, what: str | int) -> None:
    if isinstance(what, int):
        if batches.show(practice.site, what, base=BASE) is None:
            return
        if action == "abort":
            batches.abort(practice.site, what, base=BASE)
        else:
            practice.restore(what)
    elif action == "batch":
        header = UNIVERSITY[what].partition("\n")[0]
        practice.send(csv(header), batch_mode=1, batch_mode_term_id="default")
    else:
        practice.send(UNIVERSITY.get(what, what))


def assert_consistent(practice: Practice) -> None:
    sections = {section["id"]: section for section in practice.all("course_sections")}
    users = {user["id"] for user in practice.all("users")}
    for enrollment in practice.all("enrollments"):
        assert enrollment["user_id"] in users
        assert sections[enrollment["course_section_id"]]["course_id"] == enrollment["course_id"]
    logins = practice.all("pseudonyms")
    assert max(Counter(login["login_key"] for login in logins if login["workflow_state"] != "deleted").values()) == 1
    for record in TRACKED:
        known = {*record.ACTIVE, record.DEAD, "completed", "inactive", "suspended"}
        assert {item["workflow_state"] for item in practice.all(record.TABLE)} <= known
    for table in ("accounts", "enrollment_terms", "courses", "course_sections"):
        counted = Counter(item["sis_source_id"] for item in practice.all(table) if item["sis_source_id"])
        assert not counted or max(counted.values()) == 1
    shown = batches.index(
        practice.site, created_since=None, created_before=None, states=(), offset=0, limit=100, base=BASE
    )
    assert {item["workflow_state"] for item in shown} <= set(STATES) - {"created", "importing", "cleanup_batch"}


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(kept=st.lists(st.sampled_from(UNIVERSITY["enrollments.csv"].splitlines()[1:]), unique=True))
def test_a_full_batch_and_its_restore_give_back_the_states_before(shared: Practice, kept: list[str]) -> None:
    shared.site.reset()
    shared.send_zip(UNIVERSITY)
    before = lives(shared)
    header = UNIVERSITY["enrollments.csv"].partition("\n")[0]
    done = shared.send(csv(header, *kept), batch_mode=1, batch_mode_term_id="sis_term_id:spring")
    shared.restore(done["id"])
    assert lives(shared) == before
