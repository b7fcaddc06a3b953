"""Which file is the main one."""

from pathlib import Path

import pytest

from config.load import SYSTEM_WIDE, find_config
from config.shipped import SHIPPED


def test_the_option_comes_first(tmp_path):
    assert find_config(Path("x.yaml"), {"CANHBAO_CONFIG": "/e.yaml"}, tmp_path) == tmp_path / "x.yaml"


def test_the_variable_comes_second(tmp_path):
    (tmp_path / "canhbao.yaml").touch()

    assert find_config(None, {"CANHBAO_CONFIG": "/e.yaml"}, tmp_path) == Path("/e.yaml")


def test_the_current_folder_comes_third(tmp_path):
    (tmp_path / "canhbao.yaml").touch()

    assert find_config(None, {"CANHBAO_CONFIG": ""}, tmp_path) == tmp_path / "canhbao.yaml"


@pytest.mark.parametrize("is_there", [pytest.param(SYSTEM_WIDE.exists(), id="as-this-machine-is")])
def test_then_the_system_s_then_the_shipped_one(tmp_path, is_there):
    assert find_config(None, {}, tmp_path) == (SYSTEM_WIDE if is_there else SHIPPED)
