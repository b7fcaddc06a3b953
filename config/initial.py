"""What `canhbao init DIR` writes: the shipped configuration, commented, with a folder for own portals."""

from pathlib import Path

from config.files import create_text
from config.load import MAIN_FILE, ConfigError
from config.loading import OWN_PORTALS
from config.shipped import SHIPPED, SHIPPED_PORTAL_EXAMPLE, SHIPPED_SCHEMAS, SHIPPED_WATCHES

PRIVATE = 0o600  # the main file will hold secrets, or say where they are
PUBLIC = 0o644


def write_initial(folder: Path) -> list[Path]:
    """The files written below `folder`, which is made where it is missing. Nothing is overwritten. Raises: ConfigError."""
    files = {
        folder / MAIN_FILE: (_main(), PRIVATE),
        folder / "watches.yaml": (_with_schema(SHIPPED_WATCHES), PUBLIC),
        folder / OWN_PORTALS / SHIPPED_PORTAL_EXAMPLE.name: (_with_schema(SHIPPED_PORTAL_EXAMPLE), PUBLIC),
    }
    if there := [path for path in files if path.exists() or path.is_symlink()]:
        raise ConfigError([f"{path}: exists already and is left as it is; move it away, or choose another folder" for path in there])
    for path, (text, mode) in files.items():
        _write_new(path, text, mode)
    return list(files)


def _main() -> str:
    text = _with_schema(SHIPPED)
    return text.replace("portals: [builtin]" + " " * len(f", {OWN_PORTALS}/"), f"portals: [builtin, {OWN_PORTALS}/]")


def _with_schema(shipped: Path) -> str:
    """The editor finds the schemas where this canhbao is installed."""
    return shipped.read_text(encoding="utf-8").replace("$schema=schemas/", f"$schema={SHIPPED_SCHEMAS}/")


def _write_new(path: Path, text: str, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_text(path, text, mode=mode)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be written ({error.strerror}); choose another folder"]) from error
