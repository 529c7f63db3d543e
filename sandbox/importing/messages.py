"""What Canvas says about rows, files and whole imports.

Names in braces are columns of the row, or values that the rule gives; what is absent is left blank.
"""

from collections.abc import Mapping
from typing import Any

# Whole files and whole imports.
INVALID_UTF8 = "Invalid UTF-8"
MALFORMED = "Malformed CSV"
NO_HEADERS = "Couldn't find Canvas CSV import headers"
UNKNOWN_FILE_TYPE = "Skipping unknown file type"
CRASHED = "Error while importing CSV. Please contact support. (Error report {report})"
OVER_THRESHOLD = "{count} {kinds} would be deleted and exceeds the set threshold of {threshold}%"
NO_TERMS = "Terms not found. Terms must be included with multi_term_batch_mode"
DIFF_SIZE = "Diffing not performed because file size difference exceeded threshold"
DIFF_ROWS = "Diffing not performed because difference row count exceeded threshold"
DIFF_MISMATCH = "Unable to perform diffing against mismatched previous and current {kind} imports"
DIFF_HEADERS = "Couldn't generate diff: CSV headers do not match, cannot diff"
NOT_ROLLED_BACK = "Couldn't rollback SIS batch data for row - {dump}"

# accounts.csv
ACCOUNT_NO_ID = "No account_id given for an account"
ACCOUNT_NO_PARENT = "Parent account didn't exist for {account_id}"
ACCOUNT_NO_NAME = "No name given for account {account_id}, skipping"
ACCOUNT_STATUS = 'Improper status "{status}" for account {account_id}, skipping'
ACCOUNT_PARENT_DELETED = (
    "Cannot restore sub_account with ID: {account_id} because parent_account with ID: {parent} has been deleted."
)
ACCOUNT_LOOP = (
    "An account did not pass validation (account: {account_id} / {name}, error: Parent account Setting account "
    "{account_id}'s parent to {parent_account_id} would create a loop)"
)
ACCOUNT_HAS_ACCOUNTS = "Cannot delete the sub_account with ID: {account_id} because it has active sub accounts."
ACCOUNT_HAS_COURSES = "Cannot delete the sub_account with ID: {account_id} because it has active courses."

# terms.csv
TERM_NO_ID = "No term_id given for a term"
TERM_STATUS = 'Improper status "{status}" for term {term_id}'
TERM_NO_NAME = "No name given for term {term_id}"
TERM_OVERRIDE_WITHOUT_TERM = "Cannot set date override on non-existent term"
TERM_OVERRIDE_TYPE = "Invalid date_override_enrollment_type"
TERM_INVALID = "A term did not pass validation (term: {term_id} / {name}, error: {error})"
TERM_DATE = "Bad date format for term {term_id}"

# abstract_courses.csv
ABSTRACT_NO_ID = "No abstract_course_id given for an abstract course"
ABSTRACT_NO_SHORT_NAME = "No short_name given for abstract course {abstract_course_id}"
ABSTRACT_NO_LONG_NAME = "No long_name given for abstract course {abstract_course_id}"
ABSTRACT_STATUS = 'Improper status "{status}" for abstract course {abstract_course_id}'

# courses.csv
COURSE_NO_ID = "No course_id given for a course"
COURSE_NO_SHORT_NAME = "No short_name given for course {course_id}"
COURSE_NO_LONG_NAME = "No long_name given for course {course_id}"
COURSE_STATUS = 'Improper status "{status}" for course {course_id}'
COURSE_FORMAT = 'Invalid course_format "{course_format}" for course {course_id}'
COURSE_PASSBACK = 'Invalid grade_passback_setting "{grade_passback_setting}" for course {course_id}'
COURSE_NO_ACCOUNT = 'Account not found "{account_id}" for course {course_id}'
COURSE_ACCOUNT_DELETED = "Cannot restore course {course_id} because the associated account {account} is deleted"
COURSE_NO_ABSTRACT = "unknown abstract course id {abstract_course_id}, ignoring abstract course reference"
COURSE_NO_BLUEPRINT = 'Unknown blueprint course "{blueprint_course_id}" for course "{course_id}"'
COURSE_INVALID = "A course did not pass validation (course: {course_id} / {short_name}, error: {error})"
COURSE_DATE = "Bad date format for course {course_id}"

# sections.csv
SECTION_NO_ID = "No section_id given for a section in course {course_id}"
SECTION_NO_COURSE_ID = "No course_id given for a section {section_id}"
SECTION_NO_NAME = "No name given for section {section_id} in course {course_id}"
SECTION_STATUS = 'Improper status "{status}" for section {section_id} in course {course_id}'
SECTION_NO_COURSE = "Section {section_id} references course {course_id} which doesn't exist"
SECTION_DATE = "Bad date format for section {section_id}"

# xlists.csv
XLIST_NO_COURSE_ID = "No xlist_course_id given for a cross-listing"
XLIST_NO_SECTION_ID = "No section_id given for a cross-listing"
XLIST_STATUS = 'Improper status "{status}" for a cross-listing'
XLIST_NO_SECTION = "A cross-listing referenced a non-existent section {section_id}"

# users.csv
USER_NUL = "Some of the fields contain NULL character"
USER_NO_ID = "No user_id given for a user"
USER_NO_LOGIN = "No login_id given for user {user_id}"
USER_NO_STATUS = "No status given for user {user_id}"
USER_STATUS = "Improper status for user {user_id}"
USER_CLAIMED = (
    "An existing Canvas user with the {owner} has already claimed {user_id}'s user_id requested login information, "
    "skipping"
)
USER_INTEGRATION_CLAIMED = (
    "An existing Canvas user with the {owner} has already claimed {user_id}'s requested integration_id, skipping"
)
USER_REMOVES_SELF = "Can't remove yourself user_id '{user_id}'"
USER_PROVIDER = "unrecognized authentication provider {authentication_provider_id} for {user_id}, skipping"
USER_LOGIN_INVALID = "Could not save the user with user_id: '{user_id}'. Invalid login_id: '{login_id}'"
USER_NOT_SAVED = "Could not save the user with user_id: '{user_id}'. Unknown reason: {error}"
USER_EMAIL = "The email address associated with user '{user_id}' is invalid (email: '{email}')"

# logins.csv
LOGIN_NO_EXISTING = "No existing user provided for login with SIS ID {user_id}"
LOGIN_TAKEN = "An existing Canvas user with the SIS ID {user_id} or login of {login_id} already exists, skipping"
LOGIN_UNKNOWN = "Could not find the existing user for login with SIS ID {user_id}, skipping"
LOGIN_MISMATCH = "An existing user does not match existing user ids provided for login with SIS ID {user_id}, skipping"

# enrollments.csv
ENROLLMENT_NO_PLACE = "No course_id or section_id given for an enrollment"
ENROLLMENT_NO_USER_ID = "No user_id given for an enrollment"
ENROLLMENT_STATUS = 'Improper status "{status}" for an enrollment'
ENROLLMENT_ROLE = 'Improper role "{asked_role}" for an enrollment'
ENROLLMENT_NO_USER = "User not found for enrollment (User ID: {user}, Course ID: {course_id}, Section ID: {section_id})"
ENROLLMENT_NO_COURSE = "An enrollment referenced a non-existent course {course_id}"
ENROLLMENT_NO_SECTION = "An enrollment referenced a non-existent section {section_id}"
ENROLLMENT_NEITHER = (
    "Neither course nor section existed for user enrollment "
    "(Course ID: {course_id}, Section ID: {section_id}, User ID: {user})"
)
ENROLLMENT_UNRELATED = (
    "An enrollment listed a section ({section_id}) and a course ({course_id}) that are unrelated for user ({user})"
)
ENROLLMENT_NO_ASSOCIATED = "An enrollment referenced a non-existent associated user {associated_user_id}"
ENROLLMENT_NO_SOURCE = (
    "An enrollment referenced a non-existent temporary enrollment source user {temporary_enrollment_source_user_id}"
)
ENROLLMENT_DELETED_LOGIN = "Attempted enrolling with deleted sis login {login} in course {course}"
ENROLLMENT_OTHER_LOGIN = "Enrolled a user {user} in course {course}, but referenced a deleted sis login"
ENROLLMENT_BLUEPRINT = '{type} enrollment for "{user}" not allowed in blueprint course "{course}"'
ENROLLMENT_DATE_IN_COURSE = "Bad date format for user {user} in course {course_id}"
ENROLLMENT_DATE_IN_SECTION = "Bad date format for user {user} in section {section_id}"

# admins.csv
ADMIN_NO_USER_ID = "No user_id given for admin"
ADMIN_NO_STATUS = "No status given for admin"
ADMIN_NO_ROLE_GIVEN = "No role_id or role given for admin"
ADMIN_STATUS = "Invalid status {status} for admin"
ADMIN_NO_ACCOUNT = "Invalid account_id given for admin"
ADMIN_ROLE = "Invalid role '{role}' for admin"
ADMIN_ROLE_ID = "Invalid role_id '{role_id}' for admin"
ADMIN_NO_USER = "Invalid or unknown user_id '{user_id}' for admin"

# group_categories.csv and differentiation_tag_sets.csv: {what} is which of the two, {id} its id.
SET_NO_ID = "No sis_id given for a {what}"
SET_NO_NAME = "No name given for {what} {id}"
SET_NO_STATUS = "No status given for {what} {id}"
SET_STATUS = 'Improper status "{status}" for {what} {id}, skipping'
SET_NO_ACCOUNT = 'Account with id "{account_id}" didn\'t exist for {what} {id}'
SET_NO_COURSE = 'Course with id "{course_id}" didn\'t exist for {what} {id}'
SET_NO_COURSE_ID = "No course_id given for differentiation tag set {id}"
SET_TWO_CONTEXTS = "Only one context is allowed and both course_id and account_id where provided for {what} {id}."
SET_IN_USE = "Cannot move {what} {id} because it has {members} in it."

# groups.csv and differentiation_tags.csv
GROUP_NO_ID = "No {id_column} given for a {what}."
GROUP_NO_NAME = "No name given for {what} {id}."
GROUP_STATUS = 'Improper status "{status}" for {what} {id}.'
GROUP_NO_ACCOUNT = "Account with sis id {account_id} didn't exist for {what} {id}."
GROUP_NO_COURSE = "Course with sis id {course_id} didn't exist for {what} {id}."
GROUP_NO_SET = "{set_what} {set_id} didn't exist{place} for {what} {id}."
GROUP_IN_USE = "Cannot move {what} {id} because it has group_memberships."
TAG_NO_PLACE = "No tag_set_id or course_id given for differentiation tag {id}. At least one is required for new tags."

# groups_membership.csv and differentiation_tags_membership.csv
MEMBER_NO_GROUP_ID = "No {id_column} given for a {what} user"
MEMBER_NO_USER_ID = "No user_id given for a {what} user"
MEMBER_STATUS = 'Improper status "{status}" for a {what} user'
MEMBER_NO_USER = "User {user_id} didn't exist for {what} user"
MEMBER_NO_GROUP = "{What} {id} didn't exist for {what} user"
MEMBER_NOT_IN_COURSE = "User {user_id} doesn't have an enrollment in the course of {what} {id}."

# Institutional tags: {id_column} is the kind's own.
TAGGING_NO_ID = "No {id_column} given for an {what}"
TAGGING_NO_NAME = "No name given for {what} {id}"
TAGGING_NO_DESCRIPTION = "No description given for {what} {id}"
TAGGING_STATUS = 'Improper status "{status}" for {what} {id}'
TAGGING_NO_CATEGORY = 'Category with id "{category_id}" didn\'t exist for institutional tag {id}'
TAGGING_NO_USER = (
    'User with sis_user_id "{user_id}" didn\'t exist for institutional tag association with tag {institutional_tag_id}'
)
TAGGING_NO_USER_ID = "No user_id given for an institutional tag association"
TAGGING_NO_TAG = 'Institutional tag with id "{institutional_tag_id}" didn\'t exist'

# user_observers.csv
OBSERVER_NO_ID = "No observer_id given for a user observer"
OBSERVER_NO_STUDENT_ID = "No user_id given for a user observer"
OBSERVER_SELF = "Can't observe yourself user {observer_id}"
OBSERVER_STATUS = 'Improper status "{status}" for a user_observer'
OBSERVER_NO_OBSERVER = "An observer referenced a non-existent user {observer_id}"
OBSERVER_NO_STUDENT = "A student referenced a non-existent user {student_id}"
OBSERVER_NOT_LINKED = "Can't delete a non-existent observer for observer: {observer_id}, student: {student_id}"

# change_sis_id.csv
CHANGE_NO_TYPE = "No type given for change_sis_id"
CHANGE_NO_OLD = "No old_id or old_integration_id given for change_sis_id"
CHANGE_NO_NEW = "No new_id or new_integration_id given for change_sis_id"
CHANGE_TYPE = "Invalid type '{type}' for change_sis_id"
CHANGE_UNKNOWN = "An {old_column}, '{old}', referenced a non-existent {type} and was not changed."
CHANGE_TAKEN = (
    "A {new_column}, '{new}', referenced an existing {type} and the {type} with {column} '{old}' was not updated"
)
CHANGE_CATEGORY = "Group categories should not have integration IDs."

# grade_publishing_results.csv
GRADE_NO_ENROLLMENT_ID = "No enrollment_id given"
GRADE_STATUS = 'Improper grade_publishing_status "{grade_publishing_status}" for enrollment {enrollment_id}'
GRADE_NO_ENROLLMENT = "Enrollment {enrollment_id} doesn't exist"


class _Blank(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


def fill(template: str, *values: Mapping[str, Any]) -> str:
    """The template with its braces filled; later values win."""
    merged = _Blank()
    for some in values:
        merged.update(some)
    return template.format_map(merged)
