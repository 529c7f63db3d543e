"""Who may do what on one Canvas account: roles, and the rights each role carries. The only place that says so."""

from django.db import models


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    DESIGNER = "designer", "Designer"
    REGISTRAR = "registrar", "Registrar"
    ADMIN = "admin", "Admin"


class Right(models.TextChoices):
    """Something a person may do on one Canvas account."""

    VIEW = "view", "see imports and their counts"
    OUTCOMES = "outcomes", "import and read outcomes"
    READ_MESSAGES = "read_messages", "read messages and files, which hold student data"
    LAUNCH = "launch", "upload files and launch imports"
    ABORT = "abort", "abort imports"
    RESTORE = "restore", "restore what an import changed"
    APPROVE = "approve", "approve held launches"
    MANAGE = "manage", "manage the Canvas account, its token and its people"
    AUDIT = "audit", "read the audit log"


_VIEWER = frozenset({Right.VIEW})
_DESIGNER = _VIEWER | {Right.OUTCOMES}
_REGISTRAR = _VIEWER | {Right.READ_MESSAGES, Right.LAUNCH, Right.ABORT}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: _VIEWER,
    Role.DESIGNER: _DESIGNER,
    Role.REGISTRAR: _REGISTRAR,
    Role.ADMIN: frozenset(Right),
}


def roles_with(right: Right) -> list[Role]:
    return [role for role, rights in RIGHTS.items() if right in rights]
