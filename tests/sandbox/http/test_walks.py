"""Whole lives of imports as a client sees them that polls: one walk per test."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.sandbox.engine.practice import zipped
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

Json = dict[str, Any]

ACCOUNTS = "account_id,parent_account_id,name,status\n"
TERMS = "term_id,name,status\n"
COURSES = "course_id,short_name,long_name,term_id,status\n"
USERS = "user_id,login_id,status\n"
ENROLLMENTS = "course_id,user_id,role,status\n"
FINAL = {"imported", "imported_with_messages", "failed", "failed_with_messages", "aborted"}
CHAIN = {"diffing_data_set_identifier": "nightly"}
TEN_MINUTES = 600


def accounts(count: int) -> str:
    return ACCOUNTS + "".join(f"a{n},,Account {n},active\n" for n in range(count))


def people(count: int) -> Mapping[str, str]:
    """A course with so many students."""
    return {
        "terms.csv": f"{TERMS}T1,Autumn,active\n",
        "courses.csv": f"{COURSES}C1,MUS 1,Harmony,T1,active\n",
        "users.csv": USERS + "".join(f"u{n},u{n},active\n" for n in range(count)),
        "enrollments.csv": ENROLLMENTS + "".join(f"C1,u{n},student,active\n" for n in range(count)),
    }


class Walker:
    """A client that sends and polls a site whose clock stands still and whose speed it sets."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    def hurry(self, rows_per_second: float | None) -> None:
        """None: as fast as it can."""
        self.practice.control("POST", "speed", {"rows_per_second": rows_per_second})

    def pass_time(self, seconds: float) -> None:
        self.practice.control("POST", "clock", {"advance_seconds": seconds})

    def look(self, batch: Json) -> Json:
        found: Json = self.practice.api("GET", f"accounts/self/sis_imports/{batch['id']}")
        return found

    def walk(self, batch: Json, until: Callable[[Json], object]) -> list[Json]:
        """What was seen on the way, each change once, up to the look that satisfies."""
        seen = [batch]

        def arrived() -> bool:
            now = self.look(batch)
            if now != seen[-1]:
                seen.append(now)
            return bool(until(now))

        wait_for(arrived)
        return seen

    def to_the_end(self, batch: Json) -> list[Json]:
        return self.walk(batch, lambda now: now["workflow_state"] in FINAL)

    def send(self, name: str, content: str | bytes, **options: Any) -> Json:
        """Send, and see the end."""
        return self.to_the_end(self.practice.send(name, content, **options))[-1]

    def abort(self, batch: Json) -> Json:
        aborted: Json = self.practice.api("PUT", f"accounts/self/sis_imports/{batch['id']}/abort")
        return aborted


def steps(seen: list[Json]) -> Iterator[tuple[str, int]]:
    """State and progress, each pair once."""
    for step, _ in itertools.groupby(seen, key=lambda one: (one["workflow_state"], one["progress"])):
        yield step


@pytest.fixture
def walker(still_practice: Practice) -> Walker:
    return Walker(still_practice)


def test_a_small_clean_csv(walker: Walker) -> None:
    seen = walker.to_the_end(walker.practice.send("accounts.csv", accounts(3)))
    first, *between, last = steps(seen)
    assert (first, last) == (("created", 0), ("imported", 100))
    assert set(between) <= {("importing", 0)}
    assert seen[-1]["data"]["counts"]["accounts"] == seen[-1]["data"]["statistics"]["Account"]["created"] == 3
    assert [file["display_name"] for file in seen[-1]["csv_attachments"]] == ["accounts.csv"]


def test_a_large_clean_zip(walker: Walker) -> None:
    walker.hurry(400)
    terms = TERMS + "".join(f"T{n},Term {n},active\n" for n in range(1000))
    batch = walker.practice.send("all.zip", zipped({"terms.csv": terms, "accounts.csv": accounts(200)}))
    seen = walker.walk(batch, lambda now: now["data"].get("counts", {}).get("accounts"))
    assert (seen[-1]["data"]["counts"]["accounts"], seen[-1]["data"]["counts"]["terms"]) == (200, 0)
    walker.hurry(None)
    seen += walker.to_the_end(seen[-1])
    first, *between, last = steps(seen)
    assert (first, last) == (("created", 0), ("imported", 100))
    assert {state for state, _ in between} <= {"created", "importing"}
    assert [progress for _, progress in between] == sorted(progress for _, progress in between)
    assert 0 < max(progress for _, progress in between) <= 99
    assert seen[-1]["data"]["counts"]["terms"] == 1000


def test_bad_rows(walker: Walker) -> None:
    done = walker.send("accounts.csv", ACCOUNTS + "".join(f"a{n},ghost,Account {n},active\n" for n in range(30)))
    assert (done["workflow_state"], len(done["processing_warnings"])) == ("imported_with_messages", 25)
    assert done["processing_warnings"][24][0] == "and 6 more warnings that were not included"
    assert "errors_attachment" not in done
    walker.pass_time(10)
    assert walker.look(done)["errors_attachment"]["display_name"] == f"sis_errors_attachment_{done['id']}.csv"


def test_unknown_headers(walker: Walker) -> None:
    done = walker.send("x.csv", "planet,moons\nMars,2\n")
    assert done["workflow_state"] == "failed_with_messages"
    assert done["processing_errors"] == [["x.csv", "Couldn't find Canvas CSV import headers"]]
    assert done["progress"] < 100


def test_a_txt_upload(walker: Walker) -> None:
    done = walker.send("accounts.txt", accounts(3))
    assert done["workflow_state"] == "imported"
    assert set(done["data"]["counts"].values()) == {0}
    assert not {"processing_errors", "processing_warnings", "csv_attachments"} & done.keys()


def test_a_damaged_zip(walker: Walker) -> None:
    done = walker.send("all.zip", zipped({"accounts.csv": accounts(3)})[:-30])
    [[file, message]] = done["processing_errors"]
    assert (done["workflow_state"], file) == ("failed_with_messages", None)
    assert message.startswith("Error while importing CSV. Please contact support. (Error report ")


def test_a_full_batch(walker: Walker) -> None:
    walker.send("all.zip", zipped(people(200)))
    walker.hurry(50)
    batch = walker.practice.send(
        "enrollments.csv",
        f"{ENROLLMENTS}C1,u0,student,active\n",
        batch_mode="true",
        batch_mode_term_id="sis_term_id:T1",
    )
    seen = walker.walk(batch, lambda now: now["workflow_state"] == "cleanup_batch" and 0 < now["progress"] < 100)
    walker.hurry(None)
    seen += walker.to_the_end(seen[-1])
    order = [state for state, _ in itertools.groupby(state for state, _ in steps(seen))]
    assert [state for state in order if state != "importing"] == ["created", "cleanup_batch", "imported"]
    assert (seen[-1]["progress"], seen[-1]["data"]["counts"]["batch_enrollments_deleted"]) == (100, 199)


def test_a_full_batch_over_its_threshold(walker: Walker) -> None:
    walker.send("all.zip", zipped(people(13)))
    term = {"batch_mode": "true", "batch_mode_term_id": "sis_term_id:T1", "change_threshold": "10"}
    done = walker.send("enrollments.csv", f"{ENROLLMENTS}C1,u0,student,active\n", **term)
    assert (done["workflow_state"], done["progress"]) == ("aborted", 100)
    assert done["ended_at"] is not None
    warning = "12 enrollments would be deleted and exceeds the set threshold of 10%"
    assert done["processing_warnings"] == [[None, warning]]


def test_an_abort_while_waiting(walker: Walker) -> None:
    walker.hurry(200)
    walker.practice.send("accounts.csv", accounts(2000))
    waiting = walker.practice.send("accounts.csv", accounts(3))
    assert waiting["workflow_state"] == "created"
    aborted = walker.abort(waiting)
    assert (aborted["workflow_state"], aborted["progress"], aborted["ended_at"]) == ("aborted", 0, None)


def test_an_abort_while_running(walker: Walker) -> None:
    walker.hurry(200)
    running, waiting = (walker.practice.send("accounts.csv", accounts(count)) for count in (2000, 3))
    walker.walk(running, lambda now: now["progress"] > 0)
    aborted = walker.abort(running)
    walker.hurry(None)
    wait_for(lambda: walker.practice.api("GET", "accounts/self/sis_imports/importing") == {"sis_imports": []})
    walker.pass_time(TEN_MINUTES - 1)
    left = walker.look(running)
    assert (left["workflow_state"], left["progress"], left["ended_at"]) == ("aborted", aborted["progress"], None)
    assert 0 < left["progress"] < 100
    assert walker.look(waiting)["workflow_state"] == "created"
    walker.pass_time(2)
    assert walker.to_the_end(waiting)[-1]["workflow_state"] == "imported"


def test_a_second_upload_while_one_runs(walker: Walker) -> None:
    walker.hurry(200)
    running = walker.practice.send("accounts.csv", accounts(2000))
    walker.walk(running, lambda now: now["progress"] > 0)
    second = walker.practice.send("accounts.csv", accounts(3))
    assert second["workflow_state"] == walker.look(second)["workflow_state"] == "created"
    walker.hurry(None)
    assert walker.to_the_end(second)[-1]["workflow_state"] == "imported"
    assert walker.look(running)["workflow_state"] == "imported"


def test_a_diff_that_hits(walker: Walker) -> None:
    first = walker.send("accounts.csv", accounts(3), **CHAIN)
    done = walker.send("accounts.csv", accounts(4), **CHAIN)
    assert (done["workflow_state"], done["diffing_threshold_exceeded"]) == ("imported", False)
    assert done["data"]["diffed_against_sis_batch_id"] == first["id"]
    assert done["diffed_against_import_id"] is None
    assert [file["display_name"] for file in done["diffed_csv_attachments"]] == ["accounts.csv"]
    assert done["data"]["counts"]["accounts"] == 1


def test_a_diff_over_its_threshold(walker: Walker) -> None:
    walker.send("accounts.csv", accounts(3), **CHAIN)
    done = walker.send("accounts.csv", accounts(30), **CHAIN, change_threshold=10)
    assert (done["workflow_state"], done["diffing_threshold_exceeded"]) == ("imported_with_messages", True)
    message = "Diffing not performed because file size difference exceeded threshold"
    assert done["processing_warnings"] == [[None, message]]
    assert done["data"]["counts"]["accounts"] == 30


def test_a_restore(walker: Walker) -> None:
    done = walker.send("accounts.csv", accounts(100))
    walker.hurry(30)
    progress = walker.practice.api("PUT", f"accounts/self/sis_imports/{done['id']}/restore_states")
    assert (progress["workflow_state"], progress["user_id"]) == ("queued", None)
    walker.walk(done, lambda now: now["workflow_state"] == "restoring")
    walker.hurry(None)
    walker.walk(done, lambda now: now["workflow_state"] == "restored")
    ended = walker.practice.api("GET", f"progress/{progress['id']}")
    assert (ended["workflow_state"], ended["completion"]) == ("completed", 100)


def test_a_bad_drop_status(walker: Walker) -> None:
    refused = walker.practice.request(
        "POST",
        "/api/v1/accounts/self/sis_imports?diffing_drop_status=vanished",
        files={"attachment": ("accounts.csv", accounts(1))},
    )
    assert (refused.status_code, refused.json()) == (400, {"message": "Invalid diffing_drop_status"})
    walker.send("accounts.csv", accounts(1))
    assert [batch["workflow_state"] for batch in walker.practice.sis_imports()] == ["imported", "initializing"]
