"""The environment of a test run, prepared before Django reads its settings."""

import atexit
import contextlib
import os
import shutil
import tempfile

import django
import pytest
from django.conf import settings

from tests.servers.needs import STRICT
from tests.servers.postgres import postgres_cluster

# What the person who runs the tests may choose; the address is handed on to the processes of pytest-xdist.
CHOICE = "EASEL_TEST_DATABASE"
ADDRESS = "EASEL_TEST_DATABASE_URL"

_until_the_end = contextlib.ExitStack()
atexit.register(_until_the_end.close)


def prepare() -> None:
    """Only what is set here reaches the settings; each process of pytest-xdist has a data directory of its own."""
    chosen = os.environ.get(CHOICE, "sqlite")
    for name in [name for name in os.environ if name.startswith("EASEL_") and name not in {CHOICE, ADDRESS}]:
        del os.environ[name]
    data_dir = tempfile.mkdtemp(prefix="easel-tests-")
    _until_the_end.callback(shutil.rmtree, data_dir, ignore_errors=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "EASEL_DATA_DIR": data_dir,
        "EASEL_INSECURE_HTTP": "yes",
        "EASEL_INSECURE_CANVAS_HOSTS": "127.0.0.1,localhost",
        "EASEL_ANSWER_PATIENCE": "1",
        "EASEL_POLL_FASTEST": "0.2",
        "EASEL_POLL_SLOWEST": "1",
        "EASEL_LOG_LEVEL": "DEBUG",
    }
    if chosen == "postgres":
        os.environ["EASEL_DATABASE_URL"] = _postgres_address()
    django.setup()
    # A password takes half a second to hash as it should; the cast has many, and they guard nothing.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _postgres_address() -> str:
    """One cluster for the whole run; pytest-django makes a database per process in it."""
    if ADDRESS not in os.environ:
        try:
            cluster = _until_the_end.enter_context(postgres_cluster())
        except pytest.skip.Exception as missing:
            pytest.exit(f"not run on PostgreSQL: {missing}", returncode=1 if STRICT else 0)
        os.environ[ADDRESS] = cluster.url("easel")
    return os.environ[ADDRESS]
