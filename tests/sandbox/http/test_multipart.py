"""Forms as clients send them, in one piece and in crumbs."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.http.bodies import BadBody, Body, BodyCut
from sandbox.http.multipart import Form, header_parameters, read_multipart

BOUNDARY = "----------------------4f1c"


class Crumbs(io.BufferedIOBase):
    """A stream that gives at most `size` bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._stream = io.BytesIO(content)
        self._size = size

    def readinto(self, target: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than the base class
        piece = self._stream.read(min(len(target), self._size))
        target[: len(piece)] = piece
        return len(piece)


def field(name: str, value: bytes) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"


def file(name: str, filename: str, content: bytes, content_type: str = "text/csv") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return f"{head}Content-Type: {content_type}\r\n\r\n".encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def read(content: bytes, folder: Path, *, crumbs: int = 1 << 20) -> Form:
    body = Body(Crumbs(content, crumbs), len(content))
    return read_multipart(body, f"multipart/form-data; boundary={BOUNDARY}", folder)


def test_a_file_part_lands_on_disk_byte_by_byte(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    upload = read(file("attachment", "all.zip", content, "application/zip") + END, tmp_path).files["attachment"]
    assert upload.path.read_bytes() == content
    assert (upload.filename, upload.content_type) == ("all.zip", "application/zip")


def test_fields_before_and_after_the_file_are_read(tmp_path: Path) -> None:
    form = read(
        field("batch_mode", b"1") + file("attachment", "a.csv", b"x") + field("extension", b"csv") + END, tmp_path
    )
    assert form.fields == {"batch_mode": ["1"], "extension": ["csv"]}


def test_a_field_given_twice_keeps_both_values(tmp_path: Path) -> None:
    form = read(field("workflow_state[]", b"created") + field("workflow_state[]", b"imported") + END, tmp_path)
    assert form.fields == {"workflow_state[]": ["created", "imported"]}


@given(content=st.binary(max_size=300), crumbs=st.integers(min_value=1, max_value=64))
def test_content_survives_however_it_is_cut_into_pieces(
    content: bytes, crumbs: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("incoming")
    form = read(file("attachment", "a.csv", content) + field("after", b"yes") + END, folder, crumbs=crumbs)
    assert form.files["attachment"].path.read_bytes() == content
    assert form.fields == {"after": ["yes"]}


@pytest.mark.parametrize(
    "lookalike", [b"\r\n--", b"\r\n--------------------", b"\r\n" * 50, BOUNDARY.encode(), b"--" + BOUNDARY.encode()]
)
def test_what_only_looks_like_a_boundary_is_content(lookalike: bytes, tmp_path: Path) -> None:
    content = b"x" + lookalike * 3 + b"y"
    form = read(file("attachment", "a.csv", content) + END, tmp_path, crumbs=7)
    assert form.files["attachment"].path.read_bytes() == content


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("users.csv", "users.csv"),
        ("C:\\data\\users.csv", "users.csv"),
        ("../up/users.csv", "users.csv"),
        ("é.csv", "é.csv"),
    ],
)
def test_a_file_name_is_kept_without_its_folders(sent: str, kept: str, tmp_path: Path) -> None:
    escaped = sent.replace("\\", "\\\\")
    assert read(file("attachment", escaped, b"x") + END, tmp_path).files["attachment"].filename == kept


def test_an_encoded_file_name_is_decoded() -> None:
    assert header_parameters("form-data; filename*=UTF-8''caf%C3%A9.csv")["filename"] == "café.csv"


def test_a_form_without_boundary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBody):
        read_multipart(Body(io.BytesIO(b"x"), 1), "multipart/form-data", tmp_path)


def test_a_form_that_ends_early_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(BadBody):
        read(file("attachment", "a.csv", b"x" * 5000), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_goes_away_leaves_no_file_behind(tmp_path: Path) -> None:
    content = file("attachment", "a.csv", b"x" * 5000)
    with pytest.raises(BodyCut):
        read_multipart(
            Body(io.BytesIO(content), len(content) + 1), f"multipart/form-data; boundary={BOUNDARY}", tmp_path
        )
    assert list(tmp_path.iterdir()) == []


def test_a_field_of_unreasonable_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBody) as refused:
        read(field("attachment", b"x" * (2 << 20)) + END, tmp_path)
    assert refused.value.status == 413
