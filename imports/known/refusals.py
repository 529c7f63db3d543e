"""Which of Canvas's messages say that a row was not applied.

Source: Canvas's importers. Most warnings skip their row; these only tell of a part of it.
"""

_APPLIED_ALL_THE_SAME = (
    "Bad date format",
    "unknown abstract course",
    "The email address associated",
    "An email did not pass validation",
    "Enrolled a user",
    "Unknown blueprint course",
)


def refuses(message: str) -> bool:
    """Whether a message about a row means that the row changed nothing."""
    return not message.startswith(_APPLIED_ALL_THE_SAME)
