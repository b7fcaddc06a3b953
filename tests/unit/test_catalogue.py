"""The catalogue as a whole: every provincial paper is in it, says what it rests on, and is reached by its province's old and new name."""

import re
from collections import Counter

import pytest

from config.family import families
from config.provinces import MERGED, same_province
from config.watch import Watch
from crawler.dedup.urls import hosts_of
from crawler.match.scope import Scope
from tests.builders import make_article, make_identity
from tests.unit.catalogue import NATIONAL, PORTALS, all_portals, portal, text_of

FORMER = sorted({old for parts in MERGED.values() for old in parts})
ASKED = [each for each in map(portal, PORTALS) if each.enabled]

FORMER_HOSTS = [
    ("baocamau", "baocamau.com.vn"),
    ("baohaiphong", "baohaiphong.com.vn"),
    ("baobacninhtv", "baobacgiang.vn"),
    ("baobacninhtv", "baobacgiang.com.vn"),
    ("huengaynay", "baothuathienhue.vn"),
    ("baoquangninh", "baoquangninh.com.vn"),
    ("baosonla", "baosonla.org.vn"),
    ("baodienbienphu", "baodienbienphu.info.vn"),
    ("baodienbienphu", "baodienbienphu.com.vn"),
    ("baobinhdinh", "baobinhdinh.com.vn"),
    ("baodaknong", "baodaknong.org.vn"),
    ("baonamdinh", "baonamdinh.com.vn"),
    ("hanoimoi", "hanoimoi.com.vn"),
    ("baodongkhoi", "baodongkhoi.vn"),
    ("baodongkhoi", "dongkhoi.baovinhlong.vn"),
    ("baophuyen", "baophuyen.vn"),
    ("baophuyen", "phuyen.baodaklak.vn"),
    ("baovinhlong", "baovinhlong.vn"),
]


def admitted(scope: str) -> set[str]:
    """The portals asked whose articles a watch with this province looks at."""
    watch = Scope(Watch(id="w", name="W", any=("dân vận",), provinces=(scope,)))
    articles = {each.id: make_article(identity=make_identity(portal=each.id), province=each.province) for each in ASKED}
    return {each.id for each in ASKED if watch.admits(articles[each.id], each.province or "")}


def test_there_were_63_provinces():
    assert (len(FORMER), len(MERGED)) == (63, 34)


@pytest.mark.parametrize("province", FORMER)
def test_every_province_of_before_has_its_paper(province):
    """Of Bắc Giang the paper goes on under the name of Bắc Ninh, Huế's under the city's."""
    carried_on = {"Bắc Giang": "Bắc Ninh", "Thừa Thiên Huế": "Huế"}.get(province, province)
    assert carried_on in {each.province for each in all_portals()}


@pytest.mark.parametrize("unit", MERGED)
def test_every_province_of_today_has_a_paper_that_is_asked(unit):
    assert any(same_province(each.province or "", unit) for each in ASKED)


@pytest.mark.parametrize(("unit", "former"), [(unit, old) for unit, parts in MERGED.items() for old in parts])
def test_a_scope_by_the_old_name_and_the_new_reach_the_same_papers(unit, former):
    assert admitted(former) == admitted(unit) != set()


def test_tien_giang_is_what_bao_dong_thap_publishes():
    assert admitted("Tiền Giang") == admitted("Đồng Tháp") == {"baodongthap"}


@pytest.mark.parametrize(("name", "host"), FORMER_HOSTS)
def test_a_former_domain_is_still_the_papers(name, host):
    assert host in hosts_of(portal(name))


@pytest.mark.parametrize("name", NATIONAL)
def test_a_national_paper_is_of_no_province_and_is_asked_where_its_set_is_named(name):
    assert (portal(name).id, portal(name).province, portal(name).enabled) == (name, None, True)


def test_the_two_sets_share_no_id():
    assert set(PORTALS).isdisjoint(NATIONAL)


def test_no_two_papers_claim_one_host():
    claims = Counter(host for each in all_portals() for host in hosts_of(each))
    assert [host for host, n in claims.items() if n > 1] == []


@pytest.mark.parametrize("name", PORTALS + NATIONAL)
def test_a_file_says_that_it_is_unverified_and_what_it_rests_on(name):
    assert re.search(r"^verified: (?:unverified|\d{4}-\d\d-\d\d) +# \S.{20,}", text_of(name), re.MULTILINE)


@pytest.mark.parametrize("name", PORTALS)
def test_a_paper_that_is_not_asked_says_why(name):
    assert portal(name).enabled == ("not asked" not in text_of(name).partition("\nid:")[0])


@pytest.mark.parametrize("name", [each.id for each in all_portals() if each.family])
def test_a_portal_states_only_what_differs_from_its_family(name):
    known = [families()[family] for family in portal(name).family]
    own = text_of(name)
    assert [url.match for family in known for url in family.urls if url.match in own] == []
    assert [rules.body for family in known for rules in family.rules if f"body: '{rules.body}'" in own] == []
