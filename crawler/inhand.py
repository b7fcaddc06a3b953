"""What is in hand, counted by host or portal, so that the claims can give everybody a turn. Pure."""

from collections import Counter
from collections.abc import Iterable


class InHand:
    def __init__(self) -> None:
        self._n: Counter[str] = Counter()

    def take(self, names: Iterable[str]) -> None:
        self._n.update(names)

    def give_back(self, name: str) -> None:
        self._n[name] -= 1
        if self._n[name] <= 0:
            del self._n[name]

    def with_at_least(self, n: int) -> set[str]:
        return {name for name, held in self._n.items() if held >= n}
