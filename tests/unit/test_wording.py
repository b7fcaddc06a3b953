"""What a person reads in the terminal is in one language."""

import pytest

from crawler.errors import Failure
from crawler.wording import WORDS, say_choice, say_failure, speak

PAPERS = ["baodongthap", "baoapbac", "baocantho"]


@pytest.mark.parametrize(
    ("language", "word", "known", "said"),
    [
        ("vi", "baodongthapp", PAPERS, "có phải baodongthap?"),
        ("en", "baodongthapp", PAPERS, "did you mean baodongthap?"),
        ("vi", "x", PAPERS, "baoapbac, baocantho, baodongthap"),
        ("vi", "x", map(str, range(20)), "0, 1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 và 8 tên khác"),
        ("vi", "x", [], "chưa có gì"),
    ],
)
def test_what_somebody_may_have_meant_is_said_in_his_language(language, word, known, said):
    assert say_choice(speak(language), word, known) == said


@pytest.mark.parametrize("kind", Failure)
def test_every_failure_has_words_in_both_languages(kind: Failure):
    assert f"failure {kind}" in WORDS
    vietnamese, english = (say_failure(speak(language), kind, "HTTP 418") for language in ("vi", "en"))
    assert vietnamese != english
    assert "{" not in vietnamese + english
