"""The real seed article, on a page of its era, through the whole daemon: one mail and one webhook, once."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from config.shipped import SHIPPED_PORTALS
from crawler import app
from crawler.press.sinks import MailSink, WebhookSink
from storage.articles import articles_after
from tests.e2e.newsstand import settings, write_yaml
from tests.integration.scene import daemon_with, look, run_until
from tests.seed_page import SEED, URL, seed_page

THAT_DAY = datetime(2022, 1, 13, 6, 0, tzinfo=UTC)
"""An hour after the article: for a source first seen today it would be older than the baseline."""


@contextlib.contextmanager
def portal(pages: dict[str, str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def write_config(folder: Path, home: str, mail: MailSink, hook: WebhookSink) -> Path:
    shipped = YAML().load(SHIPPED_PORTALS / "baodongthap.yaml")
    shipped |= {"home": f"{home}/", "hosts": [], "sources": [{"id": "chinh-tri", "kind": "listing", "url": f"{home}/chinh-tri.aspx"}]}
    (folder / "portals").mkdir()
    write_yaml(folder / "portals" / "baodongthap.yaml", shipped)
    write_yaml(folder / "watches.yaml", {"watches": [{"id": "quy-che-dan-chu", "name": "Quy chế dân chủ", "any": ["quy chế dân chủ"]}]})
    config = folder / "canhbao.yaml"
    write_yaml(config, settings(mail, hook, database=f"sqlite:///{folder / 'canhbao.db'}"))
    return config


if SEED.exists():

    def test_the_seed_article_is_told_once_by_mail_and_once_by_webhook_with_the_phrase_in_its_snippet(tmp_path):
        path = urlsplit(URL).path
        pages = {
            path: seed_page(SEED.read_text(encoding="utf-8")),
            "/chinh-tri.aspx": f'<html><body><a href="{path}">Bài mới</a></body></html>',
        }
        with portal(pages) as home, MailSink().running() as mail, WebhookSink().running() as hook:
            config = write_config(tmp_path, home, mail, hook)

            async def scenario() -> None:
                async with daemon_with(config, clock=app.now, since=THAT_DAY) as daemon:
                    await run_until(daemon, lambda: bool(mail.mails and hook.accepted))

            asyncio.run(scenario())
            asyncio.run(scenario())  # a second day at work finds nothing to add
            assert [article.url for article in look(config, articles_after, n=0)] == [home + path]
            [call], [letter] = hook.hooks, mail.mails
        data = call.payload["data"]
        assert call.is_signed
        assert data["late"] is True
        assert data["article"]["published_at"] == "2022-01-13T12:40:31+07:00"
        assert data["article"]["author"] == "Ngân Nguyễn"
        assert all(
            snippet["snippet"][start:end].lower() == "quy chế dân chủ" for snippet in data["matches"] for start, end in snippet["spans"]
        )
        assert data["matches"]
        body = letter.message.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "quy chế dân chủ" in text.lower()
        assert "13/01/2022 12:40" in text
