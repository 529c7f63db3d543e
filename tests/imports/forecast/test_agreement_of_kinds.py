"""The forecast equals what the practice Canvas reports, for the kinds that hang on people, courses and sections."""

import random
from pathlib import Path

import pytest

from tests.imports.forecast.story import Files, Story, canvas_changes
from tests.servers.practice import Practice

SEEDS = range(8)
PEOPLE = [f"U{number}" for number in range(10)]
COURSES = ["bio", "chem", "art"]
SECTIONS = {f"{course}-{letter}": course for course in COURSES for letter in "ab"}
GROUPS = {"g-root": "", "g-bio": "bio", "g-art": "art"}

FOUNDING: Files = {
    "accounts.csv": ["account_id,parent_account_id,name,status", "sci,,Science,active", "life,sci,Life,active"],
    "terms.csv": ["term_id,name,status", "fall,Fall,active"],
    "users.csv": ["user_id,login_id,full_name,status", *(f"{p},{p.lower()},Person {p},active" for p in PEOPLE)],
    "courses.csv": [
        "course_id,short_name,long_name,account_id,term_id,status",
        *(f"{course},{course},Course {course},life,fall,active" for course in COURSES),
    ],
    "sections.csv": [
        "section_id,course_id,name,status",
        *(f"{section},{course},{section},active" for section, course in SECTIONS.items()),
    ],
    "groups.csv": [
        "group_id,course_id,name,status",
        *(f"{group},{course},{group},available" for group, course in GROUPS.items()),
    ],
}


class Dice(random.Random):
    """Rows made up by chance, for each kind."""

    def status(self, *others: str) -> str:
        return self.choice(others) if self.random() < 0.3 else "active"

    def enrollments(self) -> list[str]:
        rows = []
        for _ in range(25):
            section = self.choice(sorted(SECTIONS))
            place = f",{section}" if self.random() < 0.6 else f"{SECTIONS[section]},"
            role = self.choice(("student", "Student", "teacher", "ta"))
            rows.append(f"{place},{self.choice(PEOPLE)},{role},{self.status('deleted', 'completed', 'inactive')}")
        return ["course_id,section_id,user_id,role,status", *self._once(rows, 4)]

    def memberships(self) -> list[str]:
        rows = [
            f"{self.choice(sorted(GROUPS))},{self.choice(PEOPLE)},{self.choice(('accepted', 'accepted', 'deleted'))}"
            for _ in range(12)
        ]
        return ["group_id,user_id,status", *self._once(rows, 2)]

    def observers(self) -> list[str]:
        rows = [f"{self.choice(PEOPLE[:3])},{self.choice(PEOPLE[3:])},{self.status('deleted')}" for _ in range(4)]
        return ["observer_id,student_id,status", *self._once(rows, 2)]

    def cross_listings(self) -> list[str]:
        rows = [f"{self.choice(COURSES)},{self.choice(sorted(SECTIONS))},{self.status('deleted')}" for _ in range(3)]
        by_section = {row.split(",")[1]: row for row in rows}
        return ["xlist_course_id,section_id,status", *by_section.values()]

    def admins(self) -> list[str]:
        rows = [f"{self.choice(PEOPLE)},sci,AccountAdmin,{self.status('deleted')}" for _ in range(3)]
        return ["user_id,account_id,role,status", *self._once(rows, 3)]

    def sections(self) -> list[str]:
        rows = [f"{section},{course},{section},{self.status('deleted')}" for section, course in SECTIONS.items()]
        return ["section_id,course_id,name,status", *rows]

    def users(self) -> list[str]:
        rows = [f"{p},{p.lower()},Person {p},{self.status('deleted')}" for p in PEOPLE]
        return ["user_id,login_id,full_name,status", *rows]

    def _once(self, rows: list[str], key: int) -> list[str]:
        """Each key once: what Canvas makes of two rows for one is another story."""
        return list({tuple(row.lower().split(",")[:key]): row for row in rows}.values())


@pytest.fixture
def story(practice: Practice, tmp_path: Path) -> Story:
    story = Story(practice, tmp_path)
    told, done = story.send(FOUNDING)
    assert told["statistics"] == canvas_changes(done)
    return story


@pytest.mark.parametrize("seed", SEEDS)
def test_places_in_sections_and_groups_change_as_forecast(story: Story, seed: int) -> None:
    dice = Dice(seed)
    for _ in range(4):
        told, done = story.send({"enrollments.csv": dice.enrollments()})
        assert told["statistics"] == canvas_changes(done)
        told, done = story.send({"groups_membership.csv": dice.memberships(), "admins.csv": dice.admins()})
        assert told["statistics"] == canvas_changes(done)
        told, done = story.send({"sections.csv": dice.sections()})
        assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("seed", SEEDS)
def test_cross_listed_sections_take_their_places_along_as_forecast(story: Story, seed: int) -> None:
    dice = Dice(seed)
    for _ in range(3):
        told, done = story.send({"xlists.csv": dice.cross_listings(), "enrollments.csv": dice.enrollments()})
        assert told["statistics"] == canvas_changes(done)
        course = dice.choice(COURSES)
        row = f"{course},{course},Course {course},life,fall,{dice.status('deleted')}"
        told, done = story.send({"courses.csv": [FOUNDING["courses.csv"][0], row]})
        assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("seed", SEEDS)
def test_observers_follow_their_students_as_forecast(story: Story, seed: int) -> None:
    dice = Dice(seed)
    for _ in range(3):
        told, done = story.send({"enrollments.csv": dice.enrollments()})
        assert told["statistics"] == canvas_changes(done)
        told, done = story.send({"user_observers.csv": dice.observers()})
        assert told["statistics"] == canvas_changes(done)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_who_leave_take_everything_along_as_forecast(story: Story, seed: int) -> None:
    dice = Dice(seed)
    story.send({"enrollments.csv": dice.enrollments(), "groups_membership.csv": dice.memberships()})
    for _ in range(2):
        told, done = story.send({"users.csv": dice.users()})
        assert told["statistics"] == canvas_changes(done)


def test_what_has_a_new_id_is_known_under_it(story: Story) -> None:
    story.send({"enrollments.csv": Dice(1).enrollments()})
    story.send({"change_sis_id.csv": ["old_id,new_id,type", "U3,N3,user", "bio,biology,course", "art-a,art-1,section"]})
    rows = ["biology,bio-a,N3,student,active", "art,art-1,N3,student,active", "biology,,U4,teacher,active"]
    told, done = story.send({"enrollments.csv": ["course_id,section_id,user_id,role,status", *rows]})
    assert not told["kinds"][-1]["in_doubt"]
    assert told["statistics"] == canvas_changes(done)
    told, done = story.send({"courses.csv": [FOUNDING["courses.csv"][0], "biology,b,B,life,fall,deleted"]})
    assert told["statistics"] == canvas_changes(done)


def test_who_only_follows_somebody_is_not_among_the_unchanged(story: Story) -> None:
    rows = ["bio,,U5,student,active", "art,,U5,student,active"]
    enrollments = ["course_id,section_id,user_id,role,status", *rows]
    story.send({"enrollments.csv": enrollments})
    story.send({"user_observers.csv": ["observer_id,student_id,status", "U1,U5,active"]})
    told = story.forecast({"enrollments.csv": enrollments})
    assert [line["unchanged"] for line in told["kinds"] if line["kind"] == "enrollment"] == [2]


def test_who_changes_the_section_loses_no_course(story: Story) -> None:
    header = "course_id,section_id,user_id,role,status"
    story.send({"enrollments.csv": [header, ",bio-a,U5,student,active", ",bio-a,U6,student,active"]})
    moved = [header, ",bio-a,U5,student,deleted", ",bio-b,U5,student,active", ",bio-a,U6,student,deleted"]
    told = story.forecast({"enrollments.csv": moved})
    assert (told["losses"]["people"], told["losses"]["courses"]) == (1, 1)
    assert told["kinds"][0]["removed"] == 2
