"""Content systems that many papers share: the shapes of their URLs and pages, stated once, in families.yaml."""

from collections.abc import Mapping
from functools import cache

from ruamel.yaml import YAML

from config.article import Regex, Rules, UrlPattern
from config.base import Model
from config.shipped import SHIPPED_FAMILIES


class Family(Model):
    """One content system. It comes with canhbao and is checked by its tests, not by `canhbao check`."""

    id: str
    """What a portal file names it by."""
    marks: tuple[Regex, ...] = ()
    """Any of these in an article's HTML speaks for this system."""
    urls: tuple[UrlPattern, ...] = ()
    """Its articles' URLs; none where each paper has its own."""
    skip: tuple[Regex, ...] = ()
    """URLs that look like its articles but are none."""
    rules: tuple[Rules, ...] = ()
    """Its page layouts; none where they are not known."""


@cache
def families() -> Mapping[str, Family]:
    """All that are known, by id. Read once, when a portal first names one."""
    said = YAML(typ="safe").load(SHIPPED_FAMILIES.read_text(encoding="utf-8"))
    return {family.id: family for family in map(Family.model_validate, said)}
