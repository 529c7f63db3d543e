"""Where mail goes out, from one address in the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard.env import mail_server


@pytest.mark.parametrize(
    "address, host, port",
    [
        ("smtp://mail.example.edu", "mail.example.edu", 25),
        ("smtp+tls://mail.example.edu", "mail.example.edu", 587),
        ("smtps://mail.example.edu", "mail.example.edu", 465),
        ("smtps://mail.example.edu:2465", "mail.example.edu", 2465),
        ("", "", 25),
    ],
)
def test_the_address_names_host_and_port(address: str, host: str, port: int) -> None:
    server = mail_server(address)
    assert (server.host, server.port) == (host, port)


def test_a_password_is_read_whatever_it_holds_and_never_shown() -> None:
    server = mail_server("smtps://easel:a%40b%3Ac@mail.example.edu")
    assert (server.user, server.password) == ("easel", "a@b:c")
    assert "a@b:c" not in repr(server)


@pytest.mark.parametrize("address", ["mail.example.edu", "https://mail.example.edu", "smtp://"])
def test_what_is_no_mail_server_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_server(address)
