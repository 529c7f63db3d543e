"""What is kept of each kind of CSV: a table per kind, with the columns that make a row's identity and its state.

Source of columns and statuses: `canvas.formats`. Source of states: Canvas's importers.
"""

from dataclasses import dataclass
from functools import cached_property

from canvas.formats import SIS_KINDS, SisKind

# Sets the parts of a key apart; no SIS id holds it.
APART = "char(31)"
KINDS: dict[str, SisKind] = {kind.name: kind for kind in SIS_KINDS}
# Secrets, and what is said to Canvas once and is no state.
_NOT_KEPT = frozenset(
    "password ssha_password canvas_password_notification notify status root_account role role_id user_integration_id "
    "date_override_enrollment_type".split()
)
_DATES = frozenset({"start_date", "end_date"})


@dataclass(frozen=True)
class Kept:
    """One table. `canvas_type` is the word in `data.statistics`, empty for what Canvas does not count there.

    `more` are columns that no CSV has, `less` ones that are not kept, `active` the states that count as created.
    """

    kind: SisKind
    canvas_type: str
    identity: tuple[str, ...]
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    active: tuple[str, ...] = ("active",)

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def table(self) -> str:
        return f"known_{self.kind.name}"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Beside key, state and run. The only column of an identity is the key itself."""
        alone = self.identity if len(self.identity) == 1 else ()
        left_out = {*_NOT_KEPT, *alone, *self.more, *self.less}
        return (*self.more, *(column.name for column in self.kind.columns if column.name not in left_out))

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The columns in which a row may change."""
        return tuple(column for column in self.columns if column not in {*self.identity, *self.more})

    @property
    def cleared(self) -> frozenset[str]:
        """Columns that an empty cell empties; every other one keeps its value."""
        return _DATES if self.name in {"section", "enrollment", "term"} else frozenset()


def _kept(
    name: str, canvas_type: str, identity: str, *, more: str = "", less: str = "", active: str = "active"
) -> Kept:
    lists = (tuple(names.split()) for names in (identity, more, less, active))
    return Kept(KINDS[name], canvas_type, *lists)


# In the order in which Canvas imports them. A cross-listing is kept with its section, a new id with what has it.
KEPT: dict[str, Kept] = {
    kept.name: kept
    for kept in (
        _kept("account", "Account", "account_id"),
        _kept("term", "EnrollmentTerm", "term_id"),
        _kept("abstract_course", "AbstractCourse", "abstract_course_id"),
        _kept("course", "Course", "course_id", active="claimed created available"),
        _kept("section", "CourseSection", "section_id", more="xlist_course"),
        _kept("user", "Pseudonym", "user_id"),
        _kept("login", "Pseudonym", "user_id"),
        _kept(
            "enrollment",
            "Enrollment",
            "person home section enrolled_as associated_user_id",
            more="person course section enrolled_as",
            less="user_id course_id section_id",
        ),
        _kept("admin", "AccountUser", "user_id account_id rights", more="rights"),
        _kept("group_category", "GroupCategory", "group_category_id"),
        _kept("differentiation_tag_set", "GroupCategory", "tag_set_id"),
        _kept("group", "Group", "group_id", active="available"),
        _kept("differentiation_tag", "Group", "tag_id", active="available"),
        _kept("group_membership", "GroupMembership", "group_id user_id", active="accepted"),
        _kept("differentiation_tag_membership", "GroupMembership", "tag_id user_id", active="accepted"),
        _kept("institutional_tag_category", "", "category_id"),
        _kept("institutional_tag", "", "institutional_tag_id"),
        _kept("institutional_tag_association", "", "institutional_tag_id user_id"),
        _kept("user_observer", "UserObserver", "observer_id student_id"),
    )
}

# (kind, column, the kind it names): a row is refused where Canvas does not have what it names.
REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("account", "parent_account_id", "account"),
    ("course", "account_id", "account"),
    ("section", "course_id", "course"),
    ("login", "existing_user_id", "user"),
    ("enrollment", "course_id", "course"),
    ("enrollment", "section_id", "section"),
    ("enrollment", "user_id", "user"),
    ("enrollment", "associated_user_id", "user"),
    ("admin", "user_id", "user"),
    ("admin", "account_id", "account"),
    ("group_category", "account_id", "account"),
    ("group_category", "course_id", "course"),
    ("group", "account_id", "account"),
    ("group", "course_id", "course"),
    ("group", "group_category_id", "group_category"),
    ("group_membership", "group_id", "group"),
    ("group_membership", "user_id", "user"),
    ("differentiation_tag_set", "course_id", "course"),
    ("differentiation_tag", "course_id", "course"),
    ("differentiation_tag", "tag_set_id", "differentiation_tag_set"),
    ("differentiation_tag_membership", "tag_id", "differentiation_tag"),
    ("differentiation_tag_membership", "user_id", "user"),
    ("institutional_tag", "category_id", "institutional_tag_category"),
    ("institutional_tag_association", "institutional_tag_id", "institutional_tag"),
    ("institutional_tag_association", "user_id", "user"),
    ("user_observer", "observer_id", "user"),
    ("user_observer", "student_id", "user"),
    ("xlist", "section_id", "section"),
)


def schema() -> str:
    """The statements that make an empty file."""
    tables = [
        f"CREATE TABLE {kept.table} (key TEXT PRIMARY KEY, state TEXT NOT NULL, run INTEGER NOT NULL, "
        + ", ".join(f"{column} TEXT" for column in kept.columns)
        + ") WITHOUT ROWID;"
        for kept in KEPT.values()
    ]
    return "\n".join((*tables, _REST))


_REST = """
CREATE INDEX enrollment_person ON known_enrollment (person);
CREATE INDEX enrollment_course ON known_enrollment (course);
CREATE INDEX enrollment_section ON known_enrollment (section);
CREATE INDEX user_login ON known_user (login_id COLLATE NOCASE);
CREATE INDEX user_integration ON known_user (integration_id);
CREATE TABLE learnt (run INTEGER PRIMARY KEY, how TEXT NOT NULL);
"""
