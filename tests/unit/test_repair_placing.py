"""Rules put into a portal's file: nothing else of it changes, however it is written."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.portal import Portal, Rules
from config.shipped import SHIPPED_NATIONAL, SHIPPED_PORTALS
from crawler.repair.placing import CannotPlaceError, anchored, placed

NEW = Rules(title=".story-title", body="div[data-x='y']", drop=(".box", "#ads"))
ENTRY = {"title": ".story-title", "body": "div[data-x='y']", "drop": [".box", "#ads"]}
OLD = {"title": "h1", "body": "#b"}
REMARKS = ("proposed today",)


@pytest.mark.parametrize(
    ("text", "n_old"),
    [
        pytest.param(
            "article:\n  # eras\n  rules:   # newest first\n    # 2025\n    - title: h1\n      body: '#b'\nid: x\n", 1, id="rules"
        ),
        pytest.param("article:\n  rules:\n  - {title: h1, body: '#b'}  # 2025\n  - {title: h1, body: '#b'}\n", 2, id="not-indented"),
        pytest.param("article:\n    rules: [{title: h1, body: '#b'}]  # all\n", 1, id="rules-in-brackets"),
        pytest.param("article:\n  rules: []\n", 0, id="no-rules"),
        pytest.param("article:\n  rules:\n  datelines: ['${A}']\n", 0, id="rules-left-empty"),
        pytest.param("article:\n   # ours\n   datelines: [ABO]\n", 0, id="no-key-rules"),
        pytest.param("article:  # nothing yet\nid: x\n", 0, id="article-left-empty"),
        pytest.param("article: {datelines: [ABO], rules: [{title: h1, body: '#b'}]}\n", 1, id="all-in-braces"),
        pytest.param("article: {datelines: [ABO]}\n", 0, id="article-in-braces"),
        pytest.param("article: {}\n", 0, id="empty-braces"),
        pytest.param("id: x  # ours", 0, id="no-article-and-no-line-end"),
    ],
)
def test_the_rules_come_first_and_every_letter_of_before_stays(text: str, n_old: int):
    outcome = placed(text, NEW, REMARKS)
    before, after = YAML(typ="safe").load(text), YAML(typ="safe").load(outcome)
    assert after["article"].pop("rules") == [ENTRY, *[OLD] * n_old]
    assert after["article"] == {name: value for name, value in (before.get("article") or {}).items() if name != "rules"}
    left = iter(outcome)
    assert all(letter in left for letter in text)


def test_comments_and_variables_stay_on_their_lines():
    text = "# ours\nid: x   # short\nproxy: ${PROXY}\n\narticle:\n  rules:\n    # of 2025\n    - title: h1\n      body: '#b'\n"
    assert placed(text, NEW, REMARKS).splitlines() == [
        *text.splitlines()[:6],
        "    # proposed today",
        "    - title: '.story-title'",
        "      body: 'div[data-x=''y'']'",
        "      drop: ['.box', '#ads']",
        *text.splitlines()[6:],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "rules: &r [{title: h1, body: b}]\narticle:\n  rules: *r\n",
        "article:\n  rules: ~\n",
        "{id: x}\n",
        "id: x\n...\n",
        "article: [\n",
        "- x\n",
    ],
    ids=["alias", "null-written-out", "all-in-braces", "end-mark", "no-yaml", "a-list"],
)
def test_what_cannot_be_done_without_writing_it_anew_is_refused(text: str):
    with pytest.raises(CannotPlaceError):
        placed(text, NEW, REMARKS)


@pytest.mark.parametrize("file", [*SHIPPED_PORTALS.glob("*.yaml"), *SHIPPED_NATIONAL.glob("*.yaml")], ids=lambda file: file.stem)
def test_every_shipped_file_takes_them_and_keeps_its_family(file: Path):
    text = file.read_text(encoding="utf-8")
    before, after = (Portal.model_validate(YAML(typ="safe").load(each)) for each in (text, placed(text, NEW, REMARKS)))
    assert after.article.rules == (NEW, *before.article.rules)
    assert after.model_copy(update={"article": before.article}) == before


def test_what_a_copy_names_relative_to_its_folder_is_still_found(tmp_path: Path):
    (tmp_path / "it's").mkdir()
    text = "extra_ca: ../ca.pem  # ours\nproxy_file: 'proxy.txt'\nproxy: ${P}\n"
    said = YAML(typ="safe").load(anchored(text, tmp_path / "it's"))
    assert said == {"extra_ca": str(tmp_path / "ca.pem"), "proxy_file": str(tmp_path / "it's" / "proxy.txt"), "proxy": "${P}"}
