"""What an index holds instead of symbols: the words themselves, a space before each."""

from crawler.text.normal import clean
from crawler.text.tokens import folded, is_token, normal, said, split

_MEMO_SIZE = 200_000  # spellings; a year of 34 provinces' news has about 60,000


class Words:
    """Stands where `Symbols` stands while an article is read for the index. Punctuation is left out."""

    def __init__(self) -> None:
        self.exact = _Memo(is_folded=False)
        self.any_marks = _Memo(is_folded=True)

    def spell(self, text: str, *, any_marks: bool) -> str:
        return "".join(map((self.any_marks if any_marks else self.exact).__getitem__, split(text).parts))


class _Memo(dict[str, str]):
    def __init__(self, *, is_folded: bool) -> None:
        super().__init__()
        self._is_folded = is_folded

    def __missing__(self, part: str) -> str:
        if len(self) > _MEMO_SIZE:
            self.clear()
        words = [form for form in ([normal(part)] if is_token(part) else said(part)) if form[0].isalnum()]
        self[part] = "".join(f" {folded(word) if self._is_folded else word}" for word in words)
        return self[part]


def prefix_beginnings(prefix: str) -> set[str]:
    """How the folded words begin that go on from `prefix` as typed: with y as typed, and with i where y is only its spelling."""
    typed = folded(clean(prefix).casefold())
    return {f"qui{typed[3:]}" if typed.startswith("quy") else typed, folded(normal(prefix))}
