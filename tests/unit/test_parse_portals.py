"""The shipped portals know the article URLs that were seen in the wild, and their ids, and skip what only looks like one."""

import json

import pytest

from config.provinces import province_name
from crawler.dedup.urls import identity, is_article
from tests.unit.catalogue import PORTALS, portal

SEEN = [
    ("baodongthap", "https://www.baodongthap.vn/phong-su-anh/40-nam-mot-chang-duong-48437.aspx", "aspx", "48437"),
    ("baodongthap", "https://www.baodongthap.vn/ban-doc/202508/don-doc-bao-dong-thap-so-ra-ngay-29-8-1048744", "yyyymm", "1048744"),
    ("baodongthap", "https://www.baodongthap.vn/ban-doc/202510/don-doc-bao-dong-thap-so-ra-ngay-22-10-1050912/", "yyyymm", "1050912"),
    ("baodongthap", "https://www.baodongthap.vn/don-doc-bao-dong-thap-so-ra-ngay-19-1-2026-a235582.html", "v1", "235582"),
    ("baoapbac", "http://baoapbac.vn/ban-doc/201501/don-doc-bao-ap-bac-so-ra-ngay-26-1-582257/", "yyyymm", "582257"),
    ("baoapbac", "https://baoapbac.vn/ban-doc/202403/don-doc-bao-ap-bac-so-ra-ngay-27-3-1006431/", "yyyymm", "1006431"),
    ("baoapbac", "https://baoapbac.vn/ban-doc/201810/don-doc-bao-ap-bac-so-ra-ngay-8-10-817720/index.htm", "yyyymm", "817720"),
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
    ("baogialai", "http://baogialai.com.vn/channel/9267/201704/diem-bao-gia-lai-ngay-28-4-2017-5531360/", "yyyymm", "5531360"),
    ("baolongan", "https://baolongan.vn/dong-bo-cac-giai-phap-bao-ve-moi-truong-a191044.html", "v1", "191044"),
    ("baodongkhoi", "https://baodongkhoi.vn/nhieu-hoat-dong-thiet-thuc-tai-hoi-sach-mo-hoi-mo-16072023-a117157.html", "v1", "117157"),
    ("baotravinh", "https://www.baotravinh.vn/xa-hoi/bao-tra-vinh-nhung-ngay-moi-tai-lap-tinh-29632.html", "uploads", "29632"),
    (
        "baobaclieu",
        "https://www.baobaclieu.vn/quoc-phong-an-ninh/manh-tay-xu-ly-tin-gia-tin-sai-su-that-ve-dich-covid-19-tren-mang-72306.html",
        "uploads",
        "72306",
    ),
    ("baokiengiang", "https://www.baokiengiang.vn/le-hoi/hoi-thi-chim-hot-nghe-thuat-mo-rong-nam-2023-17028.html", "uploads", "17028"),
    ("baosoctrang", "https://baosoctrang.org.vn/van-hoa-the-thao-du-lich/202411/hao-huc-cho-ngay-khai-hoi-67c01d9/", "yyyymm", "67c01d9"),
    (
        "baobinhphuoc",
        "https://baobinhphuoc.com.vn/news/200/99817/mot-so-thong-tin-ve-doan-cuoi-duong-ho-chi-minh-o-binh-phuoc",
        "news",
        "99817",
    ),
    ("sggp", "https://www.sggp.org.vn/du-bi-hang-sang-hai-long-post868361.html", "epi", "868361"),
    (
        "baolamdong",
        "https://baolamdong.vn/thong-tin-can-biet/202405/le-ky-ket-mou-giua-interdata-va-truong-dai-hoc-yersin-da-lat-b180e1a/",
        "yyyymm",
        "b180e1a",
    ),
    ("baolamdong", "https://baolamdong.vn/chi-tiet-hoc-phi-2026-cua-vinuni-438111.html", "2025", "438111"),
    (
        "baobinhthuan",
        "https://baobinhthuan.com.vn/di-tich-van-hoa-lich-su-quoc-gia-thap-po-dam-po-tam-o-tuy-phong-124375.html",
        "html",
        "124375",
    ),
    (
        "baoninhthuan",
        "http://baoninhthuan.com.vn/diendan/49334p25c151/phat-trien-cac-mo-hinh-lien-ket-san-xuat-trong-nong-nghiep.htm",
        "pc",
        "49334",
    ),
    (
        "baoquangnam",
        "https://baoquangnam.vn/quang-nam-quyet-liet-cai-thien-moi-truong-dau-tu-kinh-doanh-3149144.html",
        "html",
        "3149144",
    ),
    (
        "baoquangnam",
        "https://baoquangnam.vn/du-lich/nong-son-hoi-thao-gioi-thieu-tiem-nang-du-lich-dai-binh-111408.html",
        "html",
        "111408",
    ),
    ("huengaynay", "https://baothuathienhue.vn/sen-trang-hue-hoi-sinh-o-ho-tinh-tam-a100343.html", "v1", "100343"),
    (
        "baoquangbinh",
        "https://www.baoquangbinh.vn/kinh-te/202503/cung-chung-tay-bao-ve-moi-truong-va-ung-pho-voi-bien-doi-khi-hau-2225092/",
        "yyyymm",
        "2225092",
    ),
    (
        "baohatinh",
        "https://baohatinh.vn/nam-dan-nghe-chuyen-vi-quan-ha-tinh-duoc-dat-ten-theo-tieng-ho-gam-post226760.html",
        "epi",
        "226760",
    ),
    ("baothanhhoa", "https://baothanhhoa.vn/doi-song-xa-hoi/mot-thoi-lam-bao/120517.htm", "htm", "120517"),
    ("baohaiduong", "https://baohaiduong.vn/phat-trien-van-hoa-doc-thuc-day-hoc-tap-suot-doi-394829.html", "onecms", "394829"),
    ("baohaiduong", "https://baohaiduong.vn/nong-nghiep/ty-phu-trung-ga-151256", "old", "151256"),
    ("baohungyen", "https://baohungyen.vn/bao-ve-moi-truong-trong-san-xuat-cong-nghiep-3179574.html", "html", "3179574"),
    (
        "baothaibinh",
        "https://www.baothaibinh.com.vn/tin-tuc/0/102296/phong-tru-sau-benh-viec-cap-bach-tren-dong-ruong",
        "tin-tuc",
        "102296",
    ),
    ("baonamdinh", "https://baonamdinh.vn/channel/5087/201112/Co-lua-ngo-2141513/", "yyyymm", "2141513"),
    ("baoninhbinh", "https://baoninhbinh.org.vn/tet-thoi-bao-cap/d20230112091014465.htm", "d", "20230112091014465"),
    ("baohanam", "https://baohanam.com.vn/van-hoa/le-hoi/le-hoi-truyen-thong-chua-long-doi-son-nam-2024-122101.html", "html", "122101"),
    (
        "baobacninh",
        "https://baobacninh.com.vn/web/en/news/-/details/20182/hoi-nghi-khoa-hoc-nganh-y-te-lan-thu-xi-nam-2025",
        "liferay",
        "hoi-nghi-khoa-hoc-nganh-y-te-lan-thu-xi-nam-2025",
    ),
    ("baobacninhtv", "https://baobacgiang.vn/bg2/moi-nhat/quang-ba-cac-diem-du-lich-van-hoa-postid413098.bbg", "bbg", "413098"),
    ("baobacninhtv", "https://baobacgiang.vn/tieng-goi-non-cao-tay-yen-tu.bbg", "slug", "tieng-goi-non-cao-tay-yen-tu"),
    (
        "baobacninhtv",
        "https://www.baobacgiang.vn/bg/dulichbg/diem-den/403571/khu-du-lich-sinh-thai-suoi-mo-diem-den-hap-dan-cua-du-khach.html",
        "old",
        "403571",
    ),
    (
        "baotuyenquang",
        "https://baotuyenquang.com.vn/rao-vat/202407/do-cung-viet-luu-giu-net-van-hoa-truyen-thong-trong-moi-mam-cung-e635eaf/",
        "yyyymm",
        "e635eaf",
    ),
    (
        "baohagiang",
        "https://baohagiang.vn/xa-hoi/202306/he-thong-be-boi-nuoc-am-bon-mua-h2t-phuc-vu-nguoi-dan-cuc-bac-794512/",
        "yyyymm",
        "794512",
    ),
    (
        "baolaocai",
        "https://baolaocai.vn/gia-xang-dau-hom-nay-79-dau-the-gioi-tang-manh-ap-luc-ky-109-lon-post908833.html",
        "epi",
        "908833",
    ),
    ("baolangson", "https://baolangson.vn/hanh-trinh-hoi-nhap-bat-dau-tu-ren-luyen-5071654.html", "html", "5071654"),
    ("baoquangninh", "https://baoquangninh.vn/bao-ve-moi-truong-song-hanh-cung-phat-trien-kinh-te-3317584.html", "html", "3317584"),
    (
        "baolaichau",
        "https://www.baolaichau.vn/van-de-hom-nay/kho-khan-xu-ly-rac-thai-sinh-hoat-o-vang-ma-chai",
        "slug",
        "kho-khan-xu-ly-rac-thai-sinh-hoat-o-vang-ma-chai",
    ),
    ("baophutho", "https://baophutho.vn/ca-nuoc-hoan-thanh-102-633-can-nha-o-xa-hoi-vuot-2-pha-ke-hoach-244359.htm", "htm", "244359"),
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
    ("baohatinh", "https://baohatinh.vn/trung-tam-san-xuat-giong-tom-thong-thuan-tag120585.html"),
    ("baokiengiang", "https://baokiengiang.vn/kien-nghi-cua-cu-tri-12646/tag.html"),
    ("baohaugiang", "https://baohaugiang.com.vn/thoi-su-215.html"),
    ("baodongnai", "http://xsdinh.com/video/201510/trao-100-suat-hoc-bong-vuot-kho-vi-tuong-lai-2634160"),
    ("baodongkhoi", "https://baodongkhoi.vn/https/baodongkhoi.vn/hoi-sach-a117157.html"),
    ("baothanhhoa", "http://baothanhhoa.vn/print/0a1b2c/120517.htm"),
    ("baoquangtri", "https://baoquangtri.vn/van-hoa/tap-but/index.html"),
    ("baoquangtri", "https://baoquangtri.vn/topic/viet-nam-19"),
    ("hanoimoi", "https://hanoimoi.vn/bao-so-3-event1234.html"),
    ("baosonla", "https://baosonla.vn/thoi-su-chinh-tri.html"),
    ("baodienbienphu", "https://baodienbienphu.vn/tin-tuc/chinh-tri"),
]
WITHOUT_ID = {"baobinhdinh"}
"""Its articles are named by the query alone."""


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


@pytest.mark.parametrize("name", [name for name in PORTALS if portal(name).article.urls])
def test_a_listing_is_no_article_itself(name):
    assert not any(is_article(str(source.url), portal(name)) for source in portal(name).sources)


@pytest.mark.parametrize("name", sorted({*PORTALS} - WITHOUT_ID))
def test_every_article_pattern_names_an_id(name):
    assert json.dumps([pattern.match for pattern in portal(name).article.urls]).count("(?P<id>") == len(portal(name).article.urls)
