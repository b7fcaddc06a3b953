"""`canhbao stats` shows the gap meter and an unusual silence."""

import json
from pathlib import Path

import pytest

from config.load import load
from crawler.commands import stats
from storage.engine import Store, upgrade
from storage.sources import claim_due_sources, finish_poll, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import FEED, LEASE, make_done

REPORT = {"overlap": 0.4, "n_gaps": 3, "last_gap_at": NOON.isoformat(), "n_caught": 27, "n_open_gaps": 1, "quiet_since": NOON.isoformat()}


@pytest.fixture
def config(tmp_path: Path):
    (tmp_path / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    path = tmp_path / "canhbao.yaml"
    path.write_text(
        f"database: sqlite:///{tmp_path}/s.db\nlanguage: en\nportals: [builtin]\nwatches: watches.yaml\n"
        f"channels:\n  log: {{type: file, path: {tmp_path}/a.jsonl}}\n",
        encoding="utf-8",
    )
    config = load(path)
    upgrade(config.database_url)
    with Store.open(config.database_url) as store:
        store.run(sync_sources, [FEED], now=NOON)
        (source,) = store.run(claim_due_sources, now=NOON, lease=LEASE, owner="t", limit=1)
        store.run(finish_poll, *make_done(source, report=REPORT), now=NOON)
    return config


def test_the_table_shows_overlap_gaps_and_silence(config, capsys: pytest.CaptureFixture[str]):
    stats.show(config, as_json=False)
    said = " ".join(capsys.readouterr().out.split())
    assert "unusually quiet" in said
    assert "40%" in said
    assert "3 02/03 12:00 27 1" in said


def test_the_lines_of_json_carry_the_whole_measure(config, capsys: pytest.CaptureFixture[str]):
    stats.show(config, as_json=True)
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"source_kind"' in line]
    assert {key: line["report"][key] for key in REPORT} == REPORT
