"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo, available_timezones

NAMES = frozenset(available_timezones())

# What is offered: places, not the old abbreviations.
OFFERED = ["UTC", *sorted(name for name in NAMES if "/" in name and not name.startswith("Etc/"))]


def zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC for no name or an unknown one."""
    return ZoneInfo(name if name in NAMES else "UTC")
