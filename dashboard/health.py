"""Is the installation well? Asked by load balancers, container health checks, and the front page."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from imports.models import Heartbeat

# The scheduler ticks every two seconds.
_ALIVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Health:
    """`worker` is alive, silent (no tick worked off lately) or unknown."""

    database: str
    worker: str
    worker_seen: str | None

    @property
    def is_well(self) -> bool:
        """Pages can be served. A silent worker delays imports but no page."""
        return self.database == "ok"

    def as_json(self) -> dict[str, str | None]:
        return asdict(self)


def look() -> Health:
    try:
        beat = Heartbeat.objects.filter(name="tick").first()
    except DatabaseError:
        return Health("unreachable", "unknown", None)
    if beat is None:
        return Health("ok", "silent", None)
    alive = beat.at > timezone.now() - _ALIVE
    return Health("ok", "alive" if alive else "silent", beat.at.isoformat(timespec="seconds"))
