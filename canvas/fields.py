"""Reading the fields of a JSON object from Canvas, strict about what is needed and tolerant about the rest.

Canvas's documentation and its answers disagree on types (numbers as strings and the reverse), and older and newer
sites leave out or add keys. An absent key, a null and a value that makes no sense all read as None.
"""

import re
from datetime import UTC, datetime
from typing import Any

from canvas.errors import Unreadable

JsonObject = dict[str, Any]

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}")


class Fields:
    """One JSON object. Raises Unreadable when the document is not an object."""

    def __init__(self, document: Any, *, what: str) -> None:
        if not isinstance(document, dict):
            raise Unreadable(f"Canvas's answer has no readable {what}.")
        self._document = document
        self._what = what

    def needed_integer(self, key: str) -> int:
        """Raises Unreadable where there is none."""
        value = self.integer(key)
        if value is None:
            raise self._missing(key)
        return value

    def needed_text(self, key: str) -> str:
        """Raises Unreadable where there is none."""
        value = self.text(key)
        if value is None:
            raise self._missing(key)
        return value

    def integer(self, key: str) -> int | None:
        return integer(self._document.get(key))

    def number(self, key: str) -> float | None:
        value = self._document.get(key)
        try:
            return None if value is None or isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            return None

    def text(self, key: str) -> str | None:
        value = self._document.get(key)
        if isinstance(value, str):
            return value
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def flag(self, key: str) -> bool | None:
        value = self._document.get(key)
        if isinstance(value, str):
            return {"true": True, "1": True, "false": False, "0": False}.get(value.lower())
        return bool(value) if isinstance(value, (bool, int)) else None

    def moment(self, key: str) -> datetime | None:
        """A time in UTC; Canvas writes ISO 8601 with Z or an offset."""
        value = self._document.get(key)
        try:
            parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
            return parsed and (parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return None

    def object(self, key: str) -> JsonObject:
        """The nested object; empty where there is none."""
        value = self._document.get(key)
        return value if isinstance(value, dict) else {}

    def list(self, key: str) -> list[Any]:
        """The nested list; empty where there is none."""
        value = self._document.get(key)
        return value if isinstance(value, list) else []

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item for item in self.list(key) if isinstance(item, str))

    def _missing(self, key: str) -> Unreadable:
        return Unreadable(f"Canvas's answer has no readable {key} for the {self._what}.")


def integer(value: Any) -> int | None:
    """A whole number out of a JSON value, also where it came as text or as 3.0."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        return int(value) if _WHOLE_NUMBER.fullmatch(value.strip()) else None
    return value if isinstance(value, int) else None
