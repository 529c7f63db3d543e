"""How long a worker waits before it asks Canvas again: after a failure, and so that others get their share."""

from canvas.client import CanvasClient

_LONGEST = 600.0
# Canvas gives about 700 to a token at rest, and takes no request at 0: this much is left to everybody else.
_HEADROOM = 200.0
_REFILL = 10.0  # a second


def after_failures(attempts: int) -> float:
    """Seconds, twice as many after each further attempt."""
    return min(_LONGEST, 5.0 * 2.0 ** min(attempts, 8))


def for_headroom(canvas: CanvasClient) -> float:
    """Seconds after which Canvas has the head-room again that is left to others; 0 where it has it now."""
    left = canvas.last_rate_limit
    return 0.0 if left is None or left >= _HEADROOM else (_HEADROOM - left) / _REFILL + 1.0
