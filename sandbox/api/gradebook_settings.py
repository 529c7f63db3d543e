"""What a person chose for the learning mastery gradebook of a course."""

from typing import Any

from sandbox.api.accounts import not_allowed
from sandbox.api.contexts import the_course
from sandbox.api.viewers import the_viewer
from sandbox.http.answers import Answer, Stop, as_json
from sandbox.http.calls import Call
from sandbox.outcomes import course as courses
from sandbox.outcomes import flags
from sandbox.outcomes.contexts import Context
from sandbox.ruby import truth

_NAME = "learning_mastery_gradebook_settings"
_CHOICES: dict[str, tuple[str, ...]] = {
    "secondary_info_display": ("none", "sis_id", "integration_id", "login_id"),
    "name_display_format": ("first_last", "last_first"),
    "students_per_page": ("15", "30", "50", "100"),
    "score_display_format": ("icon_only", "icon_and_points", "icon_and_label"),
    "outcome_arrangement": courses.ARRANGEMENTS,
}
_SWITCHES = (
    "show_student_avatars",
    "show_students_with_no_results",
    "show_outcomes_with_no_results",
    "show_unpublished_assignments",
)


# What a Canvas whose gradebook is off gives: its actions return before they have anything to show.
_NOTHING = Answer(204)


def show(call: Call) -> Answer:
    course, user_id = _place(call)
    return call.json({_NAME: courses.settings(call.site.db(), course, user_id)})


def change(call: Call) -> Answer:
    """Only what was sent changes."""
    course, user_id = _place(call)
    given = {name: value for name in (*_CHOICES, *_SWITCHES) if (value := call.request.param(f"{_NAME}[{name}]"))}
    wrong = [
        f"Invalid {name} ('{given[name]}'). Valid values are: {', '.join(allowed)}"
        for name, allowed in _CHOICES.items()
        if name in given and given[name] not in allowed
    ]
    if wrong:
        raise Stop(as_json({"errors": wrong}, 422))
    db = call.site.db()
    saved = courses.settings(db, course, user_id) | {name: _value(name, text) for name, text in given.items()}
    courses.keep_settings(db, course, user_id, saved)
    return call.json({_NAME: saved})


def _value(name: str, text: str) -> Any:
    if name in _SWITCHES:
        return truth(text)
    return int(text) if name == "students_per_page" else text


def _place(call: Call) -> tuple[Context, int]:
    """Stops with an empty answer where the gradebook is off."""
    course = the_course(call)
    viewer = the_viewer(call, course)
    if not viewer.sees_all_grades:
        raise Stop(not_allowed(call.site))
    if not flags.is_on(call.site.db(), "outcome_gradebook"):
        raise Stop(_NOTHING)
    return course, viewer.user_id
