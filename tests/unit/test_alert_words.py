import string
from dataclasses import fields

import pytest

from crawler.alert.words import EN, VI, Words

TEXTS = [field.name for field in fields(Words) if field.name not in {"fields", "unknown_kind", "kinds"}]


@pytest.mark.parametrize("name", TEXTS)
def test_both_languages_fill_in_the_same_places(name):
    assert places(getattr(VI, name)) == places(getattr(EN, name))


@pytest.mark.parametrize("name", ["fields", "kinds"])
def test_both_languages_know_the_same_things(name):
    assert getattr(VI, name).keys() == getattr(EN, name).keys()


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
