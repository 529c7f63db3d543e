"""Is anybody at work?"""

from datetime import timedelta

from django.utils import timezone

from imports.models import Heartbeat

# The scheduler ticks every two seconds.
_ALIVE = timedelta(seconds=30)


def worker_is_alive() -> bool:
    """Whether a tick was worked off lately."""
    return Heartbeat.objects.filter(name="tick", at__gt=timezone.now() - _ALIVE).exists()
