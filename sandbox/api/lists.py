"""Parameters that hold lists: `x[]=a&x[]=b`, `x=a,b`, or, as Canvas's own pages send them, `x[]=a,b`."""

from sandbox.http.requests import Request


def listed(request: Request, name: str) -> list[str]:
    """The values of a list parameter; empty where it is absent."""
    sent = request.params.get(f"{name}[]", request.params.get(name, []))
    return [value.strip() for text in sent for value in text.split(",") if value.strip()]


def given(request: Request, name: str) -> bool:
    """Whether the parameter was sent in either form."""
    return name in request.params or f"{name}[]" in request.params
