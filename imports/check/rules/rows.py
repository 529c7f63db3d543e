"""What Canvas refuses or ignores in the rows of SIS files, kind by kind, in its own order.

Messages: the warnings of Canvas's importers (`lib/sis/*_importer.rb`). Braces name columns of the row; `{user}`,
`{asked_role}`, `{date_place}`, `{set_place}`, `{owner}` and `{parent}` are worked out by whoever applies the rule.
"""

from imports.check.rules.base import Rule, Severity

_REFUSED, _ROWS, _IGNORED, _SUSPICIOUS = Severity


def _missing(kind: str, columns: str, says: str) -> Rule:
    """No value in any of `columns`, which are joined by `|`."""
    names = columns.split("|")
    shown = " or ".join(f"`{name}`" for name in names)
    slug = names[0].replace("_", "-")
    return Rule(f"{kind}.{slug}-missing", _ROWS, f"The row has no value in {shown}.", f"Fill in {shown}.", says)


def _not_allowed(kind: str, column: str, says: str) -> Rule:
    slug = column.replace("_", "-")
    cause = f"Canvas does not know this value of `{column}`."
    return Rule(f"{kind}.{slug}-unknown", _ROWS, cause, "Use one of the values that Canvas knows.", says)


def _no_such(kind: str, column: str, what: str, says: str, severity: Severity = _ROWS) -> Rule:
    cause = f"No {what} with the id in `{column}` is in the account or applied before this row."
    cure = f"Correct the id, or send the {what} too."
    return Rule(f"{kind}.{what.replace(' ', '-')}-not-found", severity, cause, cure, says)


def _date(kind: str, says: str) -> Rule:
    cause = "Canvas cannot read the date and takes it, and one after it, for absent; the rest of the row counts."
    return Rule(f"{kind}.date-unreadable", _IGNORED, cause, "Write dates as 2026-08-24T00:00:00Z.", says)


def _clash(slug: str, cause: str, cure: str, says: str) -> Rule:
    return Rule(slug, _ROWS, cause, cure, says)


_CHANGES = (
    _missing("change_sis_id", "type", "No type given for change_sis_id"),
    _missing("change_sis_id", "old_id|old_integration_id", "No old_id or old_integration_id given for change_sis_id"),
    _missing("change_sis_id", "new_id|new_integration_id", "No new_id or new_integration_id given for change_sis_id"),
    _not_allowed("change_sis_id", "type", "Invalid type '{type}' for change_sis_id"),
    _clash(
        "change_sis_id.integration-id-impossible",
        "Groups and group categories have no integration ids.",
        "Leave the integration id empty.",
        "Group categories should not have integration IDs.",
    ),
    _clash(
        "change_sis_id.old-id-not-found",
        "Nothing of this type has the old id.",
        "Correct the old id, or take the row out where the change was made before.",
        "An {old_column}, '{old}', referenced a non-existent {type} and was not changed.",
    ),
    _clash(
        "change_sis_id.new-id-taken",
        "Something else of this type already has the new id.",
        "Choose another id, or free this one first.",
        "A {new_column}, '{new}', referenced an existing {type} and the {type} with {column} '{old}' was not updated",
    ),
)

_ACCOUNTS = (
    _missing("account", "account_id", "No account_id given for an account"),
    _no_such("account", "parent_account_id", "parent", "Parent account didn't exist for {account_id}"),
    _missing("account", "name", "No name given for account {account_id}, skipping"),
    _not_allowed("account", "status", 'Improper status "{status}" for account {account_id}, skipping'),
    _clash(
        "account.parent-deleted",
        "The parent account is deleted.",
        "Restore the parent first, or name another one.",
        "Cannot restore sub_account with ID: {account_id} because parent_account with ID: {parent} has been deleted.",
    ),
    _clash(
        "account.in-use",
        "The account cannot be deleted while accounts below it are active.",
        "Delete or move those first.",
        "Cannot delete the sub_account with ID: {account_id} because it has active sub accounts.",
    ),
)

_TERMS = (
    _date("term", "Bad date format for term {term_id}"),
    _missing("term", "term_id", "No term_id given for a term"),
    _not_allowed("term", "status", 'Improper status "{status}" for term {term_id}'),
    _missing("term", "name", "No name given for term {term_id}"),
    _clash(
        "term.override-without-term",
        "Dates for one sort of enrollment are given for a term that does not exist.",
        "Put the row of the term itself before it.",
        "Cannot set date override on non-existent term",
    ),
    _not_allowed("term", "date_override_enrollment_type", "Invalid date_override_enrollment_type"),
)

_ABSTRACT_COURSES = (
    _missing("abstract_course", "abstract_course_id", "No abstract_course_id given for an abstract course"),
    _missing("abstract_course", "short_name", "No short_name given for abstract course {abstract_course_id}"),
    _missing("abstract_course", "long_name", "No long_name given for abstract course {abstract_course_id}"),
    _not_allowed("abstract_course", "status", 'Improper status "{status}" for abstract course {abstract_course_id}'),
)

_COURSES = (
    _date("course", "Bad date format for course {course_id}"),
    _missing("course", "course_id", "No course_id given for a course"),
    _missing("course", "short_name", "No short_name given for course {course_id}"),
    _missing("course", "long_name", "No long_name given for course {course_id}"),
    _not_allowed("course", "status", 'Improper status "{status}" for course {course_id}'),
    _not_allowed("course", "course_format", 'Invalid course_format "{course_format}" for course {course_id}'),
    _not_allowed(
        "course",
        "grade_passback_setting",
        'Invalid grade_passback_setting "{grade_passback_setting}" for course {course_id}',
    ),
    _no_such("course", "account_id", "account", 'Account not found "{account_id}" for course {course_id}'),
    _clash(
        "course.account-deleted",
        "The account of the course is deleted.",
        "Restore the account first, or name another one.",
        "Cannot restore course {course_id} because the associated account {parent} is deleted",
    ),
    _no_such("course", "term_id", "term", "", _IGNORED),
    _no_such(
        "course",
        "abstract_course_id",
        "abstract course",
        "unknown abstract course id {abstract_course_id}, ignoring abstract course reference",
        _IGNORED,
    ),
    _no_such(
        "course",
        "blueprint_course_id",
        "blueprint course",
        'Unknown blueprint course "{blueprint_course_id}" for course "{course_id}"',
        _IGNORED,
    ),
)

_SECTIONS = (
    _date("section", "Bad date format for section {section_id}"),
    _missing("section", "section_id", "No section_id given for a section in course {course_id}"),
    _missing("section", "course_id", "No course_id given for a section {section_id}"),
    _not_allowed("section", "status", 'Improper status "{status}" for section {section_id} in course {course_id}'),
    _missing("section", "name", "No name given for section {section_id} in course {course_id}"),
    _no_such(
        "section", "course_id", "course", "Section {section_id} references course {course_id} which doesn't exist"
    ),
)

_XLISTS = (
    _missing("xlist", "xlist_course_id", "No xlist_course_id given for a cross-listing"),
    _missing("xlist", "section_id", "No section_id given for a cross-listing"),
    _not_allowed("xlist", "status", 'Improper status "{status}" for a cross-listing'),
    _no_such("xlist", "section_id", "section", "A cross-listing referenced a non-existent section {section_id}"),
)

_CLAIMED = "An existing Canvas user with the {owner} has already claimed {user_id}'s "
_USERS = (
    _clash(
        "user.nul",
        "A cell of the row holds a NUL character.",
        "Take the character out.",
        "Some of the fields contain NULL character",
    ),
    _missing("user", "user_id", "No user_id given for a user"),
    _missing("user", "login_id", "No login_id given for user {user_id}"),
    _missing("user", "status", "No status given for user {user_id}"),
    _not_allowed("user", "status", "Improper status for user {user_id}"),
    _clash(
        "user.login-id-unprintable",
        "The login holds a character that cannot be printed.",
        "Type the login anew.",
        "Could not save the user with user_id: '{user_id}'. Invalid login_id: '{login_id}'",
    ),
    _clash(
        "user.login-id-too-long",
        "The login has more than 255 characters.",
        "Shorten it.",
        "Could not save the user with user_id: '{user_id}'. "
        "Unknown reason: Unique is too long (maximum is 255 characters)",
    ),
    _not_allowed(
        "user",
        "authentication_provider_id",
        "unrecognized authentication provider {authentication_provider_id} for {user_id}, skipping",
    ),
    _clash(
        "user.login-id-claimed",
        "Another person of the upload already has this login; upper and lower case count as the same.",
        "Give one of the two another login.",
        _CLAIMED + "user_id requested login information, skipping",
    ),
    _clash(
        "user.integration-id-claimed",
        "Another person of the upload already has this integration id.",
        "Correct one of the two.",
        _CLAIMED + "requested integration_id, skipping",
    ),
    Rule(
        "user.email-invalid",
        _IGNORED,
        "This is not an e-mail address; the person is imported without it.",
        "Correct the address.",
        "The email address associated with user '{user_id}' is invalid (email: '{email}')",
    ),
)

_LOGINS = (
    _missing("login", "user_id", "No user_id given for a user"),
    _missing("login", "login_id", "No login_id given for user {user_id}"),
    _missing(
        "login",
        "existing_user_id|existing_integration_id|existing_canvas_user_id",
        "No existing user provided for login with SIS ID {user_id}",
    ),
    _clash(
        "login.login-id-unprintable",
        "The login holds a character that cannot be printed.",
        "Type the login anew.",
        "Could not save the user with user_id: '{user_id}'. Invalid login_id: '{login_id}'",
    ),
    _clash(
        "login.existing-user-not-found",
        "Nobody in the account or applied before this row has the existing id.",
        "Correct the id, or send the user too.",
        "Could not find the existing user for login with SIS ID {user_id}, skipping",
    ),
    _clash(
        "login.existing-ids-disagree",
        "The existing ids of the row do not name one and the same person.",
        "Leave the right one.",
        "An existing user does not match existing user ids provided for login with SIS ID {user_id}, skipping",
    ),
    _clash(
        "login.taken",
        "The SIS id or the login is taken.",
        "Choose another one.",
        "An existing Canvas user with the SIS ID {user_id} or login of {login_id} already exists, skipping",
    ),
)

_OF_ENROLLMENT = "(User ID: {user}, Course ID: {course_id}, Section ID: {section_id})"
_ENROLLMENTS = (
    _date("enrollment", "Bad date format for user {user} in {date_place}"),
    _missing("enrollment", "course_id|section_id", "No course_id or section_id given for an enrollment"),
    _missing("enrollment", "user_id|user_integration_id", "No user_id given for an enrollment"),
    _not_allowed("enrollment", "status", 'Improper status "{status}" for an enrollment'),
    _no_such("enrollment", "user_id", "user", f"User not found for enrollment {_OF_ENROLLMENT}"),
    _clash(
        "enrollment.place-not-found",
        "Neither the course nor the section of the row is in the account or applied before it.",
        "Correct the ids, or send course and section too.",
        "Neither course nor section existed for user enrollment "
        "(Course ID: {course_id}, Section ID: {section_id}, User ID: {user})",
    ),
    _no_such("enrollment", "section_id", "section", "An enrollment referenced a non-existent section {section_id}"),
    _no_such("enrollment", "course_id", "course", "An enrollment referenced a non-existent course {course_id}"),
    _clash(
        "enrollment.place-unrelated",
        "The section belongs to another course than the row says.",
        "Correct the one or the other.",
        "An enrollment listed a section ({section_id}) and a course ({course_id}) that are unrelated for user ({user})",
    ),
    _not_allowed("enrollment", "role", 'Improper role "{asked_role}" for an enrollment'),
    Rule(
        "enrollment.role-unsure",
        _SUSPICIOUS,
        "This is none of Canvas's own roles, and whether the account has a role of this name is not known.",
        "Make sure that the account has the role; its name counts to the letter.",
    ),
    _no_such(
        "enrollment",
        "associated_user_id",
        "associated user",
        "An enrollment referenced a non-existent associated user {associated_user_id}",
    ),
    _no_such(
        "enrollment",
        "temporary_enrollment_source_user_id",
        "source user",
        "An enrollment referenced a non-existent temporary enrollment source user {temporary_enrollment_source_user_id}",
    ),
    _clash(
        "enrollment.user-deleted",
        "The upload deletes the person before this row enrolls them.",
        "Leave the person active, or take the enrollment out.",
        "Attempted enrolling with deleted sis login {login} in course {course}",
    ),
)

_ADMINS = (
    _missing("admin", "user_id", "No user_id given for admin"),
    _missing("admin", "status", "No status given for admin"),
    _missing("admin", "role|role_id", "No role_id or role given for admin"),
    _not_allowed("admin", "status", "Invalid status {status} for admin"),
    _no_such("admin", "account_id", "account", "Invalid account_id given for admin"),
    _not_allowed("admin", "role", "Invalid role '{role}' for admin"),
    _not_allowed("admin", "role_id", "Invalid role_id '{role_id}' for admin"),
    Rule(
        "admin.role-unsure",
        _SUSPICIOUS,
        "This is none of Canvas's own roles, and whether the account has a role of this name is not known.",
        "Make sure that the account has the role; its name counts to the letter.",
    ),
    _no_such("admin", "user_id", "user", "Invalid or unknown user_id '{user_id}' for admin"),
)


def _set_rules(kind: str, what: str, id_column: str, name_column: str) -> tuple[Rule, ...]:
    of = f"{what} {{{id_column}}}"
    return (
        _missing(kind, id_column, f"No sis_id given for a {what}"),
        _missing(kind, name_column, f"No name given for {of}"),
        _missing(kind, "status", f"No status given for {of}"),
        _not_allowed(kind, "status", f'Improper status "{{status}}" for {of}, skipping'),
        _two_places(kind, of),
        _no_such(kind, "course_id", "course", f'Course with id "{{course_id}}" didn\'t exist for {of}'),
    )


def _group_rules(kind: str, what: str, id_column: str, set_what: str, set_column: str) -> tuple[Rule, ...]:
    of = f"{what} {{{id_column}}}"
    return (
        _missing(kind, id_column, f"No {id_column} given for a {what}."),
        _missing(kind, "name", f"No name given for {of}."),
        _not_allowed(kind, "status", f'Improper status "{{status}}" for {of}.'),
        _two_places(kind, of),
        _no_such(kind, "account_id", "account", f"Account with sis id {{account_id}} didn't exist for {of}."),
        _no_such(kind, "course_id", "course", f"Course with sis id {{course_id}} didn't exist for {of}."),
        _no_such(kind, set_column, "set", f"{set_what} {{{set_column}}} didn't exist{{set_place}} for {of}."),
    )


def _member_rules(kind: str, what: str, id_column: str) -> tuple[Rule, ...]:
    return (
        _missing(kind, id_column, f"No {id_column} given for a {what} user"),
        _missing(kind, "user_id", f"No user_id given for a {what} user"),
        _not_allowed(kind, "status", f'Improper status "{{status}}" for a {what} user'),
        _no_such(kind, "user_id", "user", f"User {{user_id}} didn't exist for {what} user"),
        _no_such(kind, id_column, "group", f"{what.capitalize()} {{{id_column}}} didn't exist for {what} user"),
    )


def _two_places(kind: str, of: str) -> Rule:
    return _clash(
        f"{kind}.two-places",
        "Both a course and an account are given; it can lie in one of them.",
        "Leave the one that is meant.",
        f"Only one context is allowed and both course_id and account_id where provided for {of}.",
    )


_TAG, _TAG_ID = "differentiation tag", "{tag_id}"
_GROUPS = (
    *_set_rules("group_category", "group category", "group_category_id", "category_name"),
    _no_such(
        "group_category",
        "account_id",
        "account",
        'Account with id "{account_id}" didn\'t exist for group category {group_category_id}',
    ),
    *_set_rules("differentiation_tag_set", "differentiation tag set", "tag_set_id", "set_name"),
    _missing("differentiation_tag_set", "course_id", "No course_id given for differentiation tag set {tag_set_id}"),
    *_group_rules("group", "group", "group_id", "Group Category", "group_category_id"),
    *_group_rules("differentiation_tag", _TAG, "tag_id", "Differentiation Tag Set", "tag_set_id"),
    _missing(
        "differentiation_tag",
        "tag_set_id|course_id",
        f"No tag_set_id or course_id given for {_TAG} {_TAG_ID}. At least one is required for new tags.",
    ),
    *_member_rules("group_membership", "group", "group_id"),
    *_member_rules("differentiation_tag_membership", _TAG, "tag_id"),
)

_INSTITUTIONAL_TAGS = (
    _missing("institutional_tag_category", "category_id", "No category_id given for an institutional tag category"),
    _missing("institutional_tag_category", "name", "No name given for institutional tag category {category_id}"),
    _not_allowed(
        "institutional_tag_category",
        "status",
        'Improper status "{status}" for institutional tag category {category_id}',
    ),
    _missing("institutional_tag", "institutional_tag_id", "No institutional_tag_id given for an institutional tag"),
    _missing("institutional_tag", "name", "No name given for institutional tag {institutional_tag_id}"),
    _not_allowed(
        "institutional_tag", "status", 'Improper status "{status}" for institutional tag {institutional_tag_id}'
    ),
    _no_such(
        "institutional_tag",
        "category_id",
        "category",
        'Category with id "{category_id}" didn\'t exist for institutional tag {institutional_tag_id}',
    ),
    _missing("institutional_tag", "description", "No description given for institutional tag {institutional_tag_id}"),
    _missing(
        "institutional_tag_association",
        "institutional_tag_id",
        "No institutional_tag_id given for an institutional tag association",
    ),
    _missing("institutional_tag_association", "user_id", "No user_id given for an institutional tag association"),
    _not_allowed(
        "institutional_tag_association",
        "status",
        'Improper status "{status}" for institutional tag association {institutional_tag_id}',
    ),
    _no_such(
        "institutional_tag_association",
        "institutional_tag_id",
        "tag",
        'Institutional tag with id "{institutional_tag_id}" didn\'t exist',
    ),
    _no_such(
        "institutional_tag_association",
        "user_id",
        "user",
        'User with sis_user_id "{user_id}" didn\'t exist for institutional tag association with tag '
        "{institutional_tag_id}",
    ),
)

_GRADES = (
    _missing("grade_publishing_results", "enrollment_id", "No enrollment_id given"),
    _not_allowed(
        "grade_publishing_results",
        "grade_publishing_status",
        'Improper grade_publishing_status "{grade_publishing_status}" for enrollment {enrollment_id}',
    ),
    _no_such("grade_publishing_results", "enrollment_id", "enrollment", "Enrollment {enrollment_id} doesn't exist"),
)

_OBSERVERS = (
    _missing("user_observer", "observer_id", "No observer_id given for a user observer"),
    _missing("user_observer", "student_id", "No user_id given for a user observer"),
    _clash(
        "user_observer.self",
        "Observer and student are the same person.",
        "Correct one of the two.",
        "Can't observe yourself user {observer_id}",
    ),
    _not_allowed("user_observer", "status", 'Improper status "{status}" for a user_observer'),
    _no_such("user_observer", "observer_id", "observer", "An observer referenced a non-existent user {observer_id}"),
    _no_such("user_observer", "student_id", "student", "A student referenced a non-existent user {student_id}"),
    _clash(
        "user_observer.not-linked",
        "The row ends an observation that does not exist.",
        "Take the row out.",
        "Can't delete a non-existent observer for observer: {observer_id}, student: {student_id}",
    ),
)

RULES = (
    *_CHANGES, *_ACCOUNTS, *_TERMS, *_ABSTRACT_COURSES, *_COURSES, *_SECTIONS, *_XLISTS, *_USERS, *_LOGINS,
    *_ENROLLMENTS, *_ADMINS, *_GROUPS, *_INSTITUTIONAL_TAGS, *_GRADES, *_OBSERVERS,
)  # fmt: skip
