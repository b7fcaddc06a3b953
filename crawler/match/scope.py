"""Which articles a watch is about at all: portals, provinces, sections."""

from collections.abc import Callable

from config.watch import Watch
from crawler.text.tokens import phrase_tokens
from storage.records import Article


def name_key(name: str) -> tuple[str, ...]:
    """A name as it is compared: letter case, tone placement and punctuation put aside."""
    return tuple(form for form in phrase_tokens(name) if form[0].isalnum())


class Scope:
    """The scope of one watch. `group` gives the names under which a province goes, merged ones included."""

    def __init__(self, watch: Watch, group: Callable[[str], frozenset[str]]) -> None:
        self._portals = frozenset(watch.portals)
        self._provinces = frozenset(name_key(name) for province in watch.provinces for name in group(province))
        self._sections = frozenset(map(name_key, watch.sections))

    def admits(self, article: Article, province: str | None) -> bool:
        """Whether the watch looks at `article`; `province` is the portal's where the article names none."""
        if self._portals and article.identity.portal not in self._portals:
            return False
        if self._provinces and name_key(article.province or province or "") not in self._provinces:
            return False
        return not self._sections or name_key(article.section or "") in self._sections
