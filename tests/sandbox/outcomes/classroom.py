"""A course with students, outcomes and results that a test lays out one by one, and a server in front of it."""

from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.outcomes.contexts import Context
from sandbox.outcomes.rows import insert
from tests.sandbox.outcomes.desk import Desk

TOKEN = "practice-outcomes"


@dataclass
class Classroom:
    """`get` and its like answer with the JSON of the API; students are named as in conftest."""

    desk: Desk
    url: str
    course: Context
    _alignments: dict[tuple[str, str], int] = field(default_factory=dict)

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {TOKEN}", **options.pop("headers", {})}
        return requests.request(
            method, f"{self.url}{path}", headers=headers, timeout=30, allow_redirects=False, **options
        )

    def get(self, what: str, **params: Any) -> Any:
        """The JSON of something in the course, as `outcome_rollups`."""
        answer = self.request("GET", f"/api/v1/courses/{self.course.id}/{what}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, what: str, **params: Any) -> tuple[int, Any]:
        """Status and body of a refusal."""
        answer = self.request("GET", f"/api/v1/courses/{self.course.id}/{what}", params=params)
        return answer.status_code, answer.json()

    def user(self, sis_id: str) -> int:
        rows = self.desk.site.db().execute("SELECT user_id FROM pseudonyms WHERE sis_user_id = ?", (sis_id,))
        return int(rows.fetchone()["user_id"])

    def section(self, sis_id: str) -> int:
        rows = self.desk.site.db().execute("SELECT id FROM course_sections WHERE sis_source_id = ?", (sis_id,))
        return int(rows.fetchone()["id"])

    def outcome(self, guid: str) -> int:
        return int(self.desk.outcome(guid)["id"])

    def result(self, sis_id: str, guid: str, score: float | None, work: str = "Essay", **columns: Any) -> int:
        """A result of a piece of work, which is made and aligned when it is first named."""
        made = {
            "title": f"{sis_id.title()} Student, {work}",
            "possible": 4.0,
            "submitted_at": "2026-01-05T10:00:00.000000Z",
            "workflow_state": "active",
        }
        return insert(
            self.desk.site.db(),
            "learning_outcome_results",
            course_id=self.course.id,
            user_id=self.user(sis_id),
            learning_outcome_id=self.outcome(guid),
            alignment_id=self.alignment(guid, work),
            assignment_id=self._alignments[work, ""],
            score=score,
            **(made | columns),
        )

    def alignment(self, guid: str, work: str) -> int:
        """The id of the alignment between an outcome and an assignment."""
        db = self.desk.site.db()
        if (work, "") not in self._alignments:
            self._alignments[work, ""] = insert(
                db,
                "assignments",
                course_id=self.course.id,
                title=work,
                submission_types="online_upload",
                workflow_state="published",
            )
        if (work, guid) not in self._alignments:
            assignment_id = self._alignments[work, ""]
            self._alignments[work, guid] = insert(
                db,
                "outcome_alignments",
                learning_outcome_id=self.outcome(guid),
                course_id=self.course.id,
                content_type="Assignment",
                content_id=assignment_id,
                assignment_id=assignment_id,
                title=work,
                workflow_state="active",
            )
        return self._alignments[work, guid]

    def rows(self, **params: Any) -> list[tuple[int, int]]:
        """Student and section of each rollup, as numbers, in the order of the answer."""
        rollups = self.get("outcome_rollups", **params)["rollups"]
        return [(int(one["links"]["user"]), int(one["links"]["section"])) for one in rollups]

    def names(self, **params: Any) -> list[str]:
        """Who the rollups are of, each student once, by SIS id."""
        known = {self.user(sis_id): sis_id for sis_id in ("ann", "bea", "cy", "dot", "eve")}
        return list(dict.fromkeys(known[user] for user, _ in self.rows(**params)))

    def score(self, sis_id: str, guid: str, **params: Any) -> dict[str, Any] | None:
        """A student's rollup score of an outcome; None where there is none."""
        wanted = {"user_ids[]": self.user(sis_id), "sort_by": "student", **params}
        scores = self.get("outcome_rollups", **wanted)["rollups"][0]["scores"]
        return next((one for one in scores if one["links"]["outcome"] == str(self.outcome(guid))), None)
