"""The SIS CSV kinds that Canvas knows: how it tells them apart, their columns and their statuses.

A table and nothing else, so that the check, the forecast and the practice Canvas agree on it.
Source: Canvas's importers (`lib/sis/csv/*_importer.rb`) and its page "SIS Import Format Documentation".
"""

from collections.abc import Iterable
from dataclasses import dataclass

# What Ruby's `strip` takes off headers and values: no-break spaces and their like are part of the text.
WHITE_SPACE = " \t\n\v\f\r"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required`: the header must have it; `sticky`: a change made in Canvas's pages outlives imports."""

    name: str
    required: bool = False
    sticky: bool = False


@dataclass(frozen=True, slots=True)
class SisKind:
    """One kind of SIS CSV.

    `name` is the word in `supplied_batches`, `plural` the one in `counts`. A file is of this kind when its headers hold
    at least one member of every set in `needs` and none of `without`. Every row must have a value in at least one
    column of each set in `row_needs`; rules that depend on other values or on what Canvas already holds are not in
    the table. `statuses` is empty where the status column has no meaning; unless `status_exact`, Canvas is content
    with a value that begins with one of them, in any case. `key` are the columns by which diffing recognises a row,
    empty where Canvas cannot diff the kind.
    """

    name: str
    plural: str
    usual_file: str
    needs: tuple[frozenset[str], ...]
    without: frozenset[str]
    columns: tuple[Column, ...]
    row_needs: tuple[frozenset[str], ...]
    statuses: tuple[str, ...]
    status_exact: bool
    key: tuple[str, ...]


def _one_of_each(rule: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(alternatives.split("|")) for alternatives in rule.split())


def _kind(
    name: str,
    plural: str,
    usual_file: str = "",
    *,
    needs: str,
    columns: str,
    required: str,
    row_needs: str,
    without: str = "",
    sticky: str = "",
    statuses: str = "",
    status_exact: bool = False,
    key: str = "",
) -> SisKind:
    """A row of the table. Names are separated by blanks; `a|b` means one of the two."""
    must, sticks = set(required.split()), set(sticky.split())
    return SisKind(
        name=name,
        plural=plural,
        usual_file=usual_file or f"{plural}.csv",
        needs=_one_of_each(needs),
        without=frozenset(without.split()),
        columns=tuple(Column(column, column in must, column in sticks) for column in columns.split()),
        row_needs=_one_of_each(row_needs),
        statuses=tuple(statuses.split()),
        status_exact=status_exact,
        key=tuple(key.split()),
    )


# In the order in which Canvas tries the kinds on a header, which is also the order in which it imports them.
SIS_KINDS: tuple[SisKind, ...] = (
    _kind(
        "change_sis_id",
        "change_sis_ids",
        "change_sis_id.csv",
        needs="old_id|old_integration_id",
        columns="old_id new_id old_integration_id new_integration_id type",
        required="type",
        row_needs="old_id|old_integration_id new_id|new_integration_id type",
        key="old_id old_integration_id",
    ),
    _kind(
        "account",
        "accounts",
        needs="account_id parent_account_id",
        columns="account_id parent_account_id name status integration_id",
        required="account_id parent_account_id name status",
        row_needs="account_id",
        sticky="parent_account_id name",
        statuses="active deleted",
        key="account_id",
    ),
    _kind(
        "term",
        "terms",
        needs="term_id name",
        columns="term_id name status integration_id date_override_enrollment_type start_date end_date",
        required="term_id name status",
        row_needs="term_id status",
        sticky="name start_date end_date",
        statuses="active deleted",
        key="term_id",
    ),
    _kind(
        "abstract_course",
        "abstract_courses",
        needs="abstract_course_id short_name",
        without="course_id",
        columns="abstract_course_id short_name long_name account_id term_id status fallback_account_id",
        required="abstract_course_id short_name long_name status",
        row_needs="abstract_course_id short_name long_name status",
        sticky="short_name long_name term_id",
        statuses="active deleted",
    ),
    _kind(
        "course",
        "courses",
        needs="course_id short_name",
        columns="course_id short_name long_name account_id term_id status integration_id start_date end_date "
        "course_format blueprint_course_id grade_passback_setting homeroom_course friendly_name abstract_course_id "
        "fallback_account_id",
        required="course_id short_name long_name status",
        row_needs="course_id short_name status",
        sticky="short_name long_name account_id term_id status start_date end_date grade_passback_setting",
        statuses="active deleted completed published unpublished",
        key="course_id",
    ),
    _kind(
        "section",
        "sections",
        needs="section_id name",
        columns="section_id course_id name status integration_id start_date end_date",
        required="section_id course_id name status",
        row_needs="section_id course_id status",
        sticky="course_id name start_date end_date",
        statuses="active deleted",
        key="section_id",
    ),
    _kind(
        "xlist",
        "xlists",
        needs="xlist_course_id section_id",
        columns="xlist_course_id section_id status",
        required="xlist_course_id section_id status",
        row_needs="xlist_course_id section_id status",
        statuses="active deleted",
        status_exact=True,
        key="section_id",
    ),
    _kind(
        "user",
        "users",
        needs="user_id login_id",
        without="existing_user_id existing_integration_id existing_canvas_user_id",
        columns="user_id integration_id login_id password ssha_password authentication_provider_id first_name "
        "last_name full_name sortable_name short_name email pronouns declared_user_type canvas_password_notification "
        "home_account status",
        required="user_id login_id status",
        row_needs="user_id login_id status",
        sticky="login_id first_name last_name full_name sortable_name short_name pronouns",
        statuses="active suspended deleted",
        key="user_id",
    ),
    _kind(
        "login",
        "logins",
        needs="existing_user_id|existing_integration_id|existing_canvas_user_id",
        columns="user_id integration_id login_id password ssha_password authentication_provider_id existing_user_id "
        "existing_integration_id existing_canvas_user_id root_account email",
        required="user_id login_id",
        row_needs="user_id login_id existing_user_id|existing_integration_id|existing_canvas_user_id",
        key="user_id",
    ),
    _kind(
        "enrollment",
        "enrollments",
        needs="section_id|course_id user_id|user_integration_id",
        columns="course_id section_id user_id user_integration_id role role_id root_account start_date end_date status "
        "associated_user_id limit_section_privileges notify temporary_enrollment_source_user_id",
        required="status",
        row_needs="course_id|section_id user_id|user_integration_id role|role_id status",
        sticky="start_date end_date",
        statuses="active deleted completed inactive deleted_last_completed",
        key="course_id section_id user_id user_integration_id role role_id associated_user_id "
        "temporary_enrollment_source_user_id",
    ),
    _kind(
        "admin",
        "admins",
        needs="account_id user_id",
        columns="user_id account_id role_id role status root_account",
        required="user_id account_id status",
        row_needs="user_id role|role_id status",
        statuses="active deleted",
        status_exact=True,
        key="user_id account_id",
    ),
    _kind(
        "group_category",
        "group_categories",
        needs="group_category_id category_name",
        columns="group_category_id account_id course_id category_name status",
        required="group_category_id category_name status",
        row_needs="group_category_id category_name status",
        statuses="active deleted",
    ),
    _kind(
        "differentiation_tag_set",
        "differentiation_tag_sets",
        needs="tag_set_id set_name",
        columns="tag_set_id course_id set_name status",
        required="tag_set_id course_id set_name status",
        row_needs="tag_set_id course_id set_name status",
        statuses="active deleted",
        key="tag_set_id",
    ),
    _kind(
        "group",
        "groups",
        needs="group_id name",
        columns="group_id group_category_id account_id course_id name status",
        required="group_id name status",
        row_needs="group_id name status",
        sticky="name",
        statuses="available deleted closed completed",
        key="group_id",
    ),
    _kind(
        "differentiation_tag",
        "differentiation_tags",
        needs="tag_id name",
        columns="tag_id tag_set_id course_id name status",
        required="tag_id name status",
        row_needs="tag_id name status",
        sticky="name",
        statuses="available deleted closed completed",
        key="tag_id",
    ),
    _kind(
        "group_membership",
        "group_memberships",
        "groups_membership.csv",
        needs="group_id user_id",
        columns="group_id user_id status",
        required="group_id user_id status",
        row_needs="group_id user_id status",
        statuses="accepted deleted",
        key="group_id user_id",
    ),
    _kind(
        "differentiation_tag_membership",
        "differentiation_tag_memberships",
        needs="tag_id user_id",
        columns="tag_id user_id status",
        required="tag_id user_id status",
        row_needs="tag_id user_id status",
        statuses="accepted deleted",
        key="tag_id user_id",
    ),
    _kind(
        "institutional_tag_category",
        "institutional_tag_categories",
        needs="category_id name",
        without="tag_id institutional_tag_id",
        columns="category_id name description status",
        required="category_id name status",
        row_needs="category_id name status",
        statuses="active deleted",
        key="category_id",
    ),
    _kind(
        "institutional_tag",
        "institutional_tags",
        needs="institutional_tag_id category_id name",
        columns="institutional_tag_id category_id name description status",
        required="institutional_tag_id category_id name description status",
        row_needs="institutional_tag_id category_id name description status",
        statuses="active deleted",
        key="institutional_tag_id",
    ),
    _kind(
        "institutional_tag_association",
        "institutional_tag_associations",
        needs="institutional_tag_id user_id",
        columns="institutional_tag_id user_id status",
        required="institutional_tag_id user_id status",
        row_needs="institutional_tag_id user_id status",
        statuses="active deleted",
        key="institutional_tag_id user_id",
    ),
    _kind(
        "grade_publishing_results",
        "grade_publishing_results",
        needs="enrollment_id grade_publishing_status",
        columns="enrollment_id grade_publishing_status message",
        required="enrollment_id grade_publishing_status",
        row_needs="",
    ),
    _kind(
        "user_observer",
        "user_observers",
        needs="observer_id student_id",
        columns="observer_id student_id status",
        required="observer_id student_id status",
        row_needs="observer_id student_id status",
        statuses="active deleted",
        status_exact=True,
        key="observer_id",
    ),
)


def kind_of(headers: Iterable[str]) -> SisKind | None:
    """The kind that Canvas takes a file for, or None. Headers are lower-cased and trimmed; the file name is no clue."""
    present = frozenset(headers)
    for kind in SIS_KINDS:
        if not present & kind.without and all(present & alternatives for alternatives in kind.needs):
            return kind
    return None
