"""`family:` in a portal file: what comes with the name, and in which order."""

from pathlib import Path

import pytest

from config.family import families
from config.load import ConfigError, load
from config.portal import Portal

MAIN = "portals: [own]\nchannels: {log: {type: file, path: alerts.jsonl}}\n"
PORTAL = """\
id: bao-mau
name: Báo Mẫu
home: https://mau.example/
sources: [{id: tin, kind: listing, url: "https://mau.example/"}]
"""
OWN_RULES = "article: {rules: [{title: h1.own, body: .own}], urls: [{era: own, match: 'own(?P<id>x)'}], skip: [/own/]}\n"
V1, ASPNET = families()["v1-homepage"], families()["aspnet"]


def loaded(folder: Path, more: str) -> Portal:
    (folder / "own").mkdir()
    (folder / "canhbao.yaml").write_text(MAIN, encoding="utf-8")
    (folder / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    (folder / "own" / "mau.yaml").write_text(PORTAL + more, encoding="utf-8")
    return load(folder / "canhbao.yaml", environ={}).portals["bao-mau"]


def problems(folder: Path, more: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, more)
    return [problem.partition("own/")[2] for problem in caught.value.problems]


def test_a_portal_that_only_names_its_family_knows_its_urls_and_rules(tmp_path):
    portal = loaded(tmp_path, "family: v1-homepage\n")
    assert (portal.article.urls, portal.article.skip, portal.article.rules) == (V1.urls, V1.skip, V1.rules)
    assert portal.level == "rules"


def test_what_a_portal_states_itself_is_tried_first(tmp_path):
    article = loaded(tmp_path, "family: v1-homepage\n" + OWN_RULES).article
    assert [rules.body for rules in article.rules] == [".own", *(rules.body for rules in V1.rules)]
    assert [url.era for url in article.urls] == ["own", "v1"]
    assert article.skip == ("/own/", *V1.skip)


def test_several_families_follow_in_the_order_they_are_named(tmp_path):
    assert loaded(tmp_path, "family: [aspnet, v1-homepage]\n").article.rules == (*ASPNET.rules, *V1.rules)


def test_an_override_changes_single_selectors_of_the_familys_rules_only(tmp_path):
    override = "article: {rules: [{title: h1.own, body: .own}], override: {lead: p.chapeau, drop: [.promo]}}\n"
    own, of_family = loaded(tmp_path, "family: v1-homepage\n" + override).article.rules
    assert (own.lead, own.drop) == (None, ())
    assert of_family == V1.rules[0].model_copy(update={"lead": "p.chapeau", "drop": (*V1.rules[0].drop, ".promo")})


def test_a_portal_without_any_rules_is_read_generically(tmp_path):
    assert loaded(tmp_path, "family: uploads-image\n").level == "generic"


def test_a_portal_written_out_whole_reads_the_same_again(tmp_path):
    portal = loaded(tmp_path, "family: [v1-homepage, aspnet]\narticle: {override: {lead: p.chapeau}}\n")
    assert Portal.model_validate(portal.model_dump()) == portal


def test_the_national_papers_come_when_they_are_named(tmp_path):
    (tmp_path / "canhbao.yaml").write_text(MAIN.replace("[own]", "[builtin, builtin-national]"), encoding="utf-8")
    (tmp_path / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    portals = load(tmp_path / "canhbao.yaml", environ={}).portals
    assert (portals["vnexpress"].province, portals["baodongthap"].province) == (None, "Đồng Tháp")


@pytest.mark.parametrize("typed", ["family: v1-hompage\n", "family:\n  - aspnet\n  - v1-hompage\n"], ids=["one", "list"])
def test_an_unknown_family_is_told_with_the_known_ones(tmp_path, typed):
    (problem,) = problems(tmp_path, typed)
    assert problem.startswith(f"mau.yaml:{4 + typed.count(chr(10))}: family")
    assert "is no content system that canhbao knows; known: aspnet, epi-cms, " in problem
    assert "v1-homepage" in problem
    assert "did you mean v1-homepage?" in problem


def test_an_empty_family_is_told(tmp_path):
    assert problems(tmp_path, "family:\n") == ["mau.yaml:5: family: is empty; give it a value or remove the key"]


def test_an_override_without_a_family_has_nothing_to_change(tmp_path):
    (problem,) = problems(tmp_path, "article:\n  override: {lead: p.chapeau}\n")
    assert problem.startswith("mau.yaml:5: article: has an override")


def test_a_mistake_in_an_override_is_told_at_its_line(tmp_path):
    (problem,) = problems(tmp_path, "family: aspnet\narticle:\n  override:\n    leed: p\n")
    assert problem == "mau.yaml:8: article.override.leed: is not a known key; did you mean lead?"
