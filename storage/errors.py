"""The failures of the store that somebody above can do something about.

    StorageError            the database did not take or give what we asked: full, locked, gone, damaged
    ├── SchemaTooOld        it must be upgraded first
    ├── SchemaTooNew        a newer canhbao has been here
    ├── AlreadyRunning      another daemon works on it
    └── BackupError         no copy was made

A row that breaks a constraint or a column is a bug or a poisonous page, not an outage: those are left alone.
"""


class StorageError(Exception):
    """The database did not do what we asked; the message says what to do. Nothing of the transaction was kept."""


class SchemaTooOld(StorageError):  # noqa: N818  # reads as the sentence it is
    """The tables are missing or older than this program."""


class SchemaTooNew(StorageError):  # noqa: N818  # reads as the sentence it is
    """The tables were made by a newer program than this one."""


class AlreadyRunning(StorageError):  # noqa: N818  # reads as the sentence it is
    """Another daemon holds the database. `pid` is its process, None when it could not be read."""

    def __init__(self, message: str, *, pid: int | None) -> None:
        super().__init__(message)
        self.pid = pid


class BackupError(StorageError):
    """No copy was made; nothing was overwritten."""
