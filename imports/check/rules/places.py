"""Rules of changed ids, accounts, terms, courses, sections and cross-lists, in the order in which Canvas tries them.

Messages: the warnings of Canvas's importers (`lib/sis/*_importer.rb`).
"""

from imports.check.rules.base import Rule, Severity
from imports.check.rules.making import clash, date, missing, no_such, not_allowed

_CHANGES = (
    missing("change_sis_id", "type", "No type given for change_sis_id"),
    missing("change_sis_id", "old_id|old_integration_id", "No old_id or old_integration_id given for change_sis_id"),
    missing("change_sis_id", "new_id|new_integration_id", "No new_id or new_integration_id given for change_sis_id"),
    not_allowed("change_sis_id", "type", "Invalid type '{type}' for change_sis_id"),
    clash(
        "change_sis_id.integration-id-impossible",
        "Groups and group categories have no integration ids.",
        "Leave the integration id empty.",
        "Group categories should not have integration IDs.",
    ),
    clash(
        "change_sis_id.old-id-not-found",
        "Nothing of this type has the old id.",
        "Correct the old id, or take the row out where the change was made before.",
        "An {old_column}, '{old}', referenced a non-existent {type} and was not changed.",
    ),
    clash(
        "change_sis_id.new-id-taken",
        "Something else of this type already has the new id.",
        "Choose another id, or free this one first.",
        "A {new_column}, '{new}', referenced an existing {type} and the {type} with {column} '{old}' was not updated",
    ),
)

_ACCOUNTS = (
    missing("account", "account_id", "No account_id given for an account"),
    no_such("account", "parent_account_id", "parent", "Parent account didn't exist for {account_id}"),
    missing("account", "name", "No name given for account {account_id}, skipping"),
    not_allowed("account", "status", 'Improper status "{status}" for account {account_id}, skipping'),
    clash(
        "account.parent-deleted",
        "The parent account is deleted.",
        "Restore the parent first, or name another one.",
        "Cannot restore sub_account with ID: {account_id} because parent_account with ID: {parent} has been deleted.",
    ),
    clash(
        "account.in-use",
        "The account cannot be deleted while accounts below it are active.",
        "Delete or move those first.",
        "Cannot delete the sub_account with ID: {account_id} because it has active sub accounts.",
    ),
    clash(
        "account.has-courses",
        "The account cannot be deleted while it has courses; those that the upload moves or deletes are still there.",
        "Delete or move its courses with an import before this one.",
        "Cannot delete the sub_account with ID: {account_id} because it has active courses.",
    ),
    Rule(
        "account.status-ignored",
        Severity.IGNORED,
        "Canvas does not know this status: it leaves that of an account which exists, and refuses a new one.",
        "Write `active` or `deleted`.",
    ),
    clash(
        "account.parents-cyclic",
        "The parent account lies below this account.",
        "Correct the parent of one of the two.",
        "An account did not pass validation (account: {account_id} / {name}, error: Parent account Setting account "
        "{account_id}'s parent to {parent_account_id} would create a loop)",
    ),
)

_TERMS = (
    date("term", "Bad date format for term {term_id}"),
    missing("term", "term_id", "No term_id given for a term"),
    not_allowed("term", "status", 'Improper status "{status}" for term {term_id}'),
    missing("term", "name", "No name given for term {term_id}"),
    clash(
        "term.in-use",
        "The term cannot be deleted while it has courses; those that the upload moves or deletes are still there.",
        "Delete or move its courses with an import before this one.",
        "A term did not pass validation (term: {term_id} / {name}, error: Cannot delete a term with active courses)",
    ),
    clash(
        "term.override-without-term",
        "Dates for one sort of enrollment are given for a term that does not exist.",
        "Put the row of the term itself before it.",
        "Cannot set date override on non-existent term",
    ),
    not_allowed("term", "date_override_enrollment_type", "Invalid date_override_enrollment_type"),
)

_ABSTRACT_COURSES = (
    missing("abstract_course", "abstract_course_id", "No abstract_course_id given for an abstract course"),
    missing("abstract_course", "short_name", "No short_name given for abstract course {abstract_course_id}"),
    missing("abstract_course", "long_name", "No long_name given for abstract course {abstract_course_id}"),
    not_allowed("abstract_course", "status", 'Improper status "{status}" for abstract course {abstract_course_id}'),
)

_COURSES = (
    date("course", "Bad date format for course {course_id}"),
    missing("course", "course_id", "No course_id given for a course"),
    missing("course", "short_name", "No short_name given for course {course_id}"),
    missing("course", "long_name", "No long_name given for course {course_id}"),
    not_allowed("course", "status", 'Improper status "{status}" for course {course_id}'),
    not_allowed("course", "course_format", 'Invalid course_format "{course_format}" for course {course_id}'),
    not_allowed(
        "course",
        "grade_passback_setting",
        'Invalid grade_passback_setting "{grade_passback_setting}" for course {course_id}',
    ),
    no_such("course", "account_id", "account", 'Account not found "{account_id}" for course {course_id}'),
    clash(
        "course.account-deleted",
        "The account of the course is deleted.",
        "Restore the account first, or name another one.",
        "Cannot restore course {course_id} because the associated account {parent} is deleted",
    ),
    no_such("course", "term_id", "term", "", Severity.IGNORED),
    no_such(
        "course",
        "abstract_course_id",
        "abstract course",
        "unknown abstract course id {abstract_course_id}, ignoring abstract course reference",
        Severity.IGNORED,
    ),
    no_such(
        "course",
        "blueprint_course_id",
        "blueprint course",
        'Unknown blueprint course "{blueprint_course_id}" for course "{course_id}"',
        Severity.IGNORED,
    ),
)

_SECTIONS = (
    date("section", "Bad date format for section {section_id}"),
    missing("section", "section_id", "No section_id given for a section in course {course_id}"),
    missing("section", "course_id", "No course_id given for a section {section_id}"),
    not_allowed("section", "status", 'Improper status "{status}" for section {section_id} in course {course_id}'),
    missing("section", "name", "No name given for section {section_id} in course {course_id}"),
    no_such("section", "course_id", "course", "Section {section_id} references course {course_id} which doesn't exist"),
)

_XLISTS = (
    missing("xlist", "xlist_course_id", "No xlist_course_id given for a cross-listing"),
    missing("xlist", "section_id", "No section_id given for a cross-listing"),
    not_allowed("xlist", "status", 'Improper status "{status}" for a cross-listing'),
    no_such("xlist", "section_id", "section", "A cross-listing referenced a non-existent section {section_id}"),
)

RULES = (*_CHANGES, *_ACCOUNTS, *_TERMS, *_ABSTRACT_COURSES, *_COURSES, *_SECTIONS, *_XLISTS)
