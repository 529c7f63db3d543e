"""Rules of users, logins, enrollments, admins, observers and published grades, in Canvas's own order.

`{user}`, `{asked_role}`, `{date_place}`, `{owner}`, `{login}` and `{course}` are worked out by who applies the rule.

Messages: the warnings of Canvas's importers (`lib/sis/*_importer.rb`).
"""

from imports.check.rules.base import Rule, Severity
from imports.check.rules.making import clash, date, missing, no_such, not_allowed

_CLAIMED = "An existing Canvas user with the {owner} has already claimed {user_id}'s "
_USERS = (
    clash(
        "user.nul",
        "A cell of the row holds a NUL character.",
        "Take the character out.",
        "Some of the fields contain NULL character",
    ),
    missing("user", "user_id", "No user_id given for a user"),
    missing("user", "login_id", "No login_id given for user {user_id}"),
    missing("user", "status", "No status given for user {user_id}"),
    not_allowed("user", "status", "Improper status for user {user_id}"),
    clash(
        "user.login-id-unprintable",
        "The login holds a character that cannot be printed.",
        "Type the login anew.",
        "Could not save the user with user_id: '{user_id}'. Invalid login_id: '{login_id}'",
    ),
    clash(
        "user.login-id-too-long",
        "The login has more than 255 characters.",
        "Shorten it.",
        "Could not save the user with user_id: '{user_id}'. "
        "Unknown reason: Unique is too long (maximum is 255 characters)",
    ),
    not_allowed(
        "user",
        "authentication_provider_id",
        "unrecognized authentication provider {authentication_provider_id} for {user_id}, skipping",
    ),
    clash(
        "user.login-id-claimed",
        "Another person already has this login; upper and lower case count as the same.",
        "Give one of the two another login.",
        _CLAIMED + "user_id requested login information, skipping",
    ),
    clash(
        "user.integration-id-claimed",
        "Another person already has this integration id.",
        "Correct one of the two.",
        _CLAIMED + "requested integration_id, skipping",
    ),
    Rule(
        "user.email-invalid",
        Severity.IGNORED,
        "This is not an e-mail address; the person is imported without it.",
        "Correct the address.",
        "The email address associated with user '{user_id}' is invalid (email: '{email}')",
    ),
)

_LOGINS = (
    missing("login", "user_id", "No user_id given for a user"),
    missing("login", "login_id", "No login_id given for user {user_id}"),
    missing(
        "login",
        "existing_user_id|existing_integration_id|existing_canvas_user_id",
        "No existing user provided for login with SIS ID {user_id}",
    ),
    clash(
        "login.login-id-unprintable",
        "The login holds a character that cannot be printed.",
        "Type the login anew.",
        "Could not save the user with user_id: '{user_id}'. Invalid login_id: '{login_id}'",
    ),
    clash(
        "login.existing-user-not-found",
        "Nobody in the account or applied before this row has the existing id.",
        "Correct the id, or send the user too.",
        "Could not find the existing user for login with SIS ID {user_id}, skipping",
    ),
    clash(
        "login.existing-ids-disagree",
        "The existing ids of the row do not name one and the same person.",
        "Leave the right one.",
        "An existing user does not match existing user ids provided for login with SIS ID {user_id}, skipping",
    ),
    clash(
        "login.taken",
        "The SIS id or the login is taken.",
        "Choose another one.",
        "An existing Canvas user with the SIS ID {user_id} or login of {login_id} already exists, skipping",
    ),
)

_OF_ENROLLMENT = "(User ID: {user}, Course ID: {course_id}, Section ID: {section_id})"
_ENROLLMENTS = (
    date("enrollment", "Bad date format for user {user} in {date_place}"),
    missing("enrollment", "course_id|section_id", "No course_id or section_id given for an enrollment"),
    missing("enrollment", "user_id|user_integration_id", "No user_id given for an enrollment"),
    not_allowed("enrollment", "status", 'Improper status "{status}" for an enrollment'),
    no_such("enrollment", "user_id", "user", f"User not found for enrollment {_OF_ENROLLMENT}"),
    clash(
        "enrollment.place-not-found",
        "Neither the course nor the section of the row is in the account or applied before it.",
        "Correct the ids, or send course and section too.",
        "Neither course nor section existed for user enrollment "
        "(Course ID: {course_id}, Section ID: {section_id}, User ID: {user})",
    ),
    no_such("enrollment", "section_id", "section", "An enrollment referenced a non-existent section {section_id}"),
    no_such("enrollment", "course_id", "course", "An enrollment referenced a non-existent course {course_id}"),
    clash(
        "enrollment.place-unrelated",
        "The section belongs to another course than the row says.",
        "Correct the one or the other.",
        "An enrollment listed a section ({section_id}) and a course ({course_id}) that are unrelated for user ({user})",
    ),
    not_allowed("enrollment", "role", 'Improper role "{asked_role}" for an enrollment'),
    Rule(
        "enrollment.role-unsure",
        Severity.SUSPICIOUS,
        "This is none of Canvas's own roles, and whether the account has a role of this name is not known.",
        "Make sure that the account has the role; its name counts to the letter.",
    ),
    no_such(
        "enrollment",
        "associated_user_id",
        "associated user",
        "An enrollment referenced a non-existent associated user {associated_user_id}",
    ),
    no_such(
        "enrollment",
        "temporary_enrollment_source_user_id",
        "source user",
        "An enrollment referenced a non-existent temporary enrollment source user "
        "{temporary_enrollment_source_user_id}",
    ),
    clash(
        "enrollment.user-deleted",
        "The person is deleted, by the upload or before it.",
        "Leave the person active, or take the enrollment out.",
        "Attempted enrolling with deleted sis login {login} in course {course}",
    ),
)

_ADMINS = (
    missing("admin", "user_id", "No user_id given for admin"),
    missing("admin", "status", "No status given for admin"),
    missing("admin", "role|role_id", "No role_id or role given for admin"),
    not_allowed("admin", "status", "Invalid status {status} for admin"),
    no_such("admin", "account_id", "account", "Invalid account_id given for admin"),
    not_allowed("admin", "role", "Invalid role '{role}' for admin"),
    not_allowed("admin", "role_id", "Invalid role_id '{role_id}' for admin"),
    Rule(
        "admin.role-unsure",
        Severity.SUSPICIOUS,
        "This is none of Canvas's own roles, and whether the account has a role of this name is not known.",
        "Make sure that the account has the role; its name counts to the letter.",
    ),
    no_such("admin", "user_id", "user", "Invalid or unknown user_id '{user_id}' for admin"),
)


_GRADES = (
    missing("grade_publishing_results", "enrollment_id", "No enrollment_id given"),
    not_allowed(
        "grade_publishing_results",
        "grade_publishing_status",
        'Improper grade_publishing_status "{grade_publishing_status}" for enrollment {enrollment_id}',
    ),
    no_such("grade_publishing_results", "enrollment_id", "enrollment", "Enrollment {enrollment_id} doesn't exist"),
)

_OBSERVERS = (
    missing("user_observer", "observer_id", "No observer_id given for a user observer"),
    missing("user_observer", "student_id", "No user_id given for a user observer"),
    clash(
        "user_observer.self",
        "Observer and student are the same person.",
        "Correct one of the two.",
        "Can't observe yourself user {observer_id}",
    ),
    not_allowed("user_observer", "status", 'Improper status "{status}" for a user_observer'),
    no_such("user_observer", "observer_id", "observer", "An observer referenced a non-existent user {observer_id}"),
    no_such("user_observer", "student_id", "student", "A student referenced a non-existent user {student_id}"),
    clash(
        "user_observer.not-linked",
        "The row ends an observation that does not exist.",
        "Take the row out.",
        "Can't delete a non-existent observer for observer: {observer_id}, student: {student_id}",
    ),
)

RULES = (*_USERS, *_LOGINS, *_ENROLLMENTS, *_ADMINS, *_GRADES, *_OBSERVERS)
