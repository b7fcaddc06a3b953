"""YAML files to one `Config`, or one `ConfigError` that lists every problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.portal import Portal
from config.settings import Settings
from config.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the operator decided, checked. `paths` are the files it came from (for reload on change)."""

    path: Path
    settings: Settings
    portals: Mapping[str, Portal]
    watches: tuple[Watch, ...]
    paths: tuple[Path, ...]

    @property
    def database_url(self) -> str:
        """The database with a relative SQLite path resolved against the configuration's folder."""
        raise NotImplementedError


class ConfigError(Exception):
    """The configuration cannot be used. `problems` are lines `file:line: key: what is wrong and what to do`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(path: Path) -> Config:
    """Read `path` and the files it names. Raises: ConfigError."""
    raise NotImplementedError
