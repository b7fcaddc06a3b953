"""What is said to somebody who wrote the name of nothing, in the language of the rest."""

import pytest

from crawler.commands.showing import meant
from crawler.wording import Language, speak


@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("vi", "baodongthp", "ý bạn là baodongthap?"),
        ("en", "baodongthp", "did you mean baodongthap?"),
        ("vi", "xyz", "baodongthap, baonghean"),
    ],
)
def test_the_nearest_name_or_all_there_are(language: Language, word: str, said: str):
    assert meant(speak(language), word, ["baonghean", "baodongthap"]) == said


def test_a_long_list_is_cut_short():
    assert meant(speak("vi"), "xyz", [f"bao{n:02}" for n in range(14)]).endswith("bao11 và 2 mã khác")
