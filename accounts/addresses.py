"""The address of a Canvas site, as people write it and as we keep it."""

from collections.abc import Container
from urllib.parse import urlsplit


def canvas_address(text: str, *, insecure_hosts: Container[str]) -> str:
    """`https://canvas.example.edu` out of whatever part of it, or page below it, somebody pasted.

    Plain http is kept for `insecure_hosts` alone. Raises `ValueError` with a sentence for the person.
    """
    text = text.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("This address has a port that is not a number.") from error
    if parts.scheme not in {"http", "https"} or not host or any(mark in host for mark in " _%,"):
        raise ValueError("Give the address of your Canvas, such as canvas.example.edu.")
    if parts.username or parts.password:
        raise ValueError("Leave user name and password out of the address.")
    if "." not in host and host not in insecure_hosts and ":" not in host:
        raise ValueError(f"{host} is not a full host name; it looks like canvas.example.edu.")
    if parts.scheme == "http" and host not in insecure_hosts:
        raise ValueError("Canvas is spoken to over https only, so that nobody on the way can read the token.")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port}" if port else f"{parts.scheme}://{name}"
