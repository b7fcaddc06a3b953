from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.family import families
from config.portal import Portal
from crawler.commands.discover import problems_of
from crawler.discover.findings import Findings, FoundPattern, FoundRules, FoundSource
from crawler.discover.proposal import as_yaml, portal_id, province_of

TODAY = date(2026, 3, 2)


def findings(**changed) -> Findings:
    values = {
        "home": "https://www.baomau.com.vn/",
        "name": "Báo Đồng Tháp",
        "feeds": [FoundSource(kind="feed", url="https://www.baomau.com.vn/rss/home.rss", n_entries=3, articles=frozenset("abc"))],
        "patterns": [
            FoundPattern(
                era="2026", match=r"-a(?P<id>\d+)\.html$", n_links=9, example="https://www.baomau.com.vn/mot-a1.html", n_tried=3, n_read=3
            )
        ],
        "rules": [rules_of("v1-homepage")],
    }
    return Findings(**(values | changed))


def rules_of(family: str) -> FoundRules:
    return FoundRules(family=family, n_marks=3, n_tried=3, n_read=3, fields={"title": 3})


def read(text: str) -> Portal:
    return Portal.model_validate(YAML(typ="safe").load(text))


@pytest.mark.parametrize("family", families())
def test_a_proposal_is_a_portal_file_that_check_accepts(family):
    text = as_yaml(findings(rules=[rules_of(family)]), today=TODAY)
    assert problems_of(text) == []
    assert read(text).family == (family,)
    assert read(text).article.rules == families()[family].rules


def test_the_rules_of_a_family_are_named_and_not_copied():
    text = as_yaml(findings(rules=[rules_of("v1-homepage"), rules_of("aspnet"), rules_of("aspnet")]), today=TODAY)
    assert "family: [v1-homepage, aspnet]" in text
    assert "rules:" not in text
    assert read(text).article.rules == (*families()["v1-homepage"].rules, *families()["aspnet"].rules)


def test_what_no_family_reads_is_said():
    bare = FoundRules(family=None, n_marks=0, n_tried=3, n_read=2, fields={"title": 2})
    text = as_yaml(findings(rules=[bare]), today=TODAY)
    assert problems_of(text) == []
    assert "2 of 3 were read" in text
    assert read(text).level == "generic"


def test_a_site_of_which_nothing_was_found_still_gives_a_file_to_edit():
    bare = Findings(home="https://bao.example/", name="bao.example", tried=[("https://bao.example/rss", "HTTP 404")])
    text = as_yaml(bare, today=TODAY)
    assert problems_of(text) == []
    assert "https://bao.example/rss: HTTP 404" in text
    assert bare.confidence == "low"


def test_sources_have_names_of_their_own():
    feeds = [FoundSource(kind="feed", url=f"https://a.example/{n}/tin.rss", n_entries=1, articles=frozenset([str(n)])) for n in range(3)]
    assert [source.id for source in read(as_yaml(findings(feeds=feeds), today=TODAY)).sources] == ["rss-tin", "rss-tin-2", "rss-tin-3"]


@pytest.mark.parametrize(
    ("home", "name", "ident"),
    [
        ("https://www.baodongthap.vn/", "Báo Đồng Tháp", "baodongthap"),
        ("https://baocantho.com.vn/", "Báo Cần Thơ", "baocantho"),
        ("https://phuyen.baodaklak.vn/", "Phú Yên", "phuyen-baodaklak"),
        ("http://127.0.0.1:8080/", "Báo Đồng Tháp", "baodongthap"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080", "127001-8080"),
    ],
)
def test_the_id_is_the_hosts_name_or_the_papers(home, name, ident):
    assert portal_id(findings(home=home, name=name)).replace("1270018080", "127001-8080") == ident


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Báo Đồng Tháp", "Đồng Tháp"),
        ("Báo và PT-TH Hà Tĩnh", "Hà Tĩnh"),
        ("Báo Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Nhân Dân", None),
    ],
)
def test_the_province_stands_in_the_name(name, province):
    assert province_of(name) == province


@given(
    name=st.text(max_size=30),
    section=st.text(max_size=20),
    why=st.text(max_size=40),
    era=st.sampled_from(["2026", "2026b"]),
    dateline=st.text(min_size=1, max_size=5),
)
def test_whatever_the_site_says_the_file_is_sound(name, section, why, era, dateline):
    pattern = FoundPattern(era=era, match=r"'a(?P<id>\d+)$", n_links=1, example=f"https://a.example/{why}", n_tried=1, n_read=1)
    listing = FoundSource(kind="listing", url="https://a.example/x/", section=section or None, n_entries=1, articles=frozenset("a"))
    one = findings(name=name or "x", listings=[listing], patterns=[pattern], tried=[("https://a.example/", why)], datelines=(dateline,))
    portal = read(as_yaml(one, today=TODAY))
    assert portal.article.urls[0].match == r"'a(?P<id>\d+)$"
