"""Rules of groups, differentiation tags and institutional tags, in the order in which Canvas tries them.

`{set_place}` is worked out by who applies the rule.

Messages: the warnings of Canvas's importers (`lib/sis/*_importer.rb`).
"""

from imports.check.rules.base import Rule
from imports.check.rules.making import clash, missing, no_such, not_allowed


def _set_rules(kind: str, what: str, id_column: str, name_column: str, members: str) -> tuple[Rule, ...]:
    of = f"{what} {{{id_column}}}"
    return (
        missing(kind, id_column, f"No sis_id given for a {what}"),
        missing(kind, name_column, f"No name given for {of}"),
        missing(kind, "status", f"No status given for {of}"),
        not_allowed(kind, "status", f'Improper status "{{status}}" for {of}, skipping'),
        _two_places(kind, of),
        no_such(kind, "course_id", "course", f'Course with id "{{course_id}}" didn\'t exist for {of}'),
        _in_use(kind, f"Cannot move {of} because it has {members} in it."),
    )


def _group_rules(kind: str, what: str, id_column: str, set_what: str, set_column: str) -> tuple[Rule, ...]:
    of = f"{what} {{{id_column}}}"
    return (
        missing(kind, id_column, f"No {id_column} given for a {what}."),
        missing(kind, "name", f"No name given for {of}."),
        not_allowed(kind, "status", f'Improper status "{{status}}" for {of}.'),
        _two_places(kind, of),
        no_such(kind, "account_id", "account", f"Account with sis id {{account_id}} didn't exist for {of}."),
        no_such(kind, "course_id", "course", f"Course with sis id {{course_id}} didn't exist for {of}."),
        no_such(kind, set_column, "set", f"{set_what} {{{set_column}}} didn't exist{{set_place}} for {of}."),
        _in_use(kind, f"Cannot move {of} because it has group_memberships."),
    )


def _member_rules(kind: str, what: str, id_column: str) -> tuple[Rule, ...]:
    return (
        missing(kind, id_column, f"No {id_column} given for a {what} user"),
        missing(kind, "user_id", f"No user_id given for a {what} user"),
        not_allowed(kind, "status", f'Improper status "{{status}}" for a {what} user'),
        no_such(kind, "user_id", "user", f"User {{user_id}} didn't exist for {what} user"),
        no_such(kind, id_column, "group", f"{what.capitalize()} {{{id_column}}} didn't exist for {what} user"),
        clash(
            f"{kind}.not-in-course",
            "The person has no enrollment in the course to which this belongs.",
            "Enroll the person too, or take the row out.",
            f"User {{user_id}} doesn't have an enrollment in the course of {what} {{{id_column}}}.",
        ),
    )


def _in_use(kind: str, says: str) -> Rule:
    return clash(
        f"{kind}.in-use",
        "It lies elsewhere and is not empty, so it cannot be moved.",
        "Leave it where it is, or take out what is in it with an import before this one.",
        says,
    )


def _two_places(kind: str, of: str) -> Rule:
    return clash(
        f"{kind}.two-places",
        "Both a course and an account are given; it can lie in one of them.",
        "Leave the one that is meant.",
        f"Only one context is allowed and both course_id and account_id where provided for {of}.",
    )


_TAG, _TAG_ID = "differentiation tag", "{tag_id}"
_GROUPS = (
    *_set_rules("group_category", "group category", "group_category_id", "category_name", "groups"),
    no_such(
        "group_category",
        "account_id",
        "account",
        'Account with id "{account_id}" didn\'t exist for group category {group_category_id}',
    ),
    *_set_rules("differentiation_tag_set", "differentiation tag set", "tag_set_id", "set_name", "tags"),
    missing("differentiation_tag_set", "course_id", "No course_id given for differentiation tag set {tag_set_id}"),
    *_group_rules("group", "group", "group_id", "Group Category", "group_category_id"),
    *_group_rules("differentiation_tag", _TAG, "tag_id", "Differentiation Tag Set", "tag_set_id"),
    missing(
        "differentiation_tag",
        "tag_set_id|course_id",
        f"No tag_set_id or course_id given for {_TAG} {_TAG_ID}. At least one is required for new tags.",
    ),
    *_member_rules("group_membership", "group", "group_id"),
    *_member_rules("differentiation_tag_membership", _TAG, "tag_id"),
)

_INSTITUTIONAL_TAGS = (
    missing("institutional_tag_category", "category_id", "No category_id given for an institutional tag category"),
    missing("institutional_tag_category", "name", "No name given for institutional tag category {category_id}"),
    not_allowed(
        "institutional_tag_category",
        "status",
        'Improper status "{status}" for institutional tag category {category_id}',
    ),
    missing("institutional_tag", "institutional_tag_id", "No institutional_tag_id given for an institutional tag"),
    missing("institutional_tag", "name", "No name given for institutional tag {institutional_tag_id}"),
    not_allowed(
        "institutional_tag", "status", 'Improper status "{status}" for institutional tag {institutional_tag_id}'
    ),
    no_such(
        "institutional_tag",
        "category_id",
        "category",
        'Category with id "{category_id}" didn\'t exist for institutional tag {institutional_tag_id}',
    ),
    missing("institutional_tag", "description", "No description given for institutional tag {institutional_tag_id}"),
    missing(
        "institutional_tag_association",
        "institutional_tag_id",
        "No institutional_tag_id given for an institutional tag association",
    ),
    missing("institutional_tag_association", "user_id", "No user_id given for an institutional tag association"),
    not_allowed(
        "institutional_tag_association",
        "status",
        'Improper status "{status}" for institutional tag association {institutional_tag_id}',
    ),
    no_such(
        "institutional_tag_association",
        "institutional_tag_id",
        "tag",
        'Institutional tag with id "{institutional_tag_id}" didn\'t exist',
    ),
    no_such(
        "institutional_tag_association",
        "user_id",
        "user",
        'User with sis_user_id "{user_id}" didn\'t exist for institutional tag association with tag '
        "{institutional_tag_id}",
    ),
)

RULES = (*_GROUPS, *_INSTITUTIONAL_TAGS)
