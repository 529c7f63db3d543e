"""The options of an import: read from the parameters of a POST by Canvas's rules, echoed in every answer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.ruby import truth

Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. None: never given, or given in a combination that Canvas ignores."""

    batch_mode: bool | None = None
    batch_mode_term_id: int | None = None
    multi_term_batch_mode: bool | None = None
    override_sis_stickiness: bool | None = None
    add_sis_stickiness: bool | None = None
    clear_sis_stickiness: bool | None = None
    update_sis_id_if_login_claimed: bool = False
    skip_deletes: bool = False
    diffing_data_set_identifier: str | None = None
    diffing_remaster: bool | None = None
    diffing_drop_status: str | None = None
    diffing_user_remove_status: str | None = None
    batch_mode_enrollment_drop_status: str | None = None
    change_threshold: int | None = None
    diff_row_count_threshold: int | None = None

    def echo(self) -> dict[str, Any]:
        """The options as the API shows them: all but one."""
        shown = asdict(self)
        del shown["batch_mode_enrollment_drop_status"]
        return shown


def text(params: Params, name: str) -> str | None:
    """The parameter, the last one where it was sent twice; None where absent or blank."""
    values = params.get(name)
    return (values[-1].strip() or None) if values else None


def flag(params: Params, name: str) -> bool:
    return truth(text(params, name))
