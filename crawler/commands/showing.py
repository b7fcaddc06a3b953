"""How found articles are shown: title, where and when, and the words that were found, highlighted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TypeAlias

from rich.text import Text

from crawler.commands.terminal import console
from crawler.model import VIETNAM
from storage.records import Article, Match, Snippet

Say: TypeAlias = Callable[..., str]

FOUND = "bold black on yellow"
MAX_BAR = 30
EIGHTHS = " ▏▎▍▌▋▊▉"


def article_record(article: Article) -> dict[str, object]:
    """What JSON says of an article."""
    return {
        "id": str(article.identity),
        "url": article.url,
        "title": article.title,
        "portal": article.identity.portal,
        "province": article.province,
        "section": article.section,
        "published_at": article.published_at,
    }


def match_record(match: Match) -> dict[str, object]:
    return {
        "score": match.score,
        "matches": [asdict(span) for span in match.spans],
        "snippets": [asdict(snippet) for snippet in match.snippets],
    }


def print_find(article: Article, match: Match, *, portal: str, first_seen_at: datetime, mark: str = "") -> None:
    """One found article with its snippets."""
    at = (article.published_at or first_seen_at).astimezone(VIETNAM)
    out = console()
    out.print(Text.assemble((mark, "bold"), (article.title, "bold")), soft_wrap=True)
    out.print(Text(f"  {at:%d/%m/%Y %H:%M} · {portal} · {article.url}", style="dim"), soft_wrap=True)
    for snippet in match.snippets:
        out.print(highlighted(snippet, is_terminal=out.is_terminal), soft_wrap=True)
    out.print()


def highlighted(snippet: Snippet, *, is_terminal: bool) -> Text:
    """What was found stands out: in colour, or between guillemets where there are no colours."""
    shown, last = Text("  "), 0
    for start, end in snippet.spans:
        shown.append(snippet.snippet[last:start])
        found = snippet.snippet[start:end]
        shown.append(found if is_terminal else f"«{found}»", style=FOUND)
        last = end
    shown.append(snippet.snippet[last:])
    return shown.append(f"  [{snippet.reason}]", style="dim")


def bars(counts: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Rows of a bar chart: label, bar, number. The longest bar is MAX_BAR wide."""
    most = max(counts.values(), default=0)
    for label, n in counts.items():
        eighths = round(n / most * MAX_BAR * 8) if most else 0
        yield label, "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip(), str(n)
