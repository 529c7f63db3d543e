"""Writing the audit log."""

from collections.abc import Mapping

from accounts.models import AuditLine, CanvasAccount, User

OURSELVES = "Easel"


def record(
    *,
    verb: str,
    subject: str,
    actor: User | None,
    canvas_account: CanvasAccount | None = None,
    subject_key: str = "",
    actor_name: str = "",
    detail: Mapping[str, object] | None = None,
) -> AuditLine:
    """One line: who does what to what. Call it before the deed, inside the transaction that claims it.

    `verb` is a word or words joined by underscores, such as `replace_token`; `detail` must be fit for JSON and never
    holds a secret. Without an actor the line names `actor_name`, else the program itself.
    """
    return AuditLine.objects.create(
        verb=verb,
        subject=subject[:200],
        actor=actor,
        actor_name=(str(actor) if actor else actor_name or OURSELVES)[:150],
        canvas_account=canvas_account,
        subject_key=subject_key,
        detail=dict(detail or {}),
    )
