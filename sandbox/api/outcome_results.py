"""Results, rollups, and the order of outcomes in the gradebook."""

import json
from collections.abc import Iterable
from typing import Any

from sandbox.api.contexts import the_course
from sandbox.api.outcome_filters import Filters, bad, forbidden, read_filters
from sandbox.api.viewers import the_viewer
from sandbox.http.answers import Answer, Stop, messages
from sandbox.http.calls import Call
from sandbox.http.paging import Page as AskedPage
from sandbox.http.paging import asked_page, counted_link, page_urls
from sandbox.outcomes import flags, results
from sandbox.outcomes.alignments import of_course
from sandbox.outcomes.course import Linked, keep_order, linked_outcomes
from sandbox.outcomes.gradebook import Gradebook, Page
from sandbox.outcomes.linked import LinkedSection, Subject
from sandbox.outcomes.results import Wanted, outcomes_with_results
from sandbox.outcomes.rollups import Score, aggregate, rollup_json

Json = dict[str, Any]


def index(call: Call) -> Answer:
    """`GET outcome_results`: single results, paged."""
    filters = read_filters(call, rollups=False)
    question, page = filters.question, asked_page(call.request)
    wanted = Wanted(
        question.course,
        [outcome.id for outcome in question.outcomes],
        [student.id for student in question.students],
        unposted=question.sees_unposted,
        hidden=call.request.flag("include_hidden"),
    )
    rows, total = results.listed(call.site.db(), wanted, page.offset, page.size)
    answer: Json = {"outcome_results": [results.as_json(row) for row in rows]}
    used = {row["user_id"] for row in rows}
    users = [student for student in question.students if student.id in used]
    answer |= _linked(call, filters, users=users, alignment_ids=frozenset(row["alignment_id"] for row in rows))
    return call.json(answer, counted_link(call.request, page, total))


def rollups(call: Call) -> Answer:
    filters = read_filters(call, rollups=True)
    db = call.site.db()
    gradebook = Gradebook(db, filters.question, leak=flags.is_on(db, "unsorted_rollups_leak"))
    if filters.aggregate:
        scores = gradebook.scores()
        together = aggregate(filters.question.course, scores, filters.stat)
        return call.json({"rollups": [together], **_linked(call, filters, used=scores.values())})
    asked = asked_page(call.request)
    page = gradebook.page(asked.offset, asked.size)
    answer: Json = {"rollups": _rollups(call, filters, page)}
    percents = _percent_scores(gradebook) if call.request.param("rating_percents") == "true" else None
    answer |= _linked(call, filters, users=page.users, used=(scores for _, scores in page.rows), scores=percents)
    answer["meta"] = {"pagination": _pagination(call, asked, page.total)}
    return call.json(answer, counted_link(call.request, asked, page.total))


def assign_outcome_order(call: Call) -> Answer:
    """The body is a bare JSON list of `{outcome_id, position}`."""
    course = the_course(call)
    viewer = the_viewer(call, course)
    if not viewer.sees_all_grades:
        raise forbidden("users not specified and no access to all grades")
    try:
        positions = {entry["outcome_id"]: int(entry["position"]) for entry in _entries(call)}
    except (ValueError, TypeError, KeyError) as broken:
        raise Stop(messages(400, "The body is not a list of outcomes and positions")) from broken
    if not positions.keys() <= {one.outcome.id for one in linked_outcomes(call.site.db(), course)}:
        raise bad("Outcomes do not belong to Course")
    keep_order(call.site.db(), course, viewer.user_id, positions)
    return Answer(204)


def _entries(call: Call) -> list[Any]:
    """Raises ValueError."""
    entries = json.loads(call.request.small_body)
    if not isinstance(entries, list):
        raise ValueError("not a list")  # noqa: TRY004 - as for a body that is no JSON at all
    return entries


def _rollups(call: Call, filters: Filters, page: Page) -> list[Json]:
    shown = [one for student, scores in page.rows for one in rollup_json(student, scores, filters.question.section_id)]
    old = flags.is_on(call.site.db(), "contributing_scores_in_rollups")
    if old and call.request.param("contributing_scores") == "true":
        _add_contributing_scores(call, filters, page, shown)
    return shown


def _add_contributing_scores(call: Call, filters: Filters, page: Page, shown: list[Json]) -> None:
    """As older versions of Canvas did."""
    things = {found.id: found for found in of_course(call.site.db(), filters.question.course)}
    by_place = {
        (str(student.id), str(score.outcome_id)): [
            {
                "association_id": things[alignment_id].content_id,
                "association_type": things[alignment_id].content_type,
                "title": title,
                "score": raw,
            }
            for alignment_id, title, raw in score.contributing
        ]
        for student, scores in page.rows
        for score in scores
    }
    for rollup in shown:
        for score in rollup["scores"]:
            score["links"]["contributing_scores"] = by_place[rollup["links"]["user"], score["links"]["outcome"]]


def _percent_scores(gradebook: Gradebook) -> dict[int, list[float]]:
    """The scores of all students by outcome."""
    found: dict[int, list[float]] = {}
    for scores in gradebook.scores().values():
        for score in scores:
            if score.score is not None:
                found.setdefault(score.outcome_id, []).append(score.score)
    return found


def _linked(
    call: Call,
    filters: Filters,
    *,
    used: Iterable[Iterable[Score]] = (),
    alignment_ids: frozenset[int] | None = None,
    **subject: Any,
) -> Json:
    """The `linked` section, absent where nothing is included; `used` are the scores that the answer shows."""
    if not filters.includes:
        return {}
    if alignment_ids is None:
        alignment_ids = frozenset(one[0] for scores in used for score in scores for one in score.contributing)
    about = Subject(
        filters.question.course,
        call.request.base,
        shown_outcomes(call, filters),
        alignment_ids=alignment_ids,
        add_defaults=call.request.param("add_defaults") == "true",
        **subject,
    )
    return {"linked": LinkedSection(call.site.db(), about)(filters.includes)}


def shown_outcomes(call: Call, filters: Filters) -> list[Linked]:
    """Outcomes in their order, without those that nobody has a result for where that was asked."""
    linked = list(filters.question.linked)
    if "missing_outcome_results" not in filters.excludes:
        return linked
    wanted = Wanted(filters.question.course, [outcome.id for outcome in filters.question.outcomes])
    scored = outcomes_with_results(call.site.db(), wanted)
    return [one for one in linked if one.outcome.id in scored]


def _pagination(call: Call, asked: AskedPage, total: int) -> Json:
    template, urls = page_urls(call.request, asked, total)
    counts = {"per_page": asked.size, "page": asked.number, "count": total}
    return {**counts, "page_count": max(1, -(-total // asked.size)), "template": template, **urls}
