"""The pattern behind a message: the same sentence with names, ids and numbers taken out.

Canvas's texts differ a little between versions, so nothing is parsed out of them; what is taken out is what stands
in quotes or parentheses, after a colon, or holds a digit.
"""

import re

_QUOTED = re.compile(r""""[^"]*"|“[^”]*”|(?<!\w)'[^']*'(?!\w)""")
_LABELLED = re.compile(r"((?:\bID|\bid|login_id|user_id|email|error|course|section|user|term|role|short)): ?[^,()]*")
_NUMBERED = re.compile(r"\S*\d\S*")
_NOT_NAMES = "a an the not in which no user course section term account group ID IDs".split()
_NAMED = re.compile(
    r"(\b(?:for|user|course|section|term|account|group|referenced)) "
    rf"(?!(?:{'|'.join(_NOT_NAMES)})\b)"
    r"[^\s,;()]*[-_.@][^\s,;()]*"
)
_LAST_WORD = re.compile(r"(\bfor (?:user|course|section|term|account|group|login)) [^\s,]+(?=$|,)")
_OWNER = re.compile(r"\S+('s (?:user_id|requested))")
_REPEATED = re.compile(r"…(?:[\s,]*…)+")
LONGEST = 255


def pattern_of(text: str) -> str:
    """Such as `User not found for enrollment (User ID: …, Course ID: …, Section ID: …)`."""
    pattern = _QUOTED.sub("“…”", text)
    pattern = _LABELLED.sub(r"\1: …", pattern)
    pattern = _NAMED.sub(r"\1 …", pattern)
    pattern = _LAST_WORD.sub(r"\1 …", pattern)
    pattern = _OWNER.sub(r"…\1", pattern)
    pattern = _NUMBERED.sub("…", pattern)
    pattern = _REPEATED.sub("…", pattern)
    return " ".join(pattern.split())[:LONGEST]
