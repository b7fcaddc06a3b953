import codecs
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.parse import mojibake
from crawler.parse.charset import decode
from tests.old_charsets import tcvn3, vni

TEXT = "Đồng Tháp: công tác Dân vận tiếp tục có sự đổi mới về nội dung, hình thức, gần dân và sát cơ sở hơn trước"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def references(body: bytes) -> bytes:
    """As FrontPage wrote what is beyond ASCII."""
    return "".join(char if char.isascii() else f"&#{ord(char)};" for char in body.decode("latin-1")).encode()


def windows_1258(text: str) -> bytes:
    """As Windows writes Vietnamese: a letter with its vowel mark, then the tone as a character of its own."""
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        out.append(unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES)) + "".join(c for c in parts if c in TONES))
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "how"),
    [
        pytest.param(TEXT.encode(), None, "utf-8", "utf-8", id="plain-utf-8"),
        pytest.param(TEXT.encode(), "text/html; charset=iso-8859-1", "utf-8", "utf-8", id="utf-8-served-as-latin"),
        pytest.param(f"<meta charset=windows-1252>{TEXT}".encode(), None, "utf-8", "utf-8", id="utf-8-that-calls-itself-windows-1252"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=latin1", "utf-8", "bom", id="utf-8-with-mark"),
        pytest.param(TEXT.encode("utf-16"), None, "utf-16-le", "bom", id="utf-16-with-mark"),
        pytest.param(TEXT.encode("utf-32"), None, "utf-32-le", "bom", id="utf-32-with-mark"),
        pytest.param(("<p>" * 99 + TEXT).encode("utf-16-le"), None, "utf-16-le", "detected", id="utf-16-without-mark"),
        pytest.param(("<p>" * 99 + TEXT).encode("utf-16-be"), None, "utf-16-be", "detected", id="utf-16-big-endian-without-mark"),
        pytest.param(windows_1258(TEXT), "text/html; charset=windows-1258", "cp1258", "header", id="windows-1258-by-header"),
        pytest.param(b'<meta charset="windows-1258">' + windows_1258(TEXT), None, "cp1258", "meta", id="windows-1258-by-meta"),
        pytest.param(
            b'<?xml version="1.0" encoding="windows-1258"?>' + windows_1258(TEXT), None, "cp1258", "meta", id="windows-1258-by-xml"
        ),
        pytest.param(windows_1258(TEXT), "text/html; charset=iso-8859-1", "cp1258", "detected", id="windows-1258-served-as-latin"),
        pytest.param(windows_1258(TEXT), None, "cp1258", "detected", id="windows-1258-without-a-word"),
        pytest.param(windows_1258("Đồng Tháp"), None, "cp1258", "detected", id="windows-1258-of-two-words"),
        pytest.param(windows_1258(TEXT), "text/html; charset=utf-8", "cp1258", "detected", id="windows-1258-served-as-utf-8"),
        pytest.param(tcvn3(TEXT), "text/html; charset=x-user-defined", "tcvn3", "detected", id="tcvn3-of-no-known-name"),
        pytest.param(tcvn3(TEXT), "text/html; charset=windows-1252", "tcvn3", "detected", id="tcvn3-served-as-windows-1252"),
        pytest.param(tcvn3(TEXT), "text/html; charset=windows-1258", "tcvn3", "detected", id="tcvn3-served-as-windows-1258"),
        pytest.param(tcvn3(TEXT), None, "tcvn3", "detected", id="tcvn3-without-a-word"),
        pytest.param(tcvn3(TEXT).decode("latin-1").encode(), None, "tcvn3", "detected", id="tcvn3-turned-into-utf-8"),
        pytest.param(references(tcvn3(TEXT)), None, "tcvn3", "detected", id="tcvn3-written-as-references"),
        pytest.param(vni(TEXT), "text/html; charset=iso-8859-1", "vni", "detected", id="vni-served-as-latin"),
        pytest.param(vni(TEXT), None, "vni", "detected", id="vni-without-a-word"),
        pytest.param(vni(TEXT).decode("latin-1").encode(), "text/html; charset=utf-8", "vni", "detected", id="vni-turned-into-utf-8"),
        pytest.param(references(vni(TEXT)), None, "vni", "detected", id="vni-written-as-references"),
    ],
)
def test_vietnamese_is_read_whatever_the_server_says(body, content_type, encoding, how):
    decoded = decode(body, content_type)
    assert TEXT.startswith(decoded.text) or decoded.text.endswith(TEXT)
    assert (decoded.encoding, decoded.how, decoded.is_suspect) == (encoding, how, False)


def test_the_documents_own_declaration_wins_over_the_header():
    decoded = decode(
        b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">\xcf\xf0\xe8\xe2\xe5\xf2', "text/html; charset=gbk"
    )
    assert decoded.text.endswith("Привет")
    assert decoded.how == "meta"


def test_a_declaration_that_names_no_charset_is_ignored():
    assert decode(b"<meta charset=zip>caf\xe9", "text/html; charset=cp1252").how == "header"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Été: déjà vu à Genève", id="french"),
        pytest.param(
            "L’élève était très fâché d’être resté à côté de la forêt, là-bas, où le garçon naïf rêvait d’une île française",
            id="more-french",
        ),
        pytest.param("Schöne Grüße aus München: Über die Brücke führt kein Weg, sagt der Bürgermeister von Köln", id="german"),
        pytest.param("El niño está aquí, según dijo mañana el señor Núñez; también habló del corazón y de la canción", id="spanish"),
        pytest.param("Não há informação: a eleição de São Paulo será amanhã, às três, e o coração também não está lá", id="portuguese"),
        pytest.param("A naïve café owner’s résumé: Zoë, Noël and Brontë – £5 and €6 for a piñata", id="english-with-loans"),
        pytest.param("På lördag kväll åker vi till Göteborg för att äta räkor på en ö i skärgården", id="swedish"),
    ],
)
@pytest.mark.parametrize(
    ("encoding", "content_type"), [("cp1252", "text/html; charset=iso-8859-1"), ("utf-8", None), ("utf-8", "text/html; charset=latin1")]
)
def test_other_languages_are_taken_for_no_vietnamese_of_old(text, encoding, content_type):
    decoded = decode(text.encode(encoding), content_type)
    assert (decoded.text, decoded.is_suspect, decoded.is_repaired) == (text, False, False)


def test_a_character_cut_at_the_end_leaves_the_rest():
    assert decode(TEXT.encode() + "ố".encode()[:-1], None).text == TEXT


def test_one_foreign_byte_leaves_a_page_utf_8():
    decoded = decode(TEXT.encode() * 20 + b" \xe1 " + TEXT.encode(), "text/html; charset=iso-8859-1")
    assert (decoded.encoding, decoded.is_suspect) == ("utf-8", False)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(TEXT.encode().decode("cp1252", "replace").encode(), id="twice-encoded-by-way-of-windows-1252-with-losses"),
        pytest.param(TEXT.encode().decode("latin-1").replace("\x91", "?").encode(), id="twice-encoded-and-cut"),
        pytest.param("C\ufffdng t\ufffdc d\ufffdn v\ufffdn".encode(), id="letters-lost-before-us"),
    ],
)
def test_text_that_was_spoilt_is_marked(body):
    assert decode(body, None).is_suspect


def browser_1252(body: bytes) -> str:
    """windows-1252 as browsers and PHP read it: the five bytes it leaves out are control characters."""
    return "".join(chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" else bytes([byte]).decode("cp1252") for byte in body)


@pytest.mark.parametrize("misread", [lambda body: body.decode("latin-1"), browser_1252], ids=["latin-1", "windows-1252"])
def test_what_was_encoded_twice_is_read_where_every_letter_comes_back(misread):
    decoded = decode((misread(TEXT.encode()) + " – “được”").encode(), None)
    assert (decoded.text, decoded.is_repaired, decoded.is_suspect) == (TEXT + " – “được”", True, False)


def test_zeros_do_not_reach_the_parsers():
    assert decode(b"D\x00" + TEXT.encode(), None).text == "D" + TEXT


@given(
    st.binary(max_size=400),
    st.none() | st.text(max_size=40) | st.sampled_from(["charset=utf-16", "charset=hex", "charset=undefined", "charset=idna"]),
)
def test_any_bytes_at_all_become_text(body, content_type):
    assert "\x00" not in decode(body, content_type).text


@given(st.text(), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_marked_or_plain_unicode_comes_back_as_it_was_written(text, encoding):
    text = text.replace("\x00", "")
    assume(mojibake.legacy_of(text) is None and not mojibake.is_garbled(text))
    if encoding != "utf-8" or not text.startswith("\ufeff"):
        assert decode(text.encode(encoding), None).text == text
