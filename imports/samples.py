"""An invented university of any size, as the SIS CSV files that Canvas takes: for trying things out, and for measuring.

The same size and seed always give the same bytes. Every row is worked out from its own number, so nothing but the row
at hand is in memory, whatever the size. All people are invented; all addresses end in example.edu.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

Row = tuple[str, ...]

COURSES_PER_STUDENT = 10
STUDENTS_PER_SECTION = 30
STUDENTS_PER_TEACHER = 15
MOST_SECTIONS = 3  # a course has one to three, two on average

# Year, and the share of a student's ten courses that falls into each term.
TERMS = (
    ("2026F", "Fall 2026", "2026-08-24T00:00:00Z", "2026-12-18T00:00:00Z", 5),
    ("2027S", "Spring 2027", "2027-01-11T00:00:00Z", "2027-05-07T00:00:00Z", 4),
    ("2027U", "Summer 2027", "2027-06-01T00:00:00Z", "2027-08-06T00:00:00Z", 1),
)
_TERM_OF_BAND = tuple(term[0] for term in TERMS for _ in range(term[4]))

FACULTIES = {
    "SCI": "Faculty of Science",
    "HUM": "Faculty of Humanities",
    "ENG": "Faculty of Engineering",
    "SOC": "Faculty of Social Sciences",
    "MED": "Faculty of Health",
    "ART": "Faculty of Arts",
}
DEPARTMENTS = (
    ("MATH", "Mathematics", "SCI"), ("HIST", "History", "HUM"), ("CIVE", "Civil Engineering", "ENG"),
    ("PSYC", "Psychology", "SOC"), ("NURS", "Nursing", "MED"), ("MUSI", "Music", "ART"),
    ("PHYS", "Physics", "SCI"), ("PHIL", "Philosophy", "HUM"), ("MECH", "Mechanical Engineering", "ENG"),
    ("ECON", "Economics", "SOC"), ("PHAR", "Pharmacy", "MED"), ("DRAM", "Drama", "ART"),
    ("CHEM", "Chemistry", "SCI"), ("LING", "Linguistics", "HUM"), ("COMP", "Computing", "ENG"),
    ("SOCI", "Sociology", "SOC"), ("NUTR", "Nutrition", "MED"), ("DESI", "Design", "ART"),
    ("BIOL", "Biology", "SCI"), ("CLAS", "Classics", "HUM"), ("MATE", "Materials", "ENG"),
    ("GEOG", "Geography", "SOC"), ("PHTH", "Physiotherapy", "MED"), ("FILM", "Film", "ART"),
)  # fmt: skip
TOPICS = (
    "Introduction to {}", "Foundations of {}", "Methods in {}", "Topics in {}", "{} in Practice", "History of {}",
    "{}, Data and Evidence", "Advanced {}", "{} and Society", "Seminar in {}", "Project in {}", "{} Laboratory",
)  # fmt: skip
GIVEN_NAMES = tuple(
    "Ada Aiko Amara Amir Ana Anton Aroha Ayşe Beatriz Ben Björn Carmen Chidi Chloë Clara Daniel Deepa Diego Dina "
    "Elif Elisa Emeka Emil Eva Farah Felix Finn Freya Gita Grace Hana Hannah Hiro Ida Ines Ivan Jamal Jana Jin "
    "Joaquín Jonas Kai Karin Kofi Lara Leila Leo Lin Lucía Luka Mads Maeve Mai Malik Mara Marco Mei Mila Min "
    "Nadia Naveen Nia Niko Noah Nora Olga Omar Oscar Paula Pedro Petra Priya Quentin Rana Raúl Rosa Rui Sam Sara "
    "Selma Sofía Stefan Tara Tariq Theo Thu Tomás Uma Vera Viktor Wanda Wei Xenia Yara Yusuf Zara Zoë".split()
)
FAMILY_NAMES = tuple(
    "Abara Adler Aguilar Ahmadi Almeida Andersson Bajwa Baker Bauer Becker Bello Berg Bianchi Björk Brandt Carver "
    "Castro Chen Cheung Costa Dahl Darzi Delgado Demir Diallo Dubois Eklund Evans Farouk Fischer Fontaine Foster "
    "García Ghosh Gruber Gupta Haddad Hansen Hayashi Herrera Hoang Holm Ibarra Ito Ivanova Jansen Jensen Joshi "
    "Kaya Keita Kelly Khan Kim Kovač Kumar Lam Larsen Lehmann Lindgren Lopes Mäkinen Mensah Meyer Mori Moreau "
    "Müller Nakamura Ndiaye Nguyen Novak Núñez Okafor Olsen Ortega Owusu Park Patel Pereira Petrov Quinn Rahman "
    "Ramos Reyes Richter Rossi Saito Santos Schmid Sharma Silva Singh Sørby Tanaka Torres Tran Usman Vargas Vogel "
    "Walker Weber Wong Yamada Yilmaz Zhang".split()
)


def _mixed(seed: int, a: int, b: int = 0) -> int:
    """A number that looks random and depends on nothing but the arguments. Faster than seeding a generator per row."""
    x = (seed * 0x9E3779B97F4A7C15 + a * 0xBF58476D1CE4E5B9 + b * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    x = (x ^ (x >> 31)) * 0xD6E8FEB86659FD93 & 0xFFFFFFFFFFFFFFFF
    return x ^ (x >> 32)


def _plain(name: str) -> str:
    """The name in small letters without accents, fit for a login."""
    letters = unicodedata.normalize("NFKD", name.replace("ø", "o"))
    return letters.encode("ascii", "ignore").decode().lower()


_GIVEN_LOGINS = tuple(map(_plain, GIVEN_NAMES))
_FAMILY_LOGINS = tuple(map(_plain, FAMILY_NAMES))


@dataclass(frozen=True)
class University:
    """A university of `students` students (at least one), with departments, courses and teachers to match."""

    students: int
    seed: int = 1

    @property
    def departments(self) -> int:
        return min(len(DEPARTMENTS), max(3, self.students // 400))

    @property
    def bands(self) -> int:
        """Courses lie in as many bands as a student takes courses: one from each, so that none is taken twice."""
        return min(COURSES_PER_STUDENT, max(6, self._wanted_courses))

    @property
    def band_size(self) -> int:
        return max(1, self._wanted_courses // self.bands)

    @property
    def courses(self) -> int:
        return self.bands * self.band_size

    @property
    def teachers(self) -> int:
        return self.students // STUDENTS_PER_TEACHER + 1

    @property
    def _wanted_courses(self) -> int:
        sections_per_course = (1 + MOST_SECTIONS) // 2
        return self.students * COURSES_PER_STUDENT // (STUDENTS_PER_SECTION * sections_per_course)

    def course_id(self, course: int) -> str:
        code = DEPARTMENTS[course % self.departments][0]
        term = _TERM_OF_BAND[course // self.band_size]
        return f"{code}{101 + course // self.departments}-{term}"

    def sections_of(self, course: int) -> int:
        return 1 + _mixed(self.seed, course, -1) % MOST_SECTIONS

    def account_rows(self) -> Iterator[Row]:
        used = DEPARTMENTS[: self.departments]
        for faculty in dict.fromkeys(faculty for _, _, faculty in used):
            yield (faculty, "", FACULTIES[faculty], "active")
        for code, name, faculty in used:
            yield (code, faculty, f"Department of {name}", "active")

    def term_rows(self) -> Iterator[Row]:
        for term_id, name, start, end, _ in TERMS:
            yield (term_id, name, "active", start, end)

    def course_rows(self) -> Iterator[Row]:
        for course in range(self.courses):
            number = course // self.departments
            code, name, _ = DEPARTMENTS[course % self.departments]
            title = TOPICS[number % len(TOPICS)].format(name)
            term = _TERM_OF_BAND[course // self.band_size]
            yield (self.course_id(course), f"{code} {101 + number}", title, code, term, "active")

    def section_rows(self) -> Iterator[Row]:
        for course in range(self.courses):
            course_id = self.course_id(course)
            for section in range(1, self.sections_of(course) + 1):
                yield (f"{course_id}-{section:02}", course_id, f"Section {section:02}", "active")

    def user_rows(self) -> Iterator[Row]:
        for number in range(self.students):
            yield self._user("S", number)
        for number in range(self.teachers):
            yield self._user("T", number)

    def _user(self, sort: str, number: int) -> Row:
        given = _mixed(self.seed, number, ord(sort)) % len(GIVEN_NAMES)
        family = _mixed(self.seed, number, -ord(sort)) % len(FAMILY_NAMES)
        login = f"{_GIVEN_LOGINS[given]}.{_FAMILY_LOGINS[family]}.{sort.lower()}{number + 1}"
        user_id = f"{sort}{number + 1:07}"
        return (user_id, login, GIVEN_NAMES[given], FAMILY_NAMES[family], f"{login}@example.edu", "active")

    def enrollment_rows(self) -> Iterator[Row]:
        """Teachers first, so that a course has one as soon as it has students; then ten rows a student."""
        for course in range(self.courses):
            course_id = self.course_id(course)
            for section in range(1, self.sections_of(course) + 1):
                teacher = _mixed(self.seed, course, section) % self.teachers
                yield (course_id, f"{course_id}-{section:02}", f"T{teacher + 1:07}", "teacher", "active")
        bands, band_size, seed = self.bands, self.band_size, self.seed
        for student in range(self.students):
            user_id = f"S{student + 1:07}"
            for band in range(bands):
                dice = _mixed(seed, student, band)
                course = band * band_size + dice % band_size
                course_id = self.course_id(course)
                section = 1 + (dice >> 24) % self.sections_of(course)
                # One student in a hundred has left the course.
                status = "inactive" if (dice >> 40) % 100 == 0 else "active"
                yield (course_id, f"{course_id}-{section:02}", user_id, "student", status)

    def files(self) -> dict[str, tuple[Row, Iterable[Row]]]:
        """File name → header and rows, in the order in which Canvas reads the kinds."""
        return {
            "accounts.csv": (("account_id", "parent_account_id", "name", "status"), self.account_rows()),
            "terms.csv": (("term_id", "name", "status", "start_date", "end_date"), self.term_rows()),
            "courses.csv": (
                ("course_id", "short_name", "long_name", "account_id", "term_id", "status"),
                self.course_rows(),
            ),
            "sections.csv": (("section_id", "course_id", "name", "status"), self.section_rows()),
            "users.csv": (("user_id", "login_id", "first_name", "last_name", "email", "status"), self.user_rows()),
            "enrollments.csv": (("course_id", "section_id", "user_id", "role", "status"), self.enrollment_rows()),
        }


def write_folder(university: University, folder: Path) -> list[Path]:
    """One CSV per kind in the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    names = _write(university, lambda name: (folder / name).open("w", encoding="utf-8", newline=""))
    return [folder / name for name in names]


def write_zip(university: University, path: Path) -> Path:
    """The same files in one archive, as a nightly export would send them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def entry(name: str) -> TextIO:
            # A fixed date keeps the bytes the same from run to run.
            info = zipfile.ZipInfo(name, date_time=(2026, 8, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            return io.TextIOWrapper(archive.open(info, "w", force_zip64=True), encoding="utf-8", newline="")

        _write(university, entry)
    return path


def _write(university: University, opened: Callable[[str], AbstractContextManager[TextIO]]) -> list[str]:
    for name, (header, rows) in university.files().items():
        with opened(name) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    return list(university.files())
