"""Files that a human named: their text, or the one reason why there is none; and a new text, as a file or in the place of the old."""

import codecs
import contextlib
import os
import re
import stat
import tempfile
from pathlib import Path

MAX_BYTES = 20_000_000  # 10,000 watches are 3 MB
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""What YAML refuses, and the line separators that editors do not count as lines."""


class Unreadable(Exception):  # noqa: N818 - says why, and is told as a Problem
    """`line` is where its text ceases to be text; None when there is no text at all."""

    def __init__(self, why: str, *, line: int | None = None) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """UTF-8 without its BOM, lines ended by a newline. Raises: Unreadable."""
    text = _decoded(_read_bytes(path, max_bytes)).replace("\r\n", "\n").replace("\r", "\n")
    if bad := NOT_TEXT.search(text):
        raise Unreadable(f"holds an invisible character (U+{ord(bad.group()):04X}); delete it", line=text.count("\n", 0, bad.start()) + 1)
    return text


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("is a folder; name a file in it" if path.is_dir() else "is not a file; name one")
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise Unreadable("does not exist; create it or correct the path") from error
    except PermissionError as error:
        raise Unreadable("may not be read by this user; correct its owner or mode") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise Unreadable(f"cannot be read ({type(error).__name__}); correct the path") from error
    if len(raw) > max_bytes:
        raise Unreadable(f"is larger than {max_bytes} bytes; is it the right file?")
    return raw


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable("is not UTF-8 here; save the file with the encoding UTF-8", line=line) from error


def create_text(path: Path, text: str, *, mode: int = 0o666) -> None:
    """The new file `path` holds `text` afterwards, or, after an OSError, is not there: never a part. Never over a file that is there.

    `mode`: less what the umask takes.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor is no path
            file.write(text)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        path.unlink()
        raise
    _sync_folder(path.parent)


def replace_text(path: Path, text: str, *, like: Path) -> None:
    """`path` holds `text` afterwards, or, after an OSError, what it held before: never a part.

    Mode, BOM and line ends are those of the file `like`, the owner is that of the file before. A link stays a link.
    """
    path = path.resolve()
    owner = path.stat() if path.exists() else None
    if owner is not None:
        path.open("r+b").close()  # a file that may not be written is not replaced either, though its folder would allow it
    mode, raw = stat.S_IMODE(like.stat().st_mode), like.read_bytes()
    encoded = text.replace("\n", "\r\n" if b"\r\n" in raw else "\n").encode("utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-8")
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor is no path
            file.write(encoded)
            file.flush()
            if owner is not None and (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            os.fchmod(descriptor, mode | stat.S_IWUSR)
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A rename lasts through a power cut only once its folder is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
