"""A file's text, new or in the place of the old: whole or not at all, and otherwise as the file was."""

import os
import resource
from pathlib import Path

import pytest

from config.files import create_text, read_text, replace_text


@pytest.mark.parametrize("raw", [b"a: 1\n", b"\xef\xbb\xbfa: 1\n", b"a: 1\r\nb: 2\r\n"], ids=["plain", "bom", "windows"])
def test_what_is_read_and_written_is_the_same_bytes(tmp_path: Path, raw: bytes):
    file = tmp_path / "x.yaml"
    file.write_bytes(raw)
    file.chmod(0o600)
    replace_text(file, read_text(file), like=file)
    assert file.read_bytes() == raw
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path: Path):
    file, link = tmp_path / "x.yaml", tmp_path / "link.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    link.symlink_to(file)
    replace_text(link, "a: 2\n", like=link)
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "a: 2\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_the_owner_stays_the_owner(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    os.chown(file, 12345, 12345)
    replace_text(file, "a: 2\n", like=file)
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 12345)


def test_a_folder_that_is_none_leaves_nothing_behind(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(NotADirectoryError):
        replace_text(file / "y.yaml", "a: 2\n", like=file)
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_that_the_disk_cannot_hold_is_not_there(tmp_path: Path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            create_text(tmp_path / "x.yaml", "a: 1\n" * 20_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_is_never_written_over_another(tmp_path: Path):
    file = tmp_path / "x.yaml"
    create_text(file, "ă: 1\n", mode=0o600)
    with pytest.raises(FileExistsError):
        create_text(file, "a: 2\n")
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("ă: 1\n", 0o600)
