"""How a proxy is written, and who gets to see its password."""

import pickle

import pytest

from config.base import Refusal
from config.load import ConfigError, load
from config.proxy import read_proxy
from crawler.edition import Edition

SECRET = "hunter2-very-secret"
MAIN = """\
portals: [own]
http: {proxy_file: proxy.txt}
channels: {log: {type: file, path: alerts.jsonl}}
"""
PORTAL = """\
id: mau
name: Mẫu
home: https://mau.example/
proxy: "socks5://canhbao:${PROXY_PASSWORD}@10.0.0.3:1080"
sources: [{id: tin, kind: feed, url: "https://mau.example/tin.rss"}]
"""


@pytest.mark.parametrize(
    ("typed", "shown", "username", "password"),
    [
        pytest.param("http://proxy.bao.test:3128", "http://proxy.bao.test:3128", "", "", id="bare"),
        pytest.param("https://u:p@Proxy.Bao.test:443/", "https://proxy.bao.test:443", "u", "p", id="login"),
        pytest.param("socks5://u%40x:p%3A%C3%A4@[::1]:1080", "socks5://[::1]:1080", "u@x", "p:ä", id="escaped, IPv6"),
    ],
)
def test_a_proxy_is_read_and_shown_without_its_login(typed, shown, username, password):
    proxy = read_proxy(typed)
    assert (str(proxy), proxy.username, proxy.password) == (shown, username, password)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "proxy.bao.test:3128",
        "http://proxy.bao.test",
        "http://:3128",
        "http://u:p@:3128",
        "ftp://proxy.bao.test:21",
        "socks4://proxy.bao.test:1080",
        "socks5h://proxy.bao.test:1080",
        "http://proxy.bao.test:99999",
        "http://proxy.bao.test:0",
        "http://proxy.bao.test:3128/path",
        "http://proxy.bao.test:3128?x=1",
        "http://pro xy.example.org:3128",
        "http://[::1:3128",
        "http://u%FF:p@proxy.bao.test:3128",
        "http://a%3Ab:p@proxy.bao.test:3128",
        f"socks5://u:{'p' * 256}@proxy.bao.test:1080",
    ],
)
def test_what_is_no_proxy_is_refused_without_being_quoted(typed):
    with pytest.raises(Refusal) as refused:
        read_proxy(typed)
    assert not typed or typed not in str(refused.value)


def test_a_password_comes_from_a_file_or_the_environment_and_no_reading_process_gets_it(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "canhbao.yaml").write_text(MAIN, encoding="utf-8")
    (tmp_path / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    (tmp_path / "proxy.txt").write_text(f"http://u:{SECRET}@10.0.0.2:3128\n", encoding="utf-8")
    (tmp_path / "own" / "mau.yaml").write_text(PORTAL, encoding="utf-8")

    edition = Edition.of(load(tmp_path / "canhbao.yaml", environ={"PROXY_PASSWORD": SECRET}))

    near, far = edition.ways.proxy, edition.ways.proxy_by_host["mau.example"]
    assert near is not None
    assert far is not None
    assert (near.password, far.password) == (SECRET, SECRET)
    assert SECRET not in repr(edition.ways)
    assert SECRET.encode() not in pickle.dumps(edition.config.portals["mau"])


def test_a_wrong_proxy_is_named_by_its_place_and_its_value_is_not_shown(tmp_path):
    (tmp_path / "own").mkdir()
    main = MAIN.replace("proxy_file: proxy.txt", f'proxy: "http://u:{SECRET}@proxy"')
    (tmp_path / "canhbao.yaml").write_text(main, encoding="utf-8")
    (tmp_path / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    (tmp_path / "own" / "mau.yaml").write_text(PORTAL.replace("1080", "port"), encoding="utf-8")

    with pytest.raises(ConfigError) as raised:
        load(tmp_path / "canhbao.yaml", environ={"PROXY_PASSWORD": SECRET})

    problems = raised.value.problems
    assert len(problems) == 2
    assert any("canhbao.yaml:2: http.proxy: is not a proxy" in problem for problem in problems)
    assert any("mau.yaml:4: proxy: is not a proxy" in problem for problem in problems)
    assert not [problem for problem in problems if SECRET in problem]
