"""The shipped portals know the article URLs that were seen in the wild, and their ids, and skip what only looks like one."""

import json
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.portal import Portal
from config.provinces import province_name
from crawler.dedup.urls import identity, is_article

FOLDER = Path(__file__).resolve().parents[2] / "config/portals"
PORTALS = sorted(path.stem for path in FOLDER.glob("*.yaml"))

SEEN = [
    ("baodongthap", "https://www.baodongthap.vn/phong-su-anh/40-nam-mot-chang-duong-48437.aspx", "aspx", "48437"),
    ("baodongthap", "https://www.baodongthap.vn/ban-doc/202508/don-doc-bao-dong-thap-so-ra-ngay-29-8-1048744", "2025", "1048744"),
    ("baodongthap", "https://www.baodongthap.vn/ban-doc/202510/don-doc-bao-dong-thap-so-ra-ngay-22-10-1050912/", "2025", "1050912"),
    ("baodongthap", "https://www.baodongthap.vn/don-doc-bao-dong-thap-so-ra-ngay-19-1-2026-a235582.html", "2026", "235582"),
    ("baoapbac", "http://baoapbac.vn/ban-doc/201501/don-doc-bao-ap-bac-so-ra-ngay-26-1-582257/", "2015", "582257"),
    ("baoapbac", "https://baoapbac.vn/ban-doc/202403/don-doc-bao-ap-bac-so-ra-ngay-27-3-1006431/", "2015", "1006431"),
    ("baoapbac", "https://baoapbac.vn/ban-doc/201810/don-doc-bao-ap-bac-so-ra-ngay-8-10-817720/index.htm", "2015", "817720"),
    ("baocantho", "https://baocantho.com.vn/chong-mu-loa-bang-thuoc-nho-mat-thay-vi-tiem-thuoc-a80443.html", "v1", "80443"),
    ("baocantho", "https://baocantho.com.vn/mua-nuoc-noi-o-bung-binh-thien-a216935.html", "v1", "216935"),
    ("baoangiang", "https://baoangiang.com.vn/ly-do-khong-nen-ngoay-tai-thuong-xuyen-a367201.html", "v1", "367201"),
    ("baotayninh", "https://baotayninh.vn/khat-vong-ve-hai-thanh-pho-tuong-lai-a169010.html", "v1", "169010"),
    (
        "baotayninh",
        "https://baotayninh.vn/voi-bien-chung-omicron-nguyen-tac-phong-benh-chinh-van-la-5k-va-vaccine-88701.html",
        "laravel",
        "88701",
    ),
    (
        "baovinhlong",
        "https://baovinhlong.com.vn/xa-hoi/du-lich/202502/tam-giacket-noi-tour-du-lich-ben-tre-tra-vinh-vinh-long-1ca37b2/",
        "yyyymm",
        "1ca37b2",
    ),
    ("baocamau", "https://baocamau.vn/nhieu-kien-nghi-dan-sinh-duoc-cu-tri-gui-den-dai-bieu-hdnd-tinh-a130464.html", "v1", "130464"),
    ("baocamau", "https://baocamau.vn/bi-quyet-on-thi-tot-nghiep-thpt-2026-tu-hoc-sinh-gioi-a129291.html", "v1", "129291"),
    (
        "baonghean",
        "https://baonghean.vn/nhung-thuc-pham-giau-chat-xo-prebiotic-co-loi-cho-suc-khoe-duong-ruot-10264116.html",
        "onecms",
        "10264116",
    ),
    (
        "baodanang",
        "https://baodanang.vn/hon-3-75-ty-dong-ho-tro-bao-hiem-y-te-cho-dong-bao-dan-toc-thieu-so-3318952.html",
        "onecms",
        "3318952",
    ),
    (
        "baohaiphong",
        "https://baohaiphong.vn/day-nhanh-tien-do-ra-soat-hoan-thien-du-lieu-tiem-chung-covid-19-472928.html",
        "onecms",
        "472928",
    ),
    ("baodaklak", "https://baodaklak.vn/van-hoa-xa-hoi/202602/mua-xuan-dau-tien-b067013/", "yyyymm", "b067013"),
    ("baodaklak", "https://baodaklak.vn/van-hoa-xa-hoi/202602/tet-am-ohoa-thinh-8ff7542/", "yyyymm", "8ff7542"),
    ("baodaklak", "http://baodaklak.vn/channel/5301/202009/nam-hoc-moi-voi-quyet-tam-moi-5698714/", "yyyymm", "5698714"),
    ("baophuyen", "https://baophuyen.vn/95/112869/thieu-mau/", "baophuyen", "112869"),
    (
        "baophuyen",
        "https://phuyen.baodaklak.vn/suc-khoe/202503/trien-khai-chien-dich-tiem-chung-phong-benh-soi-3f71fbf/",
        "yyyymm",
        "3f71fbf",
    ),
    ("baogialai", "https://baogialai.com.vn/60s-gia-lai-gom-nhung-con-duong-sac-do-thanh-tet-post579869.html", "epi", "579869"),
    ("baogialai", "http://baogialai.com.vn/channel/9267/201704/diem-bao-gia-lai-ngay-28-4-2017-5531360/", "channel", "5531360"),
]
NO_ARTICLES = [
    ("baodongthap", "https://www.baodongthap.vn/chinh-tri/"),
    ("baodongthap", "https://www.baodongthap.vn/xem-bao/bao-in-a1.html"),
    ("baodongthap", "https://www.baodongthap.vn/print/tin-a235582.html"),
    ("baodongthap", "https://www.baodongthap.vn/en/news-a235582.html"),
    ("baodongthap", "https://baotayninh.vn/khat-vong-a169010.html"),
    ("baoapbac", "https://baoapbac.vn/ban-doc/"),
    ("baocantho", "https://baocantho.com.vn/print/chong-mu-loa-a80443.html"),
    ("baocantho", "https://baocantho.com.vn/thoi-su/dbscl/page-3.html"),
    ("baoangiang", "https://baoangiang.com.vn/-podcast-truyen-ngan-tuong-ve-huu-phan-1-a498077.html"),
    ("baotayninh", "https://baotayninh.vn/y-te"),
    ("baovinhlong", "https://baovinhlong.com.vn/xa-hoi/"),
    ("baocamau", "https://baocamau.vn/phong-su-ky-su/"),
    ("baonghean", "https://baonghean.vn/print/10264116.html"),
    ("baonghean", "https://baonghean.vn/en/nhung-thuc-pham-10264116.html"),
    ("baonghean", "https://baonghean.vn/bao-so-4-event12345.html"),
    ("baodanang", "https://baodanang.vn/bao-hiem-y-te-ptag.html"),
    ("baohaiphong", "https://baohaiphong.vn/print/472928.html"),
    ("baodaklak", "https://baodaklak.vn/doc-bao-in/202602/so-7000-b067013/"),
    ("baophuyen", "https://phuyen.baodaklak.vn/suc-khoe/"),
    ("baogialai", "https://baogialai.com.vn/tu-khoa/phia-tay-gia-lai-tag3948.html"),
    ("baogialai", "https://baogialai.com.vn/tac-gia/minh-ly-209.html"),
]


@cache
def portal(name: str) -> Portal:
    return Portal.model_validate(YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("name", "url", "era", "ident"), SEEN, ids=[url.rpartition("//")[2] for _, url, *_ in SEEN])
def test_a_url_seen_in_the_wild_is_an_article_with_its_id(name, url, era, ident):
    assert is_article(url, portal(name))
    found = identity(url, portal(name))
    assert (found.era, found.ident) == (era, ident)


@pytest.mark.parametrize(("name", "url"), NO_ARTICLES, ids=[url.rpartition("//")[2] for _, url in NO_ARTICLES])
def test_sections_prints_tags_and_other_papers_are_no_articles(name, url):
    assert not is_article(url, portal(name))


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_named_after_its_file_and_lies_in_a_province(name):
    assert portal(name).id == name
    assert province_name(portal(name).province or "") is not None


@pytest.mark.parametrize("name", PORTALS)
def test_no_portal_stands_on_a_feed_nobody_has_probed(name):
    assert any(source.kind == "listing" for source in portal(name).sources)


@pytest.mark.parametrize("name", PORTALS)
def test_a_listing_is_no_article_itself(name):
    assert not any(is_article(str(source.url), portal(name)) for source in portal(name).sources)


@pytest.mark.parametrize("name", PORTALS)
def test_every_article_pattern_names_an_id(name):
    assert json.dumps([pattern.match for pattern in portal(name).article.urls]).count("(?P<id>") == len(portal(name).article.urls)
