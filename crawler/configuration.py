"""The configuration as commands and the daemon read it: `config` knows the files, the matcher knows what a query may say."""

from pathlib import Path

from config.load import Config
from config.load import load as load_files
from crawler.match.query import check_query


def load(path: Path) -> Config:
    """Raises: ConfigError, for queries that cannot be read as for everything else."""
    return load_files(path, check_query=check_query)
