"""Which articles a watch is about at all: portals, provinces, sections."""

from functools import lru_cache

from config.provinces import province_group
from config.watch import Watch
from crawler.text.tokens import phrase_tokens
from storage.records import Article


def name_key(name: str) -> tuple[str, ...]:
    """A name as it is compared: letter case, tone placement and punctuation put aside."""
    return tuple(form for form in phrase_tokens(name) if form[0].isalnum())


@lru_cache(maxsize=4096)
def province_keys(name: str) -> frozenset[tuple[str, ...]]:
    """Every name, old and new, of the unit that `name` belongs to, as `name_key` compares them."""
    return frozenset(map(name_key, {name, *province_group(name)}))


class Scope:
    """The scope of one watch."""

    def __init__(self, watch: Watch) -> None:
        self._portals = frozenset(watch.portals)
        self._provinces = frozenset(key for province in watch.provinces for key in province_keys(province))
        self._sections = frozenset(map(name_key, watch.sections))

    def admits(self, article: Article, province: str) -> bool:
        """Whether the watch looks at `article` of `province` (its own, or its portal's where it names none)."""
        if self._portals and article.identity.portal not in self._portals:
            return False
        if self._provinces and name_key(province) not in self._provinces:
            return False
        return not self._sections or name_key(article.section or "") in self._sections
