"""Does an outcome import need a second look? Pure: figures of a preview in, sentences out.

Limits on SIS imports do not hold for outcomes. Held are imports that retire what students were assessed by, or a
large share of all outcomes of the place at once.
"""

from collections.abc import Mapping
from typing import Any

MOST_PERCENT = 10
FLOOR = 5


def over(figures: Mapping[str, Any]) -> list[str]:
    """One sentence for each reason to hold the launch."""
    if "refused" in figures:
        return []  # Canvas will change nothing
    told = []
    if assessed := figures["retired_assessed"]:
        told.append(f"It retires {assessed:,} outcome{'' if assessed == 1 else 's'} that students have results for.")
    retired, before = figures["counts"]["retired"]["outcome"], figures["outcomes_before"]
    if retired >= FLOOR and 100 * retired > MOST_PERCENT * before:
        told.append(f"It retires {retired:,} of {before:,} outcomes; the limit is {MOST_PERCENT} %.")
    return told
