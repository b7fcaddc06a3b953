"""YAML files to one `Config`, or one `ConfigError` that lists every problem."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.channel import FileChannel
from config.checks import portal_ids, watch_lines
from config.loading import Loading
from config.portal import Portal
from config.problem import lines_of
from config.settings import Settings
from config.shipped import SHIPPED
from config.watch import Watch, Watches

SQLITE = "sqlite:///"
MAIN_FILE = "canhbao.yaml"
SYSTEM_WIDE = Path("/etc/canhbao") / MAIN_FILE
VARIABLE = "CANHBAO_CONFIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the operator decided, checked. `paths` are the files it came from (for reload on change)."""

    path: Path
    settings: Settings
    portals: Mapping[str, Portal]
    watches: tuple[Watch, ...]
    paths: tuple[Path, ...]
    portal_files: Mapping[str, Path] = field(default_factory=dict)
    """By portal id: the file that is in force."""
    watches_file: Path | None = None
    watch_lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By watch id: the line of each of its keys and list entries (`any`, `any[0]`), and of itself under ""."""

    @property
    def base(self) -> Path:
        """What canhbao writes lies relative to this: the main file's folder, or the current one when nothing is configured."""
        return base_of(self.path)

    @property
    def database_url(self) -> str:
        """The database with a relative SQLite path resolved against `base`. May hold a password: never show it."""
        url = self.settings.database.get_secret_value()
        scheme, mark, file = url.partition(SQLITE)
        if not mark or file.startswith((":memory:", "file:")):
            return url
        return f"{scheme}{mark}{self.base / file}"

    def __repr__(self) -> str:
        """Without the values, any of which may have come from a secret."""
        return f"Config(path={str(self.path)!r}, {len(self.portals)} portals, {len(self.watches)} watches)"


class ConfigError(Exception):
    """The configuration cannot be used. `problems` are lines `file:line: key: what is wrong and what to do`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["ConfigError"], tuple[list[str]]]:
        return type(self), (self.problems,)


def base_of(path: Path) -> Path:
    """What paths of things to write are relative to, when `path` is the main file."""
    return Path.cwd() if path == SHIPPED else path.parent


def load(path: Path, *, environ: Mapping[str, str] = os.environ, check_query: Callable[[str], Sequence[str]] = lambda _: ()) -> Config:
    """Read `path` and the files it names. `check_query` says what is wrong with a watch's query. Raises: ConfigError."""
    loading = Loading(path=path.absolute(), environ=environ)
    main = loading.document(loading.path)
    watches = loading.watches(main)
    folders = loading.portal_folders(main)
    settings, topics = loading.checked(main, Settings), loading.checked(watches, Watches)
    portals = {document.file: loading.checked(document, Portal) for folder in folders for document in folder}
    in_force = portal_ids(document for folder in folders for document in folder)
    loading.cross_check(main, watches, folders, in_force)
    loading.check_queries(watches, check_query)
    if loading.problems or settings is None or topics is None:
        raise ConfigError(lines_of(loading.problems))
    own = {key: _beside(document.file, portal) for key, document in in_force.items() if (portal := portals[document.file]) is not None}
    return Config(
        path=loading.path,
        settings=_with_absolute_files(settings, base_of(loading.path)),
        portals=own,
        portal_files={key: in_force[key].file for key in own},
        watches=topics.watches,
        watches_file=watches.file,
        watch_lines=watch_lines(watches),
        paths=tuple(dict.fromkeys([*loading.files_read, *(portal.extra_ca for portal in own.values() if portal.extra_ca)])),
    )


def _beside(file: Path, portal: Portal) -> Portal:
    """`portal` with the paths in it made absolute."""
    return portal if portal.extra_ca is None else portal.model_copy(update={"extra_ca": file.parent / portal.extra_ca})


def _with_absolute_files(settings: Settings, base: Path) -> Settings:
    channels = {
        name: channel.model_copy(update={"path": base / channel.path}) if isinstance(channel, FileChannel) else channel
        for name, channel in settings.channels.items()
    }
    return settings.model_copy(update={"channels": channels})


def find_config(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The main file: `--config`, else $CANHBAO_CONFIG, ./canhbao.yaml, /etc/canhbao/canhbao.yaml, the shipped default.

    A path that somebody named is returned whether or not it is there: `load` says what is wrong with it.
    """
    named = explicit or environ.get(VARIABLE)
    if named:
        return cwd / named
    return next((path for path in (cwd / MAIN_FILE, SYSTEM_WIDE) if path.is_file()), SHIPPED)
