"""`canhbao demo`: the real daemon against a simulated press, a real mail server and a webhook receiver, all on this machine.

At the end what arrived is compared with what the press knows to be true; any difference is a failure.
"""

import asyncio
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text
from ruamel.yaml import YAML

from config.load import Config, load
from crawler.app import open_daemon
from crawler.commands.terminal import print_json
from crawler.press import Press, TrueArticle
from crawler.press.sinks import Hook, Mail, MailSink, WebhookSink
from crawler.wording import speak
from storage.articles import articles_after
from storage.engine import upgrade
from storage.records import StoryArticle

READER = "vanphong@example.org"
N_ARTICLES, N_BACKLOG = 36, 16
PUBLISHING_SHARE = 0.6
"""Of the demo's time: then the press falls silent, so that the last article, too, can arrive and be told."""

LOOK_S = 0.2

DIFFERENCES = ("missing_articles", "wrong_articles", "missing_webhooks", "wrong_webhooks", "missing_mails", "wrong_mails")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What arrived against what is true. Every list names what should not be so."""

    n_articles: int
    n_by_portal: dict[str, int]
    n_mails: int
    n_webhooks: int
    n_signed_webhooks: int
    missing_articles: list[str]
    wrong_articles: list[str]
    missing_webhooks: list[str]
    wrong_webhooks: list[str]
    missing_mails: list[str]
    wrong_mails: list[str]

    @property
    def is_right(self) -> bool:
        return not any(getattr(self, name) for name in DIFFERENCES)


def run(*, for_s: float, as_json: bool, screen: Console | None = None) -> int:
    """0 when every article, mail and webhook is right within `for_s` seconds, else 1."""
    screen = screen or Console(quiet=as_json, highlight=False)
    with tempfile.TemporaryDirectory(prefix="canhbao-demo-") as folder:
        return asyncio.run(_run(Path(folder), screen, for_s=for_s, as_json=as_json))


async def _run(folder: Path, screen: Console, *, for_s: float, as_json: bool) -> int:
    press = Press(start=datetime.now(UTC), n_backlog=N_BACKLOG, n_articles=N_ARTICLES, period_s=for_s * PUBLISHING_SHARE)
    with press.running(), MailSink().running() as mail, WebhookSink().running() as hook:
        config = load(_write_config(folder, press, mail, hook))
        upgrade(config.database_url)
        teller = Teller(config, screen)
        teller.say("demo starts", portals=", ".join(portal.name for portal in press.portals))
        teller.say("demo doors", mail=mail.port, hook=hook.port)
        teller.say("demo lasts", for_s=f"{for_s:.0f}")
        screen.print()
        enough = _on_ctrl_c()
        seen = await _watch(config, press, mail, hook, teller, enough, for_s=for_s)
        verdict = compare(press, seen, mail.mails, hook.hooks)
    if as_json:
        print_json({"kind": "demo", "is_right": verdict.is_right, **asdict(verdict)})
    else:
        teller.conclude(verdict, is_cut_short=enough.is_set())
    return 0 if verdict.is_right else 1


def _on_ctrl_c() -> asyncio.Event:
    enough = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, enough.set)
    return enough


async def _watch(
    config: Config, press: Press, mail: MailSink, hook: WebhookSink, teller: "Teller", enough: asyncio.Event, *, for_s: float
) -> list[StoryArticle]:
    """Run the daemon until everything that must arrive has arrived, or the time is up, or it is `enough`; the articles stored."""
    seen: list[StoryArticle] = []
    stop, deadline = asyncio.Event(), time.monotonic() + for_s
    async with open_daemon(config) as daemon:
        running = asyncio.create_task(daemon.run(stop))
        while time.monotonic() < deadline and not running.done() and not enough.is_set():
            new = await daemon.store.read(articles_after, n=len(seen))
            teller.tell(new, mail.mails, hook.hooks)
            seen += new
            if _is_over(press) and compare(press, seen, mail.mails, hook.hooks).is_right:
                break
            await asyncio.sleep(LOOK_S)
        stop.set()
        await running
        seen += await daemon.store.read(articles_after, n=len(seen))
    return seen


def _is_over(press: Press) -> bool:
    return all(article.appears_at <= datetime.now(UTC) for article in press.truth().articles)


def _write_config(folder: Path, press: Press, mail: MailSink, hook: WebhookSink) -> Path:
    press.write_portals(folder / "portals")
    press.write_watches(folder / "watches.yaml")
    path = folder / "canhbao.yaml"
    with path.open("w", encoding="utf-8") as out:
        YAML().dump(
            {
                "database": f"sqlite:///{folder / 'canhbao.db'}",
                "portals": ["portals"],
                "http": {
                    "contact": "demo@example.org",
                    "per_host_interval_s": 0.05,
                    "per_address_interval_s": 0.02,
                    "allow_addresses": ["127.0.0.0/8"],
                },
                "poll": {"min_s": 1, "max_s": 2, "tick_s": 0.3},
                "channels": {
                    "thu": {
                        "type": "email",
                        "from": "canhbao@example.org",
                        "to": [READER],
                        "smtp": {"host": mail.host, "port": mail.port, "starttls": False},
                    },
                    "toa-soan": {"type": "webhook", "url": hook.url, "secret": hook.secret, "allow_addresses": ["127.0.0.0/8"]},
                },
                "operator": ["thu"],
            },
            out,
        )
    return path


# --- comparing with the truth ---------------------------------------------------------------------------------------------------


def compare(press: Press, seen: Sequence[StoryArticle], mails: Sequence[Mail], hooks: Sequence[Hook]) -> Verdict:
    """What the press published against what was stored, mailed and called. Articles still to come are not asked for."""
    truth = press.truth()
    known = [(each, truth.by_url(each.url)) for each in seen]
    stored = Counter(article.url for _, article in known if article is not None)
    told = {(a.url, topic): a for topic in _topics(press) for a in truth.about(topic)}
    called = Counter(_called(hook) for hook in hooks if hook.is_signed)
    stories = {article.copy_of or article.url for article in told.values()}
    mailed = Counter(story for mail in mails for story in [_story_in(mail, truth.articles)])
    return Verdict(
        n_articles=len(stored),
        n_by_portal=dict(Counter(each.portal for each in seen)),
        n_mails=len(mails),
        n_webhooks=len(hooks),
        n_signed_webhooks=sum(hook.is_signed for hook in hooks),
        missing_articles=sorted(article.url for article in truth.articles if article.url not in stored),
        wrong_articles=sorted(
            [each.url for each, article in known if article is None or each.title != article.title]
            + [url for url, n in stored.items() if n > 1]
        ),
        missing_webhooks=sorted(f"{url} ({topic})" for url, topic in told.keys() - called.keys()),
        wrong_webhooks=sorted(
            [f"{url} ({topic})" for (url, topic), n in called.items() if (url, topic) not in told or n > 1]
            + [f"{hook.id}: the signature does not verify" for hook in hooks if not hook.is_signed]
        ),
        missing_mails=sorted(stories - mailed.keys()),
        wrong_mails=sorted(story for story, n in mailed.items() if story not in stories or n > 1),
    )


def _topics(press: Press) -> list[str]:
    return [str(watch["id"]) for watch in press.watches()]


def _called(hook: Hook) -> tuple[str, str]:
    data = hook.payload["data"]
    return data["article"]["url"], data["watch"]["id"]


def _story_in(mail: Mail, articles: Sequence[TrueArticle]) -> str:
    """The URL of the original of the story a mail tells, or its subject when it names no article of the press."""
    body = mail.message.get_body(("plain",))
    text = body.get_content() if body else ""
    for article in articles:
        if article.url in text:
            return article.copy_of or article.url
    return str(mail.message["Subject"])


# --- what a person sees ---------------------------------------------------------------------------------------------------------


class Teller:
    """Prints what happens while it happens, each thing once."""

    def __init__(self, config: Config, screen: Console) -> None:
        self._screen = screen
        self._names = {portal.id: portal.name for portal in config.portals.values()}
        self._watches = {watch.id: watch.name for watch in config.watches}
        self._words = speak(config.settings.language)
        self._n_mails = self._n_hooks = 0

    def say(self, key: str, **facts: object) -> None:
        self._screen.print(self._words(key, **facts), markup=False, soft_wrap=True)

    def tell(self, articles: Sequence[StoryArticle], mails: Sequence[Mail], hooks: Sequence[Hook]) -> None:
        for article in articles:
            self._line("cyan", "demo article", self._names.get(article.portal, article.portal), article.title)
        for hook in hooks[self._n_hooks :]:
            article, watch = hook.payload["data"]["article"], hook.payload["data"]["watch"]
            key = "demo webhook" if hook.is_signed else "demo bad webhook"
            portal = article["portal"]
            self._line(
                "magenta", key, self._names.get(portal, portal), f"{self._watches.get(watch['id'], watch['id'])}: {article['title']}"
            )
        for mail in mails[self._n_mails :]:
            self._line("green", "demo mail", READER.partition("@")[0], str(mail.message["Subject"]))
        self._n_hooks, self._n_mails = len(hooks), len(mails)

    def conclude(self, verdict: Verdict, *, is_cut_short: bool) -> None:
        self._screen.print()
        self.say(
            "demo counts",
            articles=verdict.n_articles,
            portals=", ".join(f"{self._names.get(p, p)} {n}" for p, n in sorted(verdict.n_by_portal.items())),
            mails=verdict.n_mails,
            webhooks=verdict.n_webhooks,
            signed=verdict.n_signed_webhooks,
        )
        if is_cut_short and not verdict.is_right:
            self.say("demo cut short")
            return
        for name, wrong in _differences(verdict):
            for each in wrong:
                self._screen.print(f"  {self._words(name)}: {each}", style="red", markup=False, soft_wrap=True)
        self._screen.print(self._words("demo right" if verdict.is_right else "demo wrong"), style="bold", markup=False, soft_wrap=True)

    def _line(self, style: str, key: str, who: str, what: str) -> None:
        """One line of the screen: a long title is cut there, not in a file."""
        clock = f"{datetime.now():%H:%M:%S}"  # noqa: DTZ005 - the reader's own clock
        line = Text.assemble((clock, "dim"), "  ", (f"{self._words(key):<9}", style), f"  {who:<13}  {what}")
        if self._screen.is_terminal:
            self._screen.print(line, no_wrap=True, overflow="ellipsis")
        else:
            self._screen.print(line, soft_wrap=True)


def _differences(verdict: Verdict) -> Iterator[tuple[str, list[str]]]:
    for name in DIFFERENCES:
        yield name.replace("_", " "), getattr(verdict, name)
