import contextlib
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ParseError
from crawler.model import VIETNAM
from crawler.parse.feed import parse_feed

URL = "https://bao.example/rss/home.rss"
AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def rss(items: str, *, channel: str = "", head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Báo Mẫu</title>{channel}{items}</channel></rss>'.encode()


def item(**fields: str) -> str:
    fields = {"title": "Hội nghị", "link": "https://bao.example/a-1.html"} | fields
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"


def only(body: bytes):
    (entry,) = parse_feed(body, URL).entries
    return entry


RSS_1 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://bao.example/"><title>Báo Mẫu</title></channel>
 <item rdf:about="https://bao.example/a-1.html"><title>Hội nghị</title><link>https://bao.example/a-1.html</link>
 <description>Tóm tắt</description><dc:creator>Lan Anh</dc:creator><dc:date>2026-03-02T12:00:00+07:00</dc:date></item></rdf:RDF>"""
RSS_091 = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://127.0.0.1:9/rss-0.91.dtd"><rss version="0.91"><channel><title>Báo Mẫu</title><item><title>Hội nghị</title>
 <link>https://bao.example/a-1.html</link><description>Tóm tắt</description><author>Lan Anh</author>
 <pubDate>Mon, 02 Mar 2026 12:00:00 +0700</pubDate></item></channel></rss>"""
RSS_2 = rss(
    item(description="Tóm tắt", author="Lan Anh", pubDate="Mon, 02 Mar 2026 12:00:00 +0700", guid="https://bao.example/a-1.html")
).decode()
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Mẫu</title><entry><title type="html">Hội nghị</title>
 <link rel="self" href="https://bao.example/feed/1"/><link rel="alternate" type="text/html" href="https://bao.example/a-1.html"/>
 <id>tag:1</id><summary>Tóm tắt</summary><author><name>Lan Anh</name></author><published>2026-03-02T05:00:00Z</published>
 <updated>2026-03-02T06:00:00Z</updated></entry></feed>"""
ATOM_03 = """<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Báo Mẫu</title><entry><title>Hội nghị</title>
 <link rel="alternate" type="text/html" href="https://bao.example/a-1.html"/><id>tag:1</id><summary>Tóm tắt</summary>
 <author><name>Lan Anh</name></author><issued>2026-03-02T12:00:00+07:00</issued></entry></feed>"""


@pytest.mark.parametrize("text", [RSS_1, RSS_091, RSS_2, ATOM, ATOM_03], ids=["rss-1.0", "rss-0.91", "rss-2.0", "atom-1.0", "atom-0.3"])
def test_every_dialect_says_the_same(text):
    harvest = parse_feed(text.encode(), URL)
    (entry,) = harvest.entries
    assert harvest.title == "Báo Mẫu"
    assert (entry.url, entry.title, entry.summary, entry.author) == ("https://bao.example/a-1.html", "Hội nghị", "Tóm tắt", "Lan Anh")
    assert (entry.published_at, entry.published_precision) == (AT, "second")


def in_capitals(text: str) -> str:
    return re.sub(r"</?[A-Za-z:]+|(?<= )(?:href|rel)(?==)", lambda name: name[0].upper(), text)


def capitalised(text: str) -> str:
    return re.sub(r"(</?)([a-z])", lambda name: name[1] + name[2].upper(), text)


def lowered(text: str) -> str:
    return re.sub(r"</?[A-Za-z]+", lambda name: name[0].lower(), text)


@pytest.mark.parametrize(
    "spoil", [str, lambda text: text.replace("Báo Mẫu", "Báo & Mẫu"), lambda text: text.replace("Báo Mẫu", "Báo <b> Mẫu")]
)
@pytest.mark.parametrize("written", [in_capitals, capitalised, lowered])
@pytest.mark.parametrize(
    "text",
    [RSS_091, RSS_2, ATOM, ATOM.replace(' xmlns="http://www.w3.org/2005/Atom"', "")],
    ids=["rss-0.91", "rss", "atom", "atom-no-xmlns"],
)
def test_the_letter_case_of_the_names_does_not_matter(text, written, spoil):
    entry = only(spoil(written(text)).encode())
    assert (entry.url, entry.title, entry.summary) == ("https://bao.example/a-1.html", "Hội nghị", "Tóm tắt")
    assert entry.published_at == AT


def test_names_in_capitals_lose_nothing_else():
    body = in_capitals(rss(item(guid="bao-1", category="Xã hội", author="Lan Anh"), channel="<ttl>15</ttl>").decode()).encode()
    harvest = parse_feed(body, URL)
    assert (harvest.title, harvest.ttl_s) == ("Báo Mẫu", 900.0)
    assert (harvest.entries[0].guid, harvest.entries[0].tags, harvest.entries[0].author) == ("bao-1", ("Xã hội",), "Lan Anh")


def test_in_capitals_too_the_title_of_a_picture_is_not_the_entrys():
    media = '<MEDIA:TITLE xmlns:MEDIA="http://search.yahoo.com/mrss/">Ảnh</MEDIA:TITLE>'
    assert only(in_capitals(rss(item()).decode()).replace("<ITEM>", "<ITEM>" + media).encode()).title == "Hội nghị"


def test_the_order_of_the_feed_is_kept():
    body = rss("".join(item(link=f"https://bao.example/a-{n}.html") for n in (3, 1, 2)))
    assert [entry.url[-6] for entry in parse_feed(body, URL).entries] == ["3", "1", "2"]


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("<![CDATA[ K&yacute; ức làng quê ]]>", "Ký ức làng quê"),
        ("K&amp;yacute; ức", "Ký ức"),
        ("K&amp;amp;yacute; ức", "Ký ức"),
        ("&lt;![CDATA[ K&amp;yacute; ức làng quê ]]&gt;", "Ký ức làng quê"),
        ("<![CDATA[<b>Dân</b> vận khéo]]>", "Dân vận khéo"),
        ("&lt;b&gt;Dân&lt;/b&gt; vận<br/>khéo", "Dân vận khéo"),
        ("Thu &amp; chi 2026", "Thu & chi 2026"),
        ("Giá dưới 5 &lt; 6 triệu", "Giá dưới 5 < 6 triệu"),
        ("\n\t Hội\u00a0nghị \n", "Hội nghị"),
        ("Hội nghi\u0323", "Hội nghị"),
    ],
)
def test_titles_are_plain_text_however_they_were_escaped(raw, title):
    assert only(rss(item(title=raw))).title == title


def test_a_summary_of_html_is_its_text():
    raw = '<![CDATA[<a href="https://bao.example/a-1.html"><img src="x.jpg"/></a></br>Sáng nay,<br>hội nghị<script>x()</script> bế mạc.]]>'
    assert only(rss(item(description=raw))).summary == "Sáng nay, hội nghị bế mạc."


def test_a_summary_cut_in_the_middle_of_a_tag_ends_before_it():
    assert only(rss(item(description='<![CDATA[Sáng nay, hội nghị <a href="https://ba]]>'))).summary == "Sáng nay, hội nghị"


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        pytest.param({"link": "/a-1.html"}, "https://bao.example/a-1.html", id="relative"),
        pytest.param({"link": "//m.bao.example/a-1.html"}, "https://m.bao.example/a-1.html", id="without-scheme"),
        pytest.param({"link": "\n  https://bao.example/a-1.html\n"}, "https://bao.example/a-1.html", id="white-space"),
        pytest.param({"link": "<![CDATA[https://bao.example/a?x=1&amp;y=2]]>"}, "https://bao.example/a?x=1&y=2", id="double-escaped"),
        pytest.param({"link": "https://bao.example/a?x=1&y=2"}, "https://bao.example/a?x=1&y=2", id="stray-ampersand"),
        pytest.param({"link": "https://bao.example/tìm kiếm.html"}, "https://bao.example/tìm%20kiếm.html", id="raw-space"),
        pytest.param({"link": "https://bao.example/\n    a-1.html"}, "https://bao.example/a-1.html", id="broken-and-indented"),
        pytest.param({"link": "\ufeffhttps://bao.example/a-1.html\u200b"}, "https://bao.example/a-1.html", id="unseen-characters"),
        pytest.param({"link": "https://bao.example/a?x=1&amp;amp;amp;y=2"}, "https://bao.example/a?x=1&y=2", id="thrice-escaped"),
        pytest.param({"link": "https://bao.example/a?x=1&amp;#038;y=2"}, "https://bao.example/a?x=1&y=2", id="escaped-by-number"),
        pytest.param({"link": "", "guid": "https://bao.example/a-1.html"}, "https://bao.example/a-1.html", id="guid-is-the-permalink"),
    ],
)
def test_links_become_absolute(fields, url):
    assert only(rss(item(**fields))).url == url


def test_a_relative_link_of_atom_resolves_against_its_base():
    body = b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bao.example/tin/"><entry><link href="a-1.html"/></entry></feed>'
    assert only(body).url == "https://bao.example/tin/a-1.html"


SITE = "<link>https://www.bao.example/</link>"


@pytest.mark.parametrize(
    ("channel", "link", "url"),
    [
        pytest.param("", "a-1.html", "https://bao.example/rss/a-1.html", id="the-feed"),
        pytest.param(SITE, "a-1.html", "https://www.bao.example/a-1.html", id="the-site"),
        pytest.param(SITE, "/a-1.html", "https://www.bao.example/a-1.html", id="the-root-of-the-site"),
        pytest.param(
            "<atom:link xmlns:atom='x' rel='self' href='/rss'/>" + SITE, "a-1.html", "https://www.bao.example/a-1.html", id="self-first"
        ),
        pytest.param("<link>mailto:a@bao.example</link>", "/a-1.html", "https://bao.example/a-1.html", id="not-the-writer"),
    ],
)
@pytest.mark.parametrize("end", ["", "<br>"], ids=["well-formed", "ill-formed"])
def test_a_relative_link_of_rss_leads_into_the_site_the_channel_names(channel, link, url, end):
    assert only(rss(item(link=link, description=end), channel=channel)).url == url


@pytest.mark.parametrize("end", ["", "<br>"], ids=["well-formed", "ill-formed"])
def test_a_base_of_the_feed_comes_before_the_site(end):
    body = rss(item(link="a-1.html", description=end), channel=SITE).replace(b"<rss ", b"<rss xml:base='https://bao.example/tin/' ")
    assert only(body).url == "https://bao.example/tin/a-1.html"


@pytest.mark.parametrize(
    "links",
    [
        pytest.param('<link rel="{iana}alternate" href="{a}"/><link rel="{iana}self" href="/f"/>', id="relations-in-full"),
        pytest.param('<link type="text/html" href="{a}"/><link type="text/html" hreflang="en" href="/en"/>', id="the-first-language"),
        pytest.param('<link href="/a.json"/><link type="text/html" href="{a}"/>', id="html-before-others"),
        pytest.param('<link href="/m/a"/><link>{a}</link>', id="text-before-href"),
        pytest.param("<link>{a}</link><link>/b</link>", id="the-first-text"),
        pytest.param("<link/><link>{a}</link>", id="not-an-empty-one"),
    ],
)
def test_of_several_links_the_pages_own_is_taken(links):
    links = links.format(a="https://bao.example/a-1.html", iana="http://www.iana.org/assignments/relation/")
    assert only(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{links}</entry></feed>'.encode()).url == "https://bao.example/a-1.html"


@pytest.mark.parametrize("end", ["", "<br>"], ids=["well-formed", "ill-formed"])
@pytest.mark.parametrize("counted", ["<link>https://feeds.example/~r/1/</link>{}", "{}<link>https://feeds.example/~r/1/</link>"])
def test_the_article_itself_is_taken_not_the_service_that_counts_its_readers(counted, end):
    body = rss(f"<item>{counted.format('<feedburner:origLink>https://bao.example/a-1.html</feedburner:origLink>')}{end}</item>")
    body = body.replace(b"<rss ", b"<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' ")
    assert only(body).url == "https://bao.example/a-1.html"


@pytest.mark.parametrize("end", ["", "<br>"], ids=["well-formed", "ill-formed"])
def test_an_ampersand_escaped_twice_is_one(end):
    body = rss(item(title="Thu &amp;amp; chi", link="https://bao.example/a?x=1&amp;amp;y=2", description=end))
    assert (only(body).url, only(body).title) == ("https://bao.example/a?x=1&y=2", "Thu & chi")


@pytest.mark.parametrize("link", ["", "javascript:void(0)", "mailto:a@bao.example", "http://[", "ftp://bao.example/a"])
def test_an_entry_that_leads_nowhere_is_no_entry(link):
    assert parse_feed(rss(item(link=link)), URL).entries == ()


@pytest.mark.parametrize("link", ["<Link>https://bao.example/a</Link>", "<LINK HREF='https://bao.example/a' REL='Alternate'/>"])
def test_a_link_in_another_letter_case_leads_somewhere(link):
    assert only(rss(f"<item>{link}</item>")).url == "https://bao.example/a"


def test_one_guid_for_all_parts_no_entries():
    body = rss(item(guid="1") + item(guid="1", link="https://bao.example/a-2.html"))
    assert len(parse_feed(body, URL).entries) == 2


@pytest.mark.parametrize(
    "raw",
    [
        "Mon, 02 Mar 2026 12:00:00 +0700",
        "Mon, 02 Mar 26 12:00:00 +0700",
        "Mon, 02 Mar 2026 12:00:00 +07",
        "Mon, 02 Mar 2026 12:00:00 +07:00",
        "3/2/2026 12:00:00\u202fPM",
        "3/2/2026 12:00:00 PM",
        "Mon, 02 Mar 2026 05:00:00 GMT",
        "Mon, 02 Mar 2026 12:00:00",
        "2026-03-02 12:00:00",
    ],
)
def test_every_way_outlets_write_a_time_is_the_same_moment(raw):
    assert only(rss(item(pubDate=raw))).published_at == AT


def test_the_raw_time_is_kept():
    assert only(rss(item(pubDate="3/2/2026 12:00:00 PM"))).published_raw == "3/2/2026 12:00:00 PM"


def test_tags_come_once_each():
    body = rss(
        "<item><link>https://bao.example/a</link><category>Xã hội</category><category> Xã hội</category><category>Dân vận</category></item>"
    )
    assert only(body).tags == ("Xã hội", "Dân vận")


def test_the_title_of_a_picture_is_not_the_entrys():
    body = rss(
        '<item xmlns:media="http://search.yahoo.com/mrss/"><media:title>Ảnh</media:title><media:content url="x"/><title>Hội nghị</title>'
        "<link>https://bao.example/a</link></item>"
    )
    assert only(body).title == "Hội nghị"


@pytest.mark.parametrize(
    ("channel", "ttl_s"),
    [
        ("<ttl>15</ttl>", 900.0),
        ('<p xmlns="http://purl.org/rss/1.0/modules/syndication/"/>', None),
        ('<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>', 3600.0),
        ("<ttl>0</ttl>", None),
        ("<ttl>nan</ttl>", None),
        ("<ttl>99999999</ttl>", None),
    ],
)
def test_the_feeds_own_wish_is_heard_within_reason(channel, ttl_s):
    assert parse_feed(rss("", channel=channel), URL).ttl_s == ttl_s


def test_an_empty_feed_is_a_feed():
    assert parse_feed(rss(""), URL).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><body><p>404</p></body></html>",
        b"<!DOCTYPE html><html><head><title>Tin</title><body><br>&nbsp;",
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>',
        b'{"items": []}',
        b"\x89PNG\r\n",
    ],
)
def test_what_is_no_feed_says_so(body):
    with pytest.raises(ParseError, match="not a feed"):
        parse_feed(body, URL)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<rss version='2.0'/>", "<rss> that holds nothing"),
        ("<rss><error>No such section</error></rss>", "<rss> that holds <error>"),
        ("<feed><div>Tin</div><p/></feed>", "<feed> that holds <div>, <p>"),
        ("<rss><error>No such<b> section</error></rss>", "not a feed"),
    ],
)
def test_the_root_of_a_feed_with_nothing_of_a_feed_in_it_says_what_it_is(body, said):
    with pytest.raises(ParseError, match=said):
        parse_feed(body.encode(), URL)


@pytest.mark.parametrize("body", ["<rss><channel/></rss>", "<RSS><CHANNEL></CHANNEL></RSS>", "<feed><title>Báo Mẫu</title></feed>"])
def test_an_empty_channel_is_an_empty_feed(body):
    assert parse_feed(body.encode(), URL).entries == ()


BROKEN = {
    "html-entities": rss(item(title="K&yacute; ức &nbsp;&ndash; qu&ecirc;")),
    "control-characters": rss(item(title="Ký\x08 ức – quê\x1f")),
    "illegal-character-reference": rss(item(title="Ký&#x0; ức&#11; – quê")),
    "space-before-the-declaration": b"\n\n " + rss(item(title="Ký ức – quê")),
    "declared-in-another-charset": rss(item(title="Ký ức – quê"), head='<?xml version="1.0" encoding="iso-8859-1"?>'),
    "byte-order-mark": b"\xef\xbb\xbf" + rss(item(title="Ký ức – quê")),
    "unescaped-markup": rss(item(title="Ký ức – quê", description="<p>một<br>hai<p>ba")),
    "a-lone-angle-bracket": rss(item(title="Ký ức – quê", description="1 < 2")),
    "cut-in-the-middle": rss(item(title="Ký ức – quê") + item(title="Tin hai"))[:-60],
    "undeclared-prefix": rss("<item><title>Ký ức – quê</title><link>https://bao.example/a-1.html</link><dc:x>1</dc:x></item>"),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_broken_feed_gives_what_a_reader_would_see(body):
    entry = parse_feed(body, URL).entries[0]
    assert (entry.url, entry.title) == ("https://bao.example/a-1.html", "Ký ức – quê")


HOSTILE = {
    "external-entity": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    "parameter-entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!ENTITY x "boom">]>',
    "external-dtd": '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
    "billion-laughs": "<!DOCTYPE rss [<!ENTITY a 'boom'>"
    + "".join(f"<!ENTITY {n} '{('&' + p + ';') * 10}'>" for p, n in zip("abcdefgh", "bcdefghx", strict=True))
    + "]>",
    "quadratic-blow-up": f"<!DOCTYPE rss [<!ENTITY x '{'boom' * 1000}'>]>",
}


@pytest.mark.parametrize("doctype", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("tail", ["", "<p>unclosed"], ids=["well-formed", "ill-formed"])
def test_no_entity_is_ever_expanded_and_no_dtd_read(doctype, tail):
    body = doctype.encode() + rss(item(title="Tin &x;", description=tail), head="")
    entry = parse_feed(body, URL).entries[0]
    assert "boom" not in (entry.title or "")
    assert "root:" not in (entry.title or "")
    assert len(entry.title or "") < 20


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_a_feed_or_no_feed(body):
    with contextlib.suppress(ParseError):
        parse_feed(body, URL)


pieces = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "https://bao.example/a", "</link>", "<![CDATA[", "]]>", "&", "&#x0;",
     "<!DOCTYPE rss [", "<!ENTITY x 'y'>", "]>", "&x;", "<pubDate>", "8/32/2026 99:00 PM", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>",
     "<a:b xmlns:a='x'>", "<guid isPermaLink='1'>", "\x00", "<!--", "-->", "<?", "?>", "<rdf:RDF>", "<ttl>", "1e999", "<category term='x'/>", "</rss>",
     "<link href='http://['/>", "<author><name>", "<content type='xhtml'><div>", "<description>"]
) | st.text(max_size=6)  # fmt: skip


@given(st.lists(pieces, max_size=30).map("".join))
def test_any_heap_of_feed_markup_is_a_feed_or_no_feed(text):
    try:
        harvest = parse_feed(("<rss>" + text).encode("utf-8", "replace"), URL)
    except ParseError:
        return
    assert all(entry.url.startswith("http") for entry in harvest.entries)


@given(st.datetimes(datetime(1998, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=VIETNAM)))  # noqa: DTZ001
def test_a_time_without_a_zone_is_vietnams(at):
    assert only(rss(item(pubDate=at.strftime("%a, %d %b %Y %H:%M:%S")))).published_at == at - timedelta(0)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("Warning: mysql_connect() failed in /home/bao/rss.php on line 12\n", id="a-warning"),
        pytest.param("<br />\n<b>Notice</b>: Undefined index: page in <b>/home/bao/rss.php</b><br />\n", id="a-warning-in-markup"),
        pytest.param("\n\n<!-- made by CMS -->\n", id="a-comment"),
    ],
)
def test_what_a_server_prints_before_the_feed_is_skipped(before: str):
    assert only(before.encode() + rss(item())).title == "Hội nghị"


def test_a_page_that_mentions_feeds_is_none():
    with pytest.raises(ParseError):
        parse_feed(b"<!DOCTYPE html><html><body><pre><rss version='2.0'></pre></body></html>", URL)


@pytest.mark.parametrize(
    "links",
    [
        pytest.param('<link type="text/html" href="{a}"/><link type="text/html" hreflang="en" href="/en"/>', id="the-first-language"),
        pytest.param('<link rel="self" href="/f"/><link rel="replies" type="text/html" href="/y-kien"/><link href="{a}"/>', id="the-page"),
        pytest.param("<link>https://bao.example/\n   a-1.html</link>", id="broken-and-indented"),
    ],
)
def test_the_links_of_an_ill_formed_feed_are_the_same(links):
    entry = links.format(a="https://bao.example/a-1.html") + "<summary>một<br>hai</summary>"
    assert only(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{entry}</entry></feed>'.encode()).url == "https://bao.example/a-1.html"


def test_attributes_in_capitals_cost_no_more_than_their_number():
    attributes = " ".join(f'A{number}=""' for number in range(20_000))
    began = time.process_time()
    parse_feed(f"<rss><channel {attributes}></channel></rss>".encode(), "https://bao.example/rss")
    assert time.process_time() - began < 2.0
