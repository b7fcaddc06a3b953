"""Talks to a press over HTTP, for the one that runs as a process of its own."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.press.faults import Fault
from crawler.press.wire import Reply, Request

if TYPE_CHECKING:
    from crawler.press.server import Press

JSON = {"Content-Type": "application/json; charset=utf-8"}


class ControlDesk:
    """GET /__press__/{log?since=N, truth, portals}; POST /__press__/tell {portal, kind, …}, /__press__/heal {portal?}, /__press__/redesign {portal, from_article?}."""

    def __init__(self, press: "Press") -> None:
        self._press = press

    def answer(self, request: Request) -> Reply:
        path, _, query = request.target.partition("?")
        try:
            match request.method, path:
                case "GET", "/__press__/truth":
                    return Reply(headers=JSON, body=self._press.truth().as_json().encode())
                case "GET", "/__press__/log":
                    return _json(self._press.log_since(int(query.partition("=")[2] or 0)))
                case "GET", "/__press__/portals":
                    return _json(self._press.portals)
                case "POST", "/__press__/tell":
                    wish = json.loads(request.body)
                    self._press.tell(wish.pop("portal"), Fault(**wish))
                case "POST", "/__press__/redesign":
                    wish = json.loads(request.body)
                    self._press.redesign(wish["portal"], from_article=wish.get("from_article"))
                case "POST", "/__press__/heal":
                    self._press.heal(json.loads(request.body or b"{}").get("portal"))
                case _:
                    return Reply(status=404)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return Reply(status=400, headers={"Content-Type": "text/plain; charset=utf-8"}, body=str(error).encode())
        return Reply(status=204)


def _json(rows: Any) -> Reply:
    return Reply(headers=JSON, body=json.dumps([asdict(row) for row in rows], ensure_ascii=False, default=datetime.isoformat).encode())
