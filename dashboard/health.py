"""Is the installation well? Asked by load balancers, container health checks, and the front page."""

from dataclasses import asdict, dataclass

from django.db import DatabaseError

from imports.selectors.workers import worker_is_alive


@dataclass(frozen=True, slots=True)
class Health:
    """`database` is ok or unreachable; `worker` is alive, silent (no tick worked off lately) or unknown."""

    database: str
    worker: str

    @property
    def is_well(self) -> bool:
        """Pages can be served. A silent worker delays imports but no page."""
        return self.database == "ok"

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def look() -> Health:
    try:
        return Health("ok", "alive" if worker_is_alive() else "silent")
    except DatabaseError:
        return Health("unreachable", "unknown")
