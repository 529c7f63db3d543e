"""Courses and sections as Canvas lists them, as typed records; the manner is that of `canvas.records`."""

from dataclasses import dataclass
from typing import Any, Self

from canvas.fields import Fields


@dataclass(frozen=True, slots=True)
class Course:
    """A course. `sis_course_id` is None where there is none or the token may not see it."""

    id: int
    name: str
    course_code: str
    account_id: int | None
    enrollment_term_id: int | None
    sis_course_id: str | None
    workflow_state: str

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="course")
        return cls(
            id=fields.needed_integer("id"),
            name=fields.text("name") or "",
            course_code=fields.text("course_code") or "",
            account_id=fields.integer("account_id"),
            enrollment_term_id=fields.integer("enrollment_term_id"),
            sis_course_id=fields.text("sis_course_id"),
            workflow_state=fields.text("workflow_state") or "",
        )


@dataclass(frozen=True, slots=True)
class Section:
    id: int
    name: str
    sis_section_id: str | None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        fields = Fields(document, what="section")
        return cls(
            id=fields.needed_integer("id"),
            name=fields.text("name") or "",
            sis_section_id=fields.text("sis_section_id"),
        )
