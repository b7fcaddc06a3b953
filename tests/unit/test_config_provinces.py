"""The provinces before and after 1 July 2025."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.provinces import MERGED, PROVINCE_NAMES, province_group, province_name, same_province

FACTS = Path(__file__).resolve().parents[2] / "../shared/portals/facts.yaml"


def test_sixty_three_provinces_became_thirty_four():
    before = [name for parts in MERGED.values() for name in parts]

    assert (len(before), len(set(before)), len(MERGED)) == (63, 63, 34)


def test_the_merged_units_are_twenty_three():
    assert sum(len(parts) > 1 for parts in MERGED.values()) == 23


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        pytest.param("Tiền Giang", "Tiền Giang", id="as-spelled"),
        pytest.param("tiền giang", "Tiền Giang", id="lower-case"),
        pytest.param("Tiê\u0300n Giang", "Tiền Giang", id="decomposed"),
        pytest.param("Khánh Hoà", "Khánh Hòa", id="new-tone-placement"),
        pytest.param("Tỉnh Thanh Hoá", "Thanh Hóa", id="with-its-title"),
        pytest.param("TP. Hồ Chí Minh", "TP Hồ Chí Minh", id="city-with-a-dot"),
        pytest.param("TP.HCM", "TP Hồ Chí Minh", id="city-short"),
        pytest.param("Thành phố Huế", "Huế", id="city-in-full"),
        pytest.param("Bà Rịa–Vũng Tàu", "Bà Rịa - Vũng Tàu", id="another-dash"),
        pytest.param("Dong Thap", None, id="without-marks"),
        pytest.param("Thanh Hòa", None, id="another-tone"),
        pytest.param("", None, id="empty"),
        pytest.param("Tỉnh", None, id="title-alone"),
    ],
)
def test_a_province_is_known_however_it_is_spelled(typed, name):
    assert province_name(typed) == name


@pytest.mark.parametrize(
    ("name", "group"),
    [
        pytest.param("Tiền Giang", {"Đồng Tháp", "Tiền Giang"}, id="old-name"),
        pytest.param("Đồng Tháp", {"Đồng Tháp", "Tiền Giang"}, id="name-that-stayed"),
        pytest.param("Huế", {"Huế", "Thừa Thiên Huế"}, id="renamed"),
        pytest.param("Hà Nội", {"Hà Nội"}, id="unchanged"),
        pytest.param("Nowhere", set(), id="unknown"),
    ],
)
def test_a_group_is_every_name_of_the_unit_of_today(name, group):
    assert province_group(name) == group


def test_two_unknown_names_are_not_the_same_province():
    assert not same_province("Nowhere", "Nowhere")


@pytest.mark.parametrize("name", PROVINCE_NAMES)
def test_every_name_is_known_to_itself(name):
    assert province_name(name) == name


@given(st.text())
def test_any_text_has_a_name_or_none(text):
    assert province_name(text) in {None, *PROVINCE_NAMES}


if FACTS.exists():

    @pytest.mark.shared
    def test_the_gathered_facts_agree():
        pairs = re.findall(r"province_63: (.+)\n\s*province_34: ([^(\n]+)", FACTS.read_text(encoding="utf-8"))

        assert len(pairs) >= 60
        assert [pair for pair in pairs if not same_province(*pair) or province_name(pair[1]) not in MERGED] == []
