"""Parameters that hold lists: `x[]=a&x[]=b`, or `x=a,b`."""

from sandbox.http.requests import Request


def listed(request: Request, name: str) -> list[str]:
    """The values of a list parameter; empty where it is absent."""
    values = request.params.get(f"{name}[]")
    if values is None:
        values = [part for text in request.params.get(name, []) for part in text.split(",")]
    return [value.strip() for value in values if value.strip()]


def given(request: Request, name: str) -> bool:
    """Whether the parameter was sent in either form."""
    return name in request.params or f"{name}[]" in request.params
