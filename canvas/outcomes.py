"""Canvas's REST API about outcomes, courses and rollups: one method per endpoint, reached as `CanvasClient.outcomes`.

Every method raises CanvasError. Paths and rights: `outcome_imports_api_controller.rb`, `outcomes_api_controller.rb`,
`outcome_groups_api_controller.rb`, `outcome_results_controller.rb`. A context is an account or a course.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from canvas import paging
from canvas.errors import Unreadable
from canvas.fields import JsonObject, integer
from canvas.multipart import MultipartBody
from canvas.outcome_records import Outcome, OutcomeAlignment, OutcomeGroup, OutcomeImport, OutcomeLink
from canvas.place_records import Course, Section
from canvas.records import Account
from canvas.result_records import ContributingScores, Distribution, OutcomeResult, Rollup, RollupPage
from canvas.transport import Transport

LARGEST_PAGE = 100

Parameters = list[tuple[str, str | int]]


class Context:
    """An account or a course, as part of an address. Ids are numbers or forms that Canvas takes: `sis_course_id:B1`."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def account(cls, account_id: int | str) -> "Context":
        return cls(f"accounts/{quote(str(account_id), safe=':')}")

    @classmethod
    def course(cls, course_id: int | str) -> "Context":
        return cls(f"courses/{quote(str(course_id), safe=':')}")


class OutcomeEndpoints:
    """Speaks over the transport of a client. Not for use by several threads at once. `root` is the client's account."""

    def __init__(self, transport: Transport, account: str) -> None:
        self._transport = transport
        self.root = Context.account(account)

    # Imports

    def create_import(
        self,
        context: Context,
        path: Path,
        *,
        filename: str,
        group_id: int | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> OutcomeImport:
        """Uploads a CSV and queues it; rows without parents land in `group_id`, else in the root. Raises OSError."""
        address = self._at(context, "outcome_imports" + (f"/group/{group_id}" if group_id else ""))
        fields = {"import_type": "instructure_csv"}
        with MultipartBody(path, filename=filename, fields=fields, on_progress=on_progress) as body:
            return OutcomeImport.from_json(self._transport.send("POST", address, body=body).document)

    def read_import(self, context: Context, import_id: int | str) -> OutcomeImport:
        """NotFound when it is not of this context. `latest`: the one that began last."""
        return OutcomeImport.from_json(self._get(self._at(context, f"outcome_imports/{import_id}")))

    def created_group_ids(self, context: Context, import_id: int | str) -> list[int]:
        """Groups that the import created or changed. NotFound while it is under way, and when it failed."""
        listed = self._get(self._at(context, f"outcome_imports/{import_id}/created_group_ids"))
        if not isinstance(listed, list):
            raise Unreadable("Canvas's answer has no list of groups.")
        return [number for number in map(integer, listed) if number is not None]

    # The tree

    def groups(self, context: Context) -> Iterator[OutcomeGroup]:
        """All groups of the context, its root among them, by id."""
        return map(OutcomeGroup.from_json, self._list(self._at(context, "outcome_groups"), key="outcome groups"))

    def links(self, context: Context) -> Iterator[OutcomeLink]:
        """All links of the context, by id, with whole outcomes."""
        path = self._at(context, "outcome_group_links")
        return map(OutcomeLink.from_json, self._list(path, _LINK_STYLES, key="links"))

    def group_page(self, context: Context, number: int) -> tuple[list[JsonObject], bool]:
        """A page of `groups` as it came, for `OutcomeGroup.from_json`, and whether it is the last."""
        return self._page(self._at(context, "outcome_groups"), [], number, key="outcome groups")

    def link_page(self, context: Context, number: int) -> tuple[list[JsonObject], bool]:
        """A page of `links` as it came, for `OutcomeLink.from_json`, and whether it is the last."""
        return self._page(self._at(context, "outcome_group_links"), _LINK_STYLES, number, key="links")

    def outcome(self, outcome_id: int) -> Outcome:
        """With colours, and without ratings where account mastery scales are on."""
        return Outcome.from_json(self._get(f"/api/v1/outcomes/{outcome_id}", [("add_defaults", "true")]))

    def update_outcome(self, outcome_id: int, change: Mapping[str, Any]) -> Outcome:
        """Changes the fields given. `ratings`, a list of {description, points}, takes the place of all there are."""
        answer = self._transport.send("PUT", f"/api/v1/outcomes/{outcome_id}", document=dict(change))
        return Outcome.from_json(answer.document)

    def alignments(
        self, course_id: int, *, student_id: int | None = None, assignment_id: int | None = None
    ) -> list[OutcomeAlignment]:
        """What outcomes are aligned with, for a student, an assignment, or both; one of them is needed."""
        asked = {"student_id": student_id, "assignment_id": assignment_id}
        params: Parameters = [(name, value) for name, value in asked.items() if value is not None]
        listed = self._get(f"/api/v1/courses/{course_id}/outcome_alignments", params)
        if not isinstance(listed, list):
            raise Unreadable("Canvas's answer has no list of alignments.")
        return [OutcomeAlignment.from_json(item) for item in listed if isinstance(item, dict)]

    # Results and rollups of a course

    def results(self, course_id: int, *, outcome_ids: Iterable[int] = ()) -> Iterator[OutcomeResult]:
        """Every single result, by student, outcome and id; those hidden from the gradebook are left out."""
        params: Parameters = [("outcome_ids[]", outcome_id) for outcome_id in outcome_ids]
        path = f"/api/v1/courses/{course_id}/outcome_results"
        return map(OutcomeResult.from_json, self._list(path, params, key="outcome_results"))

    def rollup_page(self, course_id: int, page: int, *, with_outcomes: bool) -> RollupPage:
        """The rollups of 100 students by name. A page beyond the last is empty.

        Always sorted by student: without an order Canvas puts all students' rollups on every page.
        """
        includes = ["users"] + (["outcomes", "outcome_paths", "outcomes.alignments"] if with_outcomes else [])
        params: Parameters = [("sort_by", "student"), ("page", page), ("per_page", LARGEST_PAGE)]
        params += [("include[]", name) for name in includes]
        params += [("add_defaults", "true")] if with_outcomes else []
        return RollupPage.from_json(self._get(f"/api/v1/courses/{course_id}/outcome_rollups", params))

    def aggregate(self, course_id: int, *, stat: str = "mean", excluded: Sequence[str] = ()) -> Rollup:
        """The mean or median of all students, as Canvas computes it."""
        params: Parameters = [("aggregate", "course"), ("aggregate_stat", stat)]
        params += [("exclude[]", name) for name in excluded]
        document = self._get(f"/api/v1/courses/{course_id}/outcome_rollups", params, heavy=True)
        rollups = document.get("rollups") if isinstance(document, dict) else None
        if not isinstance(rollups, list) or len(rollups) != 1:
            raise Unreadable("Canvas's answer has no readable aggregate.")
        return Rollup.from_json(rollups[0])

    def contributing_scores(self, course_id: int, outcome_id: int) -> ContributingScores:
        """The results of all students behind one outcome's rollups; older sites answer NotFound."""
        return ContributingScores.from_json(
            self._get(f"/api/v1/courses/{course_id}/outcomes/{outcome_id}/contributing_scores")
        )

    def distribution(self, course_id: int) -> list[Distribution]:
        """How all students spread over the ratings; older sites answer NotFound."""
        document = self._get(f"/api/v1/courses/{course_id}/outcome_mastery_distribution", heavy=True)
        by_outcome = document.get("outcome_distributions") if isinstance(document, dict) else None
        if not isinstance(by_outcome, dict):
            raise Unreadable("Canvas's answer has no readable distribution.")
        return [Distribution.from_json(item) for item in by_outcome.values()]

    def assign_order(self, course_id: int, outcome_ids: Sequence[int]) -> None:
        """Saves the order of outcomes in the course, for the token's owner; the whole earlier order is replaced."""
        order = [{"outcome_id": outcome_id, "position": place} for place, outcome_id in enumerate(outcome_ids)]
        self._transport.send("POST", f"/api/v1/courses/{course_id}/assign_outcome_order", document=order)

    def change_gradebook_settings(self, course_id: int, change: Mapping[str, str]) -> JsonObject:
        """Changes settings of the token's owner for the course's gradebook, and gives all that are kept.

        Empty where that gradebook is switched off: Canvas then keeps nothing, and says so by an empty answer.
        """
        answer = self._transport.send(
            "PUT", f"/api/v1/courses/{course_id}/{_SETTINGS}", document={_SETTINGS: dict(change)}
        )
        kept = answer.document.get(_SETTINGS) if isinstance(answer.document, dict) else None
        return kept if isinstance(kept, dict) else {}

    # Places

    def course(self, course_id: int | str) -> Course:
        """By number, or by `sis_course_id:...`."""
        return Course.from_json(self._get(f"/api/v1/{Context.course(course_id).path}"))

    def courses(
        self, account: Context | None = None, *, term_id: int | None = None, search: str = ""
    ) -> Iterator[Course]:
        """Courses of an account, by default the root, and all below it, without deleted ones.

        `search` takes at least two characters.
        """
        params: Parameters = [("enrollment_term_id", term_id)] if term_id else []
        params += [("search_term", search)] if search else []
        return map(Course.from_json, self._list(self._at(account or self.root, "courses"), params, key="courses"))

    def sections(self, course_id: int) -> Iterator[Section]:
        return map(Section.from_json, self._list(f"/api/v1/courses/{course_id}/sections", key="sections"))

    def sub_accounts(self) -> Iterator[Account]:
        """All accounts below the root."""
        path = self._at(self.root, "sub_accounts")
        return map(Account.from_json, self._list(path, [("recursive", "true")], key="accounts"))

    def _at(self, context: Context, rest: str) -> str:
        return f"/api/v1/{context.path}/{rest}"

    def _get(self, path: str, params: Parameters | None = None, *, heavy: bool = False) -> Any:
        return self._transport.get(path, params or [], heavy=heavy).document

    def _list(self, path: str, params: Parameters | None = None, *, key: str) -> Iterator[JsonObject]:
        return paging.items(self._transport, path, [*(params or []), ("per_page", LARGEST_PAGE)], key=key)

    def _page(self, path: str, params: Parameters, number: int, *, key: str) -> tuple[list[JsonObject], bool]:
        sized: Parameters = [*params, ("per_page", LARGEST_PAGE)]
        return paging.one_page(self._transport, path, sized, number=number, key=key)


_LINK_STYLES: Parameters = [("outcome_style", "full"), ("outcome_group_style", "abbrev")]
_SETTINGS = "learning_mastery_gradebook_settings"
