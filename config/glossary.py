"""The shipped short forms of Vietnamese news, as data: glossary.yaml."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from ruamel.yaml import YAML

from config.base import Model


class Glossary(Model):
    """Short forms and what they stand for, both as usually written."""

    version: int = Field(ge=1)
    """Raised with every change: what was indexed with another one is indexed anew."""
    sure: dict[str, str]
    """Stand for one thing only: they count wherever they are met, unless the article defines them otherwise."""
    ambiguous: dict[str, tuple[str, ...]]
    """Stand for several things: they count only where the article defines them."""

    def __hash__(self) -> int:
        """So that what is made of a glossary can be kept."""
        return hash(self.version)


@lru_cache(maxsize=1)
def shipped_glossary() -> Glossary:
    """The glossary that comes with canhbao. Frozen, so one copy serves everybody."""
    text = Path(__file__).absolute().with_name("glossary.yaml").read_text(encoding="utf-8")
    return Glossary.model_validate(YAML(typ="safe", pure=True).load(text))
