"""A PostgreSQL cluster of the tests' own: made, used and thrown away, durable in nothing."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.needs import needs
from tests.servers.processes import free_port, server, wait_for

# A test cluster need not survive a power cut; what is given up here is durability, not behaviour.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class Postgres:
    """A running cluster. `url(name)` is the address of one of its databases."""

    def __init__(self, port: int, password: str) -> None:
        self.port = port
        self._password = password

    def url(self, database: str = "postgres") -> str:
        return f"postgres://easel:{self._password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Makes an empty database and gives its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        return self.url(database)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres_cluster() -> Iterator[Postgres]:
    programs = needs("postgres").parent
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="easel-postgres-"))
    try:
        cluster = Postgres(free_port(), secrets.token_urlsafe(16))
        _initialise(programs, folder, cluster, user)
        settings = [part for setting in CARELESS for part in ("-c", setting)]
        command = [programs / "postgres", "-D", folder / "data", "-p", str(cluster.port), "-k", folder, *settings]
        with server(command, log=folder / "log", user=user):
            wait_for(cluster.answers, what="PostgreSQL to answer")
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(programs: Path, folder: Path, cluster: Postgres, user: str | None) -> None:
    password = folder / "password"
    password.write_text(cluster._password, encoding="ascii")
    if user:
        owner = pwd.getpwnam(user)
        for path in (folder, password):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "easel", f"--pwfile={password}", "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd=folder, user=user, group=user, extra_groups=[] if user else None,
    )  # fmt: skip
