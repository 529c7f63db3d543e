"""One request: its address, its parameters, its body."""

import json
import secrets
from collections.abc import Mapping
from email.message import Message
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.http.bodies import BadBody, Body
from sandbox.http.multipart import Form, UploadedFile, read_multipart
from sandbox.ruby import truth

Params = Mapping[str, list[str]]

_LARGEST_SMALL_BODY = 1 << 20
_PIECE = 1 << 20


class Request:
    """A request as endpoints see it.

    `path` is without query and without the `.json` that Canvas accepts at its end; `base` is the scheme and host under
    which the client reached us. Files that nobody claimed are removed by `discard`.
    """

    def __init__(self, method: str, target: str, headers: Message, body: Body, *, base: str, incoming: Path) -> None:
        self.method = method
        self.headers = headers
        self.body = body
        self.base = base
        self._incoming = incoming
        self._raw_file: Path | None = None
        address = urlsplit(target)
        self.path = address.path.removesuffix(".json")
        self.query: Params = parse_qs(address.query, keep_blank_values=True)

    @property
    def segments(self) -> list[str]:
        return [unquote(segment) for segment in self.path.split("/")[1:]]

    @property
    def content_type(self) -> str:
        return str(self.headers.get("Content-Type", ""))

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def wants_string_ids(self) -> bool:
        return "application/json+canvas-string-ids" in self.headers.get("Accept", "")

    @cached_property
    def form(self) -> Form:
        """The form in the body: multipart, urlencoded or JSON; empty for any other body.

        Raises BadBody, BodyCut.
        """
        if self.media_type == "multipart/form-data":
            return read_multipart(self.body, self.content_type, self._incoming)
        if self.media_type == "application/x-www-form-urlencoded":
            return Form(parse_qs(self.small_body.decode("utf-8", "replace"), keep_blank_values=True))
        if self.media_type == "application/json":
            return Form(_flattened(self.json_object()))
        return Form()

    @cached_property
    def params(self) -> Params:
        """Fields of the form and of the query; where both have a name, the query wins (so does Rails)."""
        return {**self.form.fields, **self.query}

    def param(self, name: str) -> str | None:
        """The last value given for `name`."""
        values = self.params.get(name)
        return values[-1] if values else None

    def flag(self, name: str) -> bool:
        """A parameter that is a boolean; absent is false."""
        return truth(self.param(name))

    @cached_property
    def small_body(self) -> bytes:
        """The body if it announces at most 1 MiB; a larger one stays unread and counts as empty here."""
        if self.body.length is None or self.body.length > _LARGEST_SMALL_BODY:
            return b""
        return self.body.read(self.body.length)

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object, whatever its content type; an empty body is an empty object. Raises BadBody."""
        if not self.small_body.strip():
            return {}
        try:
            value = json.loads(self.small_body)
        except (ValueError, RecursionError) as problem:
            raise BadBody("The body is not JSON") from problem
        if not isinstance(value, dict):
            raise BadBody("The body is not a JSON object")
        return value

    def raw_file(self) -> Path:
        """The body itself, written to a file that belongs to the caller once `claim` was called."""
        start = self.small_body
        self._raw_file = self._incoming / secrets.token_hex(16)
        piece = memoryview(bytearray(_PIECE))
        with self._raw_file.open("wb") as file:
            file.write(start)
            while count := self.body.readinto(piece):
                file.write(piece[:count])
        return self._raw_file

    def claim(self, path: Path) -> Path:
        """Take a file away from the request, which then no longer removes it."""
        if path == self._raw_file:
            self._raw_file = None
        for name, upload in list(self.form.files.items()):
            if upload.path == path:
                del self.form.files[name]
        return path

    def finish(self) -> None:
        """Read what is left of the body, as the web server in front of Canvas does, unless the client withholds it.

        Raises BadBody, BodyCut.
        """
        if not self.body.withheld:
            self.body.drain()

    def discard(self) -> None:
        """Remove the files that nobody claimed."""
        form = self.__dict__.get("form")
        uploads: list[UploadedFile] = list(form.files.values()) if form else []
        for path in [upload.path for upload in uploads] + ([self._raw_file] if self._raw_file else []):
            path.unlink(missing_ok=True)


def _flattened(value: Mapping[str, object], outer: str = "") -> dict[str, list[str]]:
    """JSON in the shape of form fields: `{"a": {"b": [1]}}` is `a[b][]=1`; null counts as absent."""
    fields: dict[str, list[str]] = {}
    for key, item in value.items():
        name = f"{outer}[{key}]" if outer else key
        if isinstance(item, dict):
            fields.update(_flattened(item, name))
        elif isinstance(item, list):
            fields[f"{name}[]"] = [_as_text(element) for element in item]
        elif item is not None:
            fields[name] = [_as_text(item)]
    return fields


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
