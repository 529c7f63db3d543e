"""Which endpoint answers which address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.http.calls import Endpoint
from sandbox.http.requests import Request


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, in which `:name` stands for one segment."""

    method: str
    path: str
    endpoint: Endpoint


class Routes:
    """A table of routes; where several fit, the first does."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Endpoint]]] = {}
        for route in routes:
            segments = route.path.split("/")[1:]
            self._by_shape.setdefault((route.method, len(segments)), []).append((segments, route.endpoint))

    def find(self, request: Request) -> tuple[Endpoint, Mapping[str, str]] | None:
        """The endpoint and its named segments; HEAD is answered as GET."""
        method = "GET" if request.method == "HEAD" else request.method
        given = request.segments
        for segments, endpoint in self._by_shape.get((method, len(given)), []):
            if all(part.startswith(":") or part == value for part, value in zip(segments, given, strict=True)):
                return endpoint, {
                    part[1:]: value for part, value in zip(segments, given, strict=True) if part[0:1] == ":"
                }
        return None
