"""What people write as the address of their Canvas."""

import pytest

from accounts.addresses import canvas_address


@pytest.mark.parametrize(
    "written",
    [
        "canvas.example.edu",
        "https://canvas.example.edu",
        "https://canvas.example.edu/",
        " https://Canvas.Example.edu/accounts/1/sis_import?x=1 ",
        "canvas.example.edu/api/v1/",
    ],
)
def test_any_page_of_canvas_gives_its_address(written: str) -> None:
    assert canvas_address(written, insecure_hosts=[]) == "https://canvas.example.edu"


def test_a_port_is_kept() -> None:
    assert canvas_address("canvas.example.edu:8443/login", insecure_hosts=[]) == "https://canvas.example.edu:8443"


def test_plain_http_is_kept_for_hosts_that_are_allowed_it() -> None:
    assert canvas_address("http://127.0.0.1:9100/", insecure_hosts=["127.0.0.1"]) == "http://127.0.0.1:9100"


def test_an_ipv6_address_keeps_its_brackets() -> None:
    assert canvas_address("http://[::1]:9100", insecure_hosts=["::1"]) == "http://[::1]:9100"


@pytest.mark.parametrize(
    "written, complaint",
    [
        ("http://canvas.example.edu", "https only"),
        ("ftp://canvas.example.edu", "such as canvas.example.edu"),
        ("https://", "such as canvas.example.edu"),
        ("our canvas", "such as canvas.example.edu"),
        ("https://ada:secret@canvas.example.edu", "Leave user name and password out"),
        ("canvas.example.edu:https", "port"),
        ("canvas", "full host name"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_reason(written: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        canvas_address(written, insecure_hosts=[])
