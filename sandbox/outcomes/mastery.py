"""How the students of a course spread over ratings, and the scores that went into rollups."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.outcomes.alignments import ASSIGNMENT, BANK, Alignment
from sandbox.outcomes.linked import rating_place

Json = dict[str, Any]

# Canvas writes this one colour with its sign.
FALLBACK_COLOUR = "#666666"


def alignment_key(alignment: Alignment) -> str:
    """`D_` for what is aligned itself, `I_` for an assignment whose quiz draws from an aligned question bank."""
    return f"{'I' if alignment.content_type == BANK else 'D'}_{alignment.id}"


def shown_alignments(
    alignments: Iterable[Alignment], outcome_ids: Iterable[int], *, only_assignments: bool, unpublished: bool
) -> list[Alignment]:
    """Those of the outcomes, without what the parameters leave out."""
    wanted = set(outcome_ids)
    return [
        one
        for one in alignments
        if one.outcome_id in wanted
        and (one.assignment_id is None or one.published or unpublished)
        and (one.content_type in {ASSIGNMENT, BANK} or not only_assignments)
    ]


def alignment_json(alignment: Alignment, base: str) -> Json:
    """An alignment of the contributing scores; banks are shown as the assignment that draws from them."""
    indirect = alignment.content_type == BANK and alignment.assignment_id is not None
    url = f"{base}/courses/{alignment.course_id}/assignments/{alignment.assignment_id}"
    return {
        "alignment_id": alignment_key(alignment),
        "associated_asset_id": str(alignment.assignment_id if indirect else alignment.content_id),
        "associated_asset_name": alignment.title,
        "associated_asset_type": ASSIGNMENT if indirect else alignment.content_type,
        "html_url": url if indirect else alignment.html_url(base),
    }


def distribution(ratings: Sequence[Json], scores: Mapping[int, float]) -> Json:
    """Ratings with the students in each. Who is below the lowest is counted in the total alone."""
    places = {user_id: rating_place(ratings, score) for user_id, score in sorted(scores.items())}
    shown = []
    for number, rating in enumerate(ratings):
        students = [str(user_id) for user_id, place in places.items() if place == number]
        names = {
            "description": rating["description"],
            "points": rating["points"],
            "color": rating.get("color") or FALLBACK_COLOUR,
        }
        shown.append({**names, "count": len(students), "student_ids": students})
    return {"ratings": shown, "total_students": len(scores)}
