"""Text from files as a database takes it: PostgreSQL's takes neither NUL characters nor halves of surrogate pairs."""

from typing import Any

_SIGN = "\N{SYMBOL FOR NULL}"


def storable(text: str) -> str:
    """The text with a sign for each NUL, and a question mark for each byte that belonged to no character."""
    return text.replace("\x00", _SIGN).encode(errors="replace").decode()


def storable_document(document: Any) -> Any:
    """The same for every text in what is to be stored as JSON, names of fields too."""
    if isinstance(document, str):
        return storable(document)
    if isinstance(document, dict):
        return {storable_document(name): storable_document(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [storable_document(item) for item in document]
    return document
