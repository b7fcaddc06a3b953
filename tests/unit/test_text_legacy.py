import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.text.legacy import READERS, recognise
from crawler.text.syllables import is_syllable
from tests.old_charsets import parts, tcvn3, vni

WRITERS = {"tcvn3": tcvn3, "vni": vni}
_SYLLABLES = (
    "ạ ấp bằng bẩy bịnh bộ bữa càng cải cầu chẵn chẳng chếch chỗ chữ cơ của cũng dân dẫu dự đã đắk đẵn đặng đầu để đều đĩa đôi đổi đồng "
    "được đường ễnh gặp gần gì giếng giữa gỡ hẵng hằng hẻm hiếu hoà hòa hội huỳnh huyện hữu ít kẽ kẹt khắp khẽ khoẻ khỏe khuỷu khuya kì kỳ "
    "kỷ kỹ kỵ lẫy lẽ lở luỹ lũy mẫu mỗi mỹ mười nẻo nghiêng nghị ngã ngẫu ngoằn ngoèo người nguyễn nhẫn những nông nữa nước oản oải ở ổn ớt ông "
    "phẩm phụ quả quằn quốc quy quý quyết quyền rẫy rượu sẵn sĩ sửa sữa tẩy thế thở thủy thuở thượng tỉnh tiến tĩnh tỵ trẻ trưởng tuệ tỷ ừ "
    "ưỡn uống ứng ướt vẫn vẹn về việc vỡ vũ vượt xã xuất xuống xuồng yếu ý à ả ẩn ẵm ấy ắt"
)
SYLLABLES = _SYLLABLES.split()
PLAIN = ["dan", "van", "khoe", "cua", "theo", "trong", "ba", "hai", "2026", "1.000", "UBND"]


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Words in every case, with the punctuation of newspapers between and around them."""
    words = draw(st.lists(st.sampled_from(SYLLABLES), min_size=10, max_size=40, unique=True))
    cases = st.sampled_from(["lower", "lower", "capitalize", "upper"])
    words = words[:6] + [getattr(word, draw(cases))() for word in words[6:]]
    words += draw(st.lists(st.sampled_from(PLAIN), max_size=8))
    words = draw(st.permutations(words))
    around = st.sampled_from(["{}", "{}", "{}", "{},", "({})", "“{}”", "{}…", "{}.", "{}:", "<b>{}</b>", "– {}", "{} —", "• {}", "‘{}’"])
    return " ".join(draw(around).format(word) for word in words)


@pytest.mark.parametrize("name", WRITERS)
@given(text=sentences())
def test_any_sentence_is_recognised_and_comes_back_as_it_was_written(name, text):
    latin = WRITERS[name](text).decode("latin-1")
    assume(name != "tcvn3" or not ambiguous(text))
    assert recognise(latin) == name
    assert READERS[name](latin) == text


def ambiguous(text: str) -> bool:
    """A quotation mark before a small vowel has the byte of a capital, and may make a syllable with what follows: “i reads as Ỏi."""
    capitals = {"“": "Ỏ", "‘": "Ị", "”": "Õ", "’": "Ò", "…": "Ặ"}
    words = text.replace("<b>", " ").replace("</b>", " ").replace("(", " ").split()
    return any(is_syllable("".join(capitals.get(char, char) for char in word)) for word in words if set(word) & set(capitals))


@pytest.mark.parametrize("word", SYLLABLES)
def test_the_words_of_these_tests_are_syllables(word):
    assert is_syllable(word)
    assert is_syllable(word.upper())


@pytest.mark.parametrize(
    "word", ["", "cafộ", "lỔ", "été", "giàu-", "ỏanh", "chiến2", "aoõ", "điÕ", "tổộ", "ngh", "jà", "óan", "tóan", "nghiênggg", "ă", "â"]
)
def test_what_is_built_otherwise_is_none(word):
    assert not is_syllable(word)


@given(st.text())
def test_any_text_at_all_can_be_asked(text):
    latin = text.encode("latin-1", "replace").decode("latin-1")
    recognise(latin)
    for read in READERS.values():
        read(latin)


@given(st.text(alphabet=st.characters(max_codepoint=0x7E), max_size=200))
def test_plain_ascii_and_its_markup_are_left_alone(text):
    kept = text.translate({code: None for code in range(32) if code not in (9, 10, 13)})
    assert recognise(kept) is None
    assert all(read(kept) == kept for read in READERS.values())


@pytest.mark.parametrize("char", ["ầ", "Ữ", "đ", "x"])
def test_a_letter_is_taken_apart_by_the_tests_own_means(char):
    letter, tone = parts(char)
    assert len(letter) == 1
    assert len(tone) <= 1
