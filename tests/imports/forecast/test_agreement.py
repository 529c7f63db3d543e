"""The forecast equals what the practice Canvas then reports, on universities made up by chance."""

import random
from pathlib import Path

import pytest

from tests.imports.forecast.story import Story, canvas_changes, canvas_removals
from tests.servers.practice import Practice

SEEDS = range(6)
TERMS = ("fall", "spring")


class University:
    """Files of an invented university, another one with every call that follows."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.courses = [f"C{number}" for number in range(8)]
        self.people = [f"U{number}" for number in range(20)]

    def accounts(self) -> list[str]:
        return ["account_id,parent_account_id,name,status", "arts,,Arts,active", "bio,,Biology,active"]

    def terms(self, *terms: str) -> list[str]:
        return ["term_id,name,status", *(f"{term},{term.title()},active" for term in terms or TERMS)]

    def users(self) -> list[str]:
        rows = [
            f"{person},{person.lower()},Given{number},Family{number},{self._status(('deleted', 'suspended'), 0.08)}"
            for number, person in enumerate(self.people)
            if self.dice.random() < 0.9
        ]
        return ["user_id,login_id,first_name,last_name,status", *rows]

    def all_users(self) -> list[str]:
        rows = [f"{p},{p.lower()},Given{n},Family{n},active" for n, p in enumerate(self.people)]
        return ["user_id,login_id,first_name,last_name,status", *rows]

    def course_file(self, share: float = 0.9) -> list[str]:
        rows = [
            f"{course},{course},Course {self.dice.randrange(3)},{self.dice.choice(('arts', 'bio'))},"
            f"{TERMS[number % 2]},{self._status(('completed', 'published', 'deleted'), 0.3)}"
            for number, course in enumerate(self.courses)
            if self.dice.random() < share
        ]
        return ["course_id,short_name,long_name,account_id,term_id,status", *rows]

    def section_file(self, share: float = 0.9) -> list[str]:
        rows = [
            f"{course}-{letter},{course},Section {letter},{self._status(('deleted',), 0.1)}"
            for course in self.courses
            for letter in "ab"
            if self.dice.random() < share
        ]
        return ["section_id,course_id,name,status", *rows]

    def enrollment_file(self, share: float = 0.4) -> list[str]:
        gone = ("deleted", "completed", "inactive", "deleted_last_completed")
        rows = [
            f"{course},,{person},{self.dice.choice(('student', 'teacher'))},{self._status(gone, 0.2)}"
            for person in self.people
            for course in self.courses
            if self.dice.random() < share
        ]
        self.dice.shuffle(rows)
        return ["course_id,section_id,user_id,role,status", *rows]

    def _status(self, others: tuple[str, ...], share: float) -> str:
        return self.dice.choice(others) if self.dice.random() < share else "active"

    def founding(self) -> dict[str, list[str]]:
        return {
            "accounts.csv": self.accounts(),
            "terms.csv": self.terms(),
            "users.csv": self.all_users(),
            "courses.csv": [line.replace(",deleted", ",active") for line in self.course_file(1)],
            "sections.csv": [line.replace(",deleted", ",active") for line in self.section_file(1)],
            "enrollments.csv": self.enrollment_file(),
        }


@pytest.fixture
def story(practice: Practice, tmp_path: Path) -> Story:
    return Story(practice, tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
def test_plain_imports_change_what_was_forecast(story: Story, seed: int) -> None:
    university = University(seed)
    told, done = story.send(university.founding())
    assert told["statistics"] == canvas_changes(done)

    for _ in range(3):
        told, done = story.send(
            {
                "users.csv": university.users(),
                "courses.csv": university.course_file(),
                "sections.csv": university.section_file(),
            }
        )
        assert told["statistics"] == canvas_changes(done)
        told, done = story.send({"enrollments.csv": university.enrollment_file()})
        assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("drop_status", ["", "deleted", "completed", "inactive"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_batch_removes_what_was_forecast(story: Story, seed: int, drop_status: str) -> None:
    university = University(seed)
    story.send(university.founding())
    options = {"batch_mode_enrollment_drop_status": drop_status} if drop_status else {}
    for kinds in (("enrollments.csv",), ("courses.csv", "enrollments.csv"), ("courses.csv", "sections.csv")):
        makers = {
            "courses.csv": university.course_file,
            "sections.csv": university.section_file,
            "enrollments.csv": university.enrollment_file,
        }
        told, done = story.send(
            {name: makers[name](0.5) for name in kinds}, batch_mode=1, batch_mode_term_id="sis_term_id:fall", **options
        )
        assert told["statistics"] == canvas_changes(done)
        assert {one["kind"]: one["removed"] for one in told["clean_up"]["verdicts"]} == canvas_removals(done)


@pytest.mark.parametrize("threshold", [5, 30, 60, 100])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_limit_of_a_full_batch_stops_it_where_it_was_forecast_to(story: Story, seed: int, threshold: int) -> None:
    university = University(seed)
    story.send(university.founding())
    told, done = story.send(
        {"courses.csv": university.course_file(0.6), "enrollments.csv": university.enrollment_file(0.3)},
        batch_mode=1,
        batch_mode_term_id="sis_term_id:spring",
        change_threshold=threshold,
    )
    assert bool(told["clean_up"]["stopped_by"]) == (done["workflow_state"] == "aborted")
    if told["clean_up"]["stopped_by"]:
        stopped = next(one for one in told["clean_up"]["verdicts"] if one["stops"])
        said = done["processing_warnings"][0][1]
        assert (
            said
            == f"{stopped['removed']} {stopped['kind']}s would be deleted and exceeds the set threshold of {threshold}%"
        )
    else:
        assert told["statistics"] == canvas_changes(done)
    told, done = story.send({"courses.csv": university.course_file(), "enrollments.csv": university.enrollment_file()})
    assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("terms", [("fall",), ("spring",), TERMS])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_batch_over_several_terms_removes_what_was_forecast(
    story: Story, seed: int, terms: tuple[str, ...]
) -> None:
    university = University(seed)
    story.send(university.founding())
    told, done = story.send(
        {"terms.csv": university.terms(*terms), "enrollments.csv": university.enrollment_file(0.3)},
        multi_term_batch_mode=1,
        change_threshold=100,
    )
    assert told["statistics"] == canvas_changes(done)
    assert {one["kind"]: one["removed"] for one in told["clean_up"]["verdicts"]} == canvas_removals(done)


@pytest.mark.parametrize("drop_status", ["deleted", "completed", "inactive", "deleted_last_completed"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_diffed_import_changes_what_was_forecast(story: Story, seed: int, drop_status: str) -> None:
    university = University(seed)
    story.send(university.founding(), diffing_data_set_identifier="all")
    for _ in range(2):
        files = {**university.founding(), "users.csv": university.users()}
        told, done = story.send(
            files,
            diffing_data_set_identifier="all",
            diffing_drop_status=drop_status,
            diffing_user_remove_status="suspended",
        )
        assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("limit", [3, 40, 400])
def test_a_difference_of_too_many_rows_is_applied_whole_as_forecast(story: Story, limit: int) -> None:
    university = University(1)
    story.send(university.founding(), diffing_data_set_identifier="all")
    told, done = story.send(university.founding(), diffing_data_set_identifier="all", diff_row_count_threshold=limit)
    said = [text for _, text in done.get("processing_warnings", [])]
    assert told["difference"]["is_whole"] == any("row count" in text for text in said)
    assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_that_delete_are_passed_over_where_that_is_wanted(story: Story, seed: int) -> None:
    university = University(seed)
    story.send(university.founding())
    told, done = story.send(
        {"courses.csv": university.course_file(), "enrollments.csv": university.enrollment_file()}, skip_deletes=1
    )
    assert told["statistics"] == canvas_changes(done)


def test_a_full_batch_without_any_file_that_it_could_clean_up_after_ends_as_forecast(story: Story) -> None:
    university = University(1)
    story.send(university.founding())
    told, done = story.send({"users.csv": university.all_users()}, multi_term_batch_mode=1, change_threshold=10)
    assert (told["clean_up"], done["workflow_state"]) == (None, "imported")


def test_files_of_one_name_in_two_folders_are_compared_each_with_its_own_kind(story: Story) -> None:
    university = University(1)
    story.send(university.founding())
    for seed in (2, 3):
        university.dice.seed(seed)
        files = {"people/data.csv": university.users(), "places/data.csv": university.course_file(1)}
        told, done = story.send(files, diffing_data_set_identifier="folders")
        assert told["statistics"] == canvas_changes(done)
    assert told["difference"]["rows"] > 0


@pytest.mark.parametrize("limit", [1, 9])
def test_rows_of_files_that_cannot_be_compared_do_not_count_as_different(story: Story, limit: int) -> None:
    university = University(1)
    founding = university.founding()
    story.send(founding, diffing_data_set_identifier="all")
    headed_anew = [line.rpartition(",")[0] for line in founding["users.csv"]]
    headed_anew = [f"{line},{'short_name' if not number else ''},active" for number, line in enumerate(headed_anew)]
    headed_anew[0] = headed_anew[0].replace(",active", ",status")
    courses = [founding["courses.csv"][0], *(f"{line[:-6]}deleted" for line in founding["courses.csv"][1:4])]
    files = {"users.csv": headed_anew, "courses.csv": [*courses, *founding["courses.csv"][4:]]}
    told, done = story.send(files, diffing_data_set_identifier="all", diff_row_count_threshold=limit)
    said = [text for _, text in done["processing_warnings"]]
    assert told["difference"]["is_whole"] == any("row count" in text for text in said) == (limit == 1)
    assert told["statistics"] == canvas_changes(done)
