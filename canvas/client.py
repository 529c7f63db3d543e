"""Canvas's REST API as far as Easel uses it: one method per endpoint.

Every method raises CanvasError (see `canvas.errors`). Paths and rights: `sis_imports_api_controller.rb`,
`sis_import_errors_api_controller.rb`, `terms_api_controller.rb`, `role_overrides_controller.rb`,
`progress_controller.rb`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests

from canvas import paging
from canvas.errors import Unreadable
from canvas.fields import JsonObject
from canvas.multipart import MultipartBody
from canvas.outcomes import OutcomeEndpoints
from canvas.records import Account, CanvasUser, Progress, Role, SisImport, SisImportError, Term
from canvas.retry import RetryPolicy
from canvas.transport import Timeouts, Transport

LARGEST_PAGE = 100  # Canvas gives no more per page, whatever is asked

Option = str | int | bool | None


class CanvasClient:
    """One Canvas account as seen with one token. Not for use by several threads at once; usable in `with`.

    account: id of the root account, or any form that Canvas takes, such as `self` or `sis_account_id:main`.
    timeout: seconds to connect, and between two bytes of an answer; upload_timeout: the latter after an upload, which
    Canvas stores before it answers. insecure_hosts: hosts that may be spoken to over http and on private addresses.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        account: str = "self",
        timeout: tuple[float, float] = (5.0, 30.0),
        upload_timeout: float = 300.0,
        insecure_hosts: Iterable[str] = (),
        retry: RetryPolicy | None = None,
        session: requests.Session | None = None,
    ) -> None:
        """Raises NotAuthenticated for a token that cannot be one."""
        self._transport = Transport(
            base_url,
            token,
            timeouts=Timeouts(connect=timeout[0], read=timeout[1], read_after_upload=upload_timeout),
            insecure_hosts=insecure_hosts,
            retry=retry,
            session=session,
        )
        self._account = f"/api/v1/accounts/{quote(account, safe=':')}"
        self.outcomes = OutcomeEndpoints(self._transport, account)

    def __repr__(self) -> str:
        return f"<CanvasClient {self._transport.base_url}{self._account}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    @property
    def last_rate_limit(self) -> float | None:
        """What Canvas last said remains of the token's share; None before the first answer."""
        return self._transport.last_rate_limit

    @property
    def requests_sent(self) -> int:
        """How many requests this client has made, repeated ones among them."""
        return self._transport.requests_sent

    # The account and the token

    def account(self) -> Account:
        return Account.from_json(self._get(self._account))

    def permissions(self, names: Iterable[str]) -> dict[str, bool]:
        """Which of the named rights (such as import_sis, manage_sis) the token's owner has on the account."""
        document = self._get(f"{self._account}/permissions", [("permissions[]", name) for name in names])
        if not isinstance(document, dict):
            raise Unreadable("Canvas's answer has no readable permissions.")
        return {name: held is True for name, held in document.items()}

    def current_user(self) -> CanvasUser:
        """The token's owner."""
        return CanvasUser.from_json(self._get("/api/v1/users/self"))

    def terms(self, *, states: Iterable[str] = ("active",)) -> Iterator[Term]:
        """The account's terms, latest start first. states: active, deleted or all."""
        params = [("workflow_state[]", state) for state in states]
        return map(Term.from_json, self._list(f"{self._account}/terms", params, key="enrollment_terms"))

    def roles(self, *, states: Iterable[str] = ("active",)) -> Iterator[Role]:
        """The roles of the root account, Canvas's own among them. states: active, inactive.

        Needs the right manage_role_overrides. Roles that a sub-account made for itself are not among them.
        """
        params = [("state[]", state) for state in states]
        return map(Role.from_json, self._list(f"{self._account}/roles", params, key="roles"))

    # SIS imports

    def sis_imports(
        self,
        *,
        created_since: datetime | None = None,
        created_before: datetime | None = None,
        states: Iterable[str] = (),
        per_page: int = LARGEST_PAGE,
    ) -> Iterator[SisImport]:
        """The account's imports, newest first, fetched page by page as they are asked for.

        Both times are exclusive and must be aware of their zone.
        """
        params = [("workflow_state[]", state) for state in states]
        for name, moment in (("created_since", created_since), ("created_before", created_before)):
            if moment is not None:
                params.append((name, moment.isoformat()))
        path = f"{self._account}/sis_imports"
        return map(SisImport.from_json, self._list(path, params, key="sis_imports", per_page=per_page))

    def sis_import(self, sis_import_id: int) -> SisImport:
        """NotFound when it is not of this account."""
        return SisImport.from_json(self._get(self._import_path(sis_import_id)))

    def create_sis_import(
        self,
        path: Path,
        *,
        filename: str,
        options: Mapping[str, Option],
        on_progress: Callable[[int, int], None] | None = None,
    ) -> SisImport:
        """Uploads a .csv or .zip and queues it. The answer's state is `created`.

        options: parameters of the endpoint. False, None and empty ones are left out, because Canvas takes the presence
        of some for consent. on_progress: called with (bytes sent, bytes in all). Raises OSError for the file.
        """
        with MultipartBody(path, filename=filename, fields=_form(options), on_progress=on_progress) as body:
            answer = self._transport.send("POST", f"{self._account}/sis_imports", body=body)
        return SisImport.from_json(answer.document)

    def abort_sis_import(self, sis_import_id: int) -> SisImport:
        """NotFound also when the import has ended. Rows already applied stay applied."""
        return SisImport.from_json(self._put(f"{self._import_path(sis_import_id)}/abort"))

    def abort_all_pending(self) -> None:
        """Aborts what waits (initializing, created), not what runs."""
        self._put(f"{self._account}/sis_imports/abort_all_pending")

    def restore_states(
        self,
        sis_import_id: int,
        *,
        batch_mode: bool = False,
        undelete_only: bool = False,
        unconclude_only: bool = False,
    ) -> Progress:
        """Takes back the changes of state that an import made, or only some of them. Follow it with `progress`."""
        options = {"batch_mode": batch_mode, "undelete_only": undelete_only, "unconclude_only": unconclude_only}
        return Progress.from_json(self._put(f"{self._import_path(sis_import_id)}/restore_states", options))

    def sis_import_errors(
        self, sis_import_id: int, *, failures_only: bool = False, per_page: int = LARGEST_PAGE
    ) -> Iterator[SisImportError]:
        """All warnings and errors of one import, newest first. failures_only: those that made it fail."""
        params = [("failure", "true")] if failures_only else []
        path = f"{self._import_path(sis_import_id)}/errors"
        return map(SisImportError.from_json, self._list(path, params, key="sis_import_errors", per_page=per_page))

    # Jobs

    def progress(self, progress_id: int) -> Progress:
        return Progress.from_json(self._get(f"/api/v1/progress/{progress_id}"))

    def _import_path(self, sis_import_id: int) -> str:
        return f"{self._account}/sis_imports/{sis_import_id}"

    def _get(self, path: str, params: Iterable[tuple[str, str | int]] = ()) -> Any:
        return self._transport.get(path, params).document

    def _put(self, path: str, options: Mapping[str, Option] | None = None) -> Any:
        return self._transport.send("PUT", path, fields=_form(options or {})).document

    def _list(
        self, path: str, params: list[tuple[str, str]], *, key: str, per_page: int = LARGEST_PAGE
    ) -> Iterator[JsonObject]:
        return paging.items(self._transport, path, [*params, ("per_page", per_page)], key=key)


def _form(options: Mapping[str, Option]) -> dict[str, str]:
    """Options as form fields, without those that say no."""
    return {
        name: "true" if value is True else str(value)
        for name, value in options.items()
        if value is not None and value is not False and value != ""
    }
