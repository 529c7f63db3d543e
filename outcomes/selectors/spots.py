"""Accounts and courses as the places whose trees are shown."""

from dataclasses import dataclass

from accounts.models import CanvasAccount
from imports.models import Course, SubAccount
from imports.selectors import places
from outcomes.models.trees import ROOT, Tree


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: `key` as trees are kept by, such as account-12; `path` as Canvas's pages are found by, may be empty."""

    key: str
    name: str
    kind: str
    path: str = ""

    @property
    def context(self) -> str:
        """As imports and exports of outcomes name it: account:self, account:12 or course:7."""
        return "account:self" if self.key == ROOT else self.key.replace("-", ":")

    @property
    def course_id(self) -> int | None:
        """Canvas's number, where it is a course."""
        return int(self.key.partition("-")[2]) if self.kind == "Course" else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to choose. `note` tells those of one name apart; `indent` are spaces by depth."""

    key: str
    name: str
    note: str
    indent: str
    is_read: bool


def account_choices(canvas_account: CanvasAccount) -> list[Choice]:
    """All accounts below the root, each followed by those below it."""
    read, listed = _read(canvas_account), places.departments(canvas_account)
    keys = {one.canvas_id: f"account-{one.canvas_id}" for one in listed}
    return [
        Choice(keys[one.canvas_id], one.name, "", "\u2003" * (one.depth + 1), keys[one.canvas_id] in read)
        for one in listed
    ]


def course_choices(canvas_account: CanvasAccount, words: str, *, most: int) -> tuple[list[Choice], bool]:
    """Courses that these words find, by name, and whether there are more; none without words."""
    if not words.strip():
        return [], False
    read, found = _read(canvas_account), places.courses(canvas_account, places.Wanted(text=words))[: most + 1]
    choices = [
        Choice(key, one.name, " ".join(filter(None, (one.course_code, one.sis_course_id))), "", key in read)
        for one in found
        for key in [f"course-{one.canvas_id}"]
    ]
    return choices[:most], len(choices) > most


def _read(canvas_account: CanvasAccount) -> set[str]:
    trees = Tree.objects.filter(canvas_account=canvas_account, read_at__isnull=False)
    return set(trees.values_list("place", flat=True))


def spot_of(canvas_account: CanvasAccount, key: str) -> Spot | None:
    """None where it is not known, or Canvas no longer lists it. The root's own number finds the root."""
    kind, _, number = key.partition("-")
    if key == ROOT:
        root = Tree.objects.filter(canvas_account=canvas_account, place=ROOT).first()
        path = f"accounts/{root.context_id}" if root and root.context_id else ""
        return Spot(ROOT, str(canvas_account), "Root account", path)
    if not (number.isdecimal() and len(number) <= 18):
        return None
    if (
        kind == "account"
        and Tree.objects.filter(canvas_account=canvas_account, place=ROOT, context_id=int(number)).exists()
    ):
        return spot_of(canvas_account, ROOT)
    if kind == "account":
        account = SubAccount.objects.filter(canvas_account=canvas_account, canvas_id=int(number)).first()
        return Spot(key, account.name, "Account", f"accounts/{number}") if account else None
    if kind != "course":
        return None
    course = Course.objects.filter(canvas_account=canvas_account, canvas_id=int(number)).first()
    return Spot(key, course.name, "Course", f"courses/{number}") if course else None


def spot_of_context(canvas_account: CanvasAccount, context_type: str, context_id: int | None) -> Spot | None:
    """Of a context as Canvas names it; None for a global one and for one that is not known."""
    if context_type == "Course":
        return spot_of(canvas_account, f"course-{context_id}")
    if context_type != "Account" or context_id is None:
        return None
    return spot_of(canvas_account, f"account-{context_id}")


def owner_in_words(canvas_account: CanvasAccount, context_type: str, context_id: int | None) -> str:
    """Whose an outcome is, also where we do not know the place."""
    spot = spot_of_context(canvas_account, context_type, context_id)
    if spot:
        return spot.name
    return f"{context_type} {context_id}" if context_type else "All of Canvas"
