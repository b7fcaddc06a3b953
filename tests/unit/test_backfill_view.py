import io
import json
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from crawler.commands.backfill_view import Bar, line, record, spoken, time_left
from crawler.walk import Progress
from storage.records import BackfillReport
from tests.builders import NOON


def far(**changed: Any) -> Progress:
    return Progress(**({"n_found": 1530, "n_read": 1200, "n_left": 330, "n_pages_left": 0, "left_s": 1650.0} | changed))


@pytest.mark.parametrize(
    ("seconds", "vietnamese", "english"),
    [
        pytest.param(20, "1 phút", "1 min", id="no-less-than-a-minute"),
        pytest.param(1650, "28 phút", "28 min", id="minutes"),
        pytest.param(2 * 3600 + 600, "2 giờ 10 phút", "2 h 10 min", id="hours"),
        pytest.param(3 * 86_400 + 4 * 3600 + 600, "3 ngày 4 giờ", "3 d 4 h", id="days"),
        pytest.param(7200, "2 giờ", "2 h", id="even"),
    ],
)
def test_a_stretch_of_time_is_said_as_people_say_it(seconds: float, vietnamese: str, english: str):
    assert (spoken(seconds, "vi"), spoken(seconds, "en")) == (vietnamese, english)


def test_while_lists_are_left_the_time_is_the_least():
    assert time_left(far(n_pages_left=2), "en") == "at least 28 min left"
    assert time_left(far(), "vi") == "còn khoảng 28 phút"
    assert time_left(far(left_s=None), "en") == "nearly done"


def test_a_line_tells_how_far_and_how_long():
    assert line("Báo Mẫu", far(n_pages_left=2), "en") == "Báo Mẫu: 1200 of 1530 read, 330 (and 2 lists) to go · at least 28 min left"


def test_the_bar_shows_the_paper_the_counts_and_the_time():
    out = io.StringIO()
    bar = Bar("Báo [Mẫu]", "vi", Console(file=out, force_terminal=True, width=120))
    bar.show(REPORT, far())
    bar.close()
    assert "Báo [Mẫu]" in out.getvalue()
    assert "1200/1530 · còn khoảng 28 phút" in out.getvalue()


REPORT = BackfillReport(
    id=1,
    portal="bao-mau",
    since=NOON - timedelta(days=30),
    state="running",
    asked_at=NOON,
    ended_at=None,
    n_pages=3,
    n_pages_open=1,
    n_pages_failed=0,
    links={"open": 330, "done": 1200},
    next_due_at=NOON,
)


def test_programs_get_every_figure():
    told = json.loads(json.dumps(record(REPORT, far()), default=str))
    assert (told["kind"], told["n_found"], told["n_left"], told["left_s"], told["links"]) == (
        "backfill",
        1530,
        330,
        1650,
        {"open": 330, "done": 1200},
    )
