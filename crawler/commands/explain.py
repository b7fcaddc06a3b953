"""`canhbao explain`: why a watch did or did not match an article, and whether anybody was told."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from config.load import Config
from config.watch import Watch
from crawler.commands.showing import Say, article_record
from crawler.commands.terminal import print_json, say_line
from crawler.commands.trial import portal_of
from crawler.commands.watch import watch_called
from crawler.dedup import urls
from crawler.dedup.events import matched_key
from crawler.match.explain import DemandReport, Explanation, TermReport
from crawler.match.explain import explain as explained
from crawler.match.scope import Scope
from crawler.wording import moment, say_link, speak
from storage.alerts import has_happened
from storage.articles import article_by_url
from storage.engine import Store
from storage.links import find_link
from storage.records import Article, LinkReport, Span

MAX_PLACES = 5
"""Of one term; the rest is counted."""
SCOPES = ("portals", "provinces", "sections")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we hold under a URL. `was_told`: an alert was raised for the watch."""

    article: Article | None
    link: LinkReport | None
    was_told: bool


def explain(config: Config, watch_id: str, url: str, *, as_json: bool) -> int:
    """1 when there is no such article. Raises: UnknownWatch."""
    say = speak(config.settings.language)
    watch = watch_called(config, watch_id)
    known = _known(config, watch, url)
    if known.article is None:
        _print_unknown(url, known.link, say, as_json=as_json)
        return 1
    portal = config.portals.get(known.article.identity.portal)
    province = portal.province if portal else None
    explanation = explained(watch, known.article, province=province)
    outside = out_of(watch, known.article, known.article.province or province or "")
    if as_json:
        print_json(_record(explanation, known, outside))
    else:
        _print(watch, explanation, known, outside, say)
    return 0


def out_of(watch: Watch, article: Article, province: str) -> list[str]:
    """Which scopes of the watch do not admit the article."""
    nothing: dict[str, tuple[str, ...]] = dict.fromkeys(SCOPES, ())
    only = {name: watch.model_copy(update=nothing | {name: getattr(watch, name)}) for name in SCOPES}
    return [name for name in SCOPES if not Scope(only[name]).admits(article, province)]


def _known(config: Config, watch: Watch, url: str) -> Known:
    """Under the URL as given, or as the portal's rules write it."""
    with Store.open(config.database_url) as store:
        for each in dict.fromkeys((url, _settled(config, url))):
            article, link = store.look(article_by_url, each), store.look(find_link, each)
            if article is not None or link is not None:
                key = matched_key(article.identity, watch.id) if article else ""
                return Known(article=article, link=link, was_told=store.look(has_happened, key))
    return Known(article=None, link=None, was_told=False)


def _settled(config: Config, url: str) -> str:
    try:
        return urls.settle(url, portal_of(url, config))
    except ValueError:
        return url


def _print_unknown(url: str, link: LinkReport | None, say: Say, *, as_json: bool) -> None:
    if as_json:
        state = {"state": link.state, "reason": link.reason, "next_try_at": link.next_try_at} if link else {"state": None}
        print_json({"kind": "link", "url": url, **state})
    elif link is None:
        say_line(say("never seen", url=url))
    else:
        say_line(say("not an article", url=link.url, state=say_link(say, link.state, link.reason), at=moment(link.found_at)))


def _record(explanation: Explanation, known: Known, outside: list[str]) -> dict[str, object]:
    assert known.article is not None
    verdict = {"kind": "explanation", "watch": explanation.watch, "matches": explanation.matches, "told": known.was_told}
    terms = [asdict(term) for term in explanation.terms]
    verdict |= {"score": explanation.score, "demands": [asdict(demand) for demand in explanation.demands]}
    return verdict | {"out_of_scope": outside, "terms": terms} | {"article": article_record(known.article)}


def _print(watch: Watch, explanation: Explanation, known: Known, outside: list[str], say: Say) -> None:
    assert known.article is not None
    article = known.article
    say_line(f"{article.title}\n  {moment(article.published_at)} · {article.identity.portal} · {article.url}\n")
    say_line(say("explain yes" if explanation.matches else "explain no", name=watch.name))
    for scope in outside:
        has = {"portals": article.identity.portal, "provinces": article.province, "sections": article.section}[scope]
        say_line(f"✗ {say(f'scope {scope}', wanted=', '.join(getattr(watch, scope)), has=has or '–')}")
    for demand in explanation.demands:
        say_line(_demand_line(demand, say))
    for term in explanation.terms:
        for line in _term_lines(term, say):
            say_line(line)
    if explanation.matches:
        say_line(say("explain told" if known.was_told else "explain untold"))
    if not watch.enabled:
        say_line(say("explain disabled"))


def _demand_line(demand: DemandReport, say: Say) -> str:
    has = "–" if demand.has is None else f"{demand.has:g}"
    key = f"demand {demand.name}" if demand.has is not None else f"demand {demand.name} none"
    return f"{'✓' if demand.holds else '✗'} {say(key, wanted=f'{demand.wanted:g}', has=has)}"


def _term_lines(term: TermReport, say: Say) -> Iterator[str]:
    field = f"{term.field}: " if term.field else ""
    what = say("term found", n=len(term.spans)) if term.spans else say("term holds" if term.holds else "term missing")
    yield f"{'✓' if term.holds == term.wanted else '✗'} {field}{term.shown}: {what}{'' if term.wanted else say('term unwanted')}"
    for span in term.spans[:MAX_PLACES]:
        yield f"    {_place(span)}{f'  [{span.reason}]' if span.reason != term.shown else ''}"
    if len(term.spans) > MAX_PLACES:
        yield f"    {say('more places', n=len(term.spans) - MAX_PLACES)}"
    if term.nearest is not None and term.wanted:
        yield f"    {say('nearest', place=_place(term.nearest), why=say_why_not(say, term.nearest.reason))}"


def _place(span: Span) -> str:
    return f"{span.field} {span.start}–{span.end}: {' '.join(span.text.split())}"


def say_why_not(say: Say, reason: str) -> str:
    """Why the nearest place is none."""
    known = {"parted by punctuation": "why punctuation", "other marks": "why marks", "other words": "why words"}
    if reason in known:
        return say(known[reason])
    if reason.startswith("word "):
        return say("why late", n=reason.removeprefix("word "))
    return say("why field", field=reason.removeprefix("stands in "))
