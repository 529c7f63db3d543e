"""Settings from the environment, each read once, typed, and failing loudly.

Every setting `EASEL_X` can also be given as `EASEL_X_FILE`, the path of a file that holds the value (how Docker and
systemd hand over secrets). An empty value counts as absent. docs/configuration.md lists all of them.
"""

import base64
import contextlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "EASEL_"
_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def text(name: str, default: str) -> str:
    """The value of `EASEL_<name>`, else what the file `EASEL_<name>_FILE` holds, else the default."""
    value = os.environ.get(PREFIX + name, "")
    if value:
        return value
    path = os.environ.get(f"{PREFIX}{name}_FILE", "")
    if not path:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{PREFIX}{name}_FILE names {path}, which cannot be read: {error.strerror}"
        ) from error


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}; say yes or no")


def number(name: str, default: float, *, least: float = 0) -> float:
    value = text(name, str(default))
    try:
        result = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}; it must be a number") from error
    if not result >= least:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}; it must be at least {least:g}")
    return result


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, data_dir: Path, *, length: int = 50) -> str:
    """A secret of our own: where the environment gives none, made once and kept in the data directory."""
    given = text(name, "")
    if given:
        return given
    return kept_secret(data_dir / name.lower().replace("_", "-"), secrets.token_urlsafe(length))


def kept_secret(path: Path, fresh: str) -> str:
    """What the file holds; where there is none, `fresh`, written so that only its owner can read it.

    Several processes may start at once: each writes a file of its own, and the one that is linked first counts.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(fresh + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def credential_keys(data_dir: Path) -> list[str]:
    """The keys that seal Canvas tokens, newest first: 32 random bytes each, in URL-safe base64."""
    given = words("CREDENTIAL_KEYS")
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return given or [kept_secret(data_dir / "credential-key", fresh)]


def database(name: str, data_dir: Path) -> dict[str, object]:
    """Django's DATABASES entry for `postgres://user:password@host:port/name` or `sqlite:///path` (or nothing)."""
    address = text(name, "")
    if not address:
        return _sqlite(str(data_dir / "easel.sqlite3"))
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path.removeprefix("/")))
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 300,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"{PREFIX}{name} must start with postgres:// or sqlite:///")


def _sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 300,
        "OPTIONS": {
            # A write lock is taken when a transaction begins, so that two writers queue instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
        },
    }


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out; no host, no mail."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    scheme: str


def mail_server(address: str) -> MailServer:
    """The server at `smtp://user:password@host:port`, `smtp+tls://` (STARTTLS) or `smtps://`."""
    parts = urlsplit(address)
    if address and (parts.scheme not in _MAIL_PORTS or not parts.hostname):
        raise ImproperlyConfigured(f"{PREFIX}EMAIL_URL must be smtp://, smtp+tls:// or smtps:// and a host")
    port = parts.port or _MAIL_PORTS.get(parts.scheme, 25)
    return MailServer(
        parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or ""), parts.scheme
    )


def practice_url(address: str, insecure_hosts: list[str]) -> str:
    """The address of a practice Canvas, or nothing. It speaks plain http unless something before it adds TLS."""
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ImproperlyConfigured(f"{PREFIX}PRACTICE_URL must be an address such as http://practice:9100")
    if parts.scheme == "http" and parts.hostname not in insecure_hosts:
        raise ImproperlyConfigured(
            f"{PREFIX}PRACTICE_URL speaks plain http: name {parts.hostname} in {PREFIX}INSECURE_CANVAS_HOSTS, too"
        )
    return address.rstrip("/")


def broker(name: str, data_dir: Path) -> tuple[str, str | None, dict[str, object]]:
    """Celery's broker address, transport (None: as the address says) and transport options.

    By default the embedded one, a folder in the data directory.
    """
    address = text(name, "")
    if address:
        # A broker that is away must not hold up a page: one try, and the scheduler's tick makes good what was missed.
        quick = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
        waits: dict[str, object] = {"socket_connect_timeout": 3, "socket_timeout": 10, "visibility_timeout": 6 * 3600}
        return address, None, waits | quick
    folder = data_dir / "queue"
    for part in ("messages", "control"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.1,
    }
    return "filesystem://", "dashboard.folder_queue:Transport", options
