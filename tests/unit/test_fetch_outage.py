import pytest

from crawler.errors import Failure, FetchError
from crawler.fetch.outage import Outage, may_be_ours


@pytest.mark.parametrize(
    ("contacts", "offline"),
    [
        pytest.param([], False, id="nothing tried"),
        pytest.param([(0, "a", False), (1, "b", False)], False, id="two hosts may be down"),
        pytest.param([(0, "a", False), (1, "b", False), (2, "c", False)], True, id="three hosts in a row are us"),
        pytest.param([(0, "a", False), (1, "a", False), (2, "b", False), (3, "b", False)], False, id="the same two again"),
        pytest.param([(0, "a", False), (1, "d", True), (2, "b", False), (3, "c", False)], False, id="one answers in between"),
        pytest.param([(0, "d", True), (100, "a", False), (101, "b", False), (102, "c", False)], False, id="one answered lately"),
        pytest.param([(0, "d", True), (121, "a", False), (122, "b", False), (123, "c", False)], True, id="one answered long ago"),
        pytest.param(
            [(0, "d", True), (90, "a", False), (100, "b", False), (121, "c", False)], True, id="failures before the verdict count"
        ),
        pytest.param([(0, "a", False), (200, "b", False), (400, "c", False)], False, id="too far apart"),
        pytest.param([(0, "a", False), (1, "b", False), (2, "c", False), (900, "a", False)], True, id="stays until somebody answers"),
        pytest.param([(0, "a", False), (1, "b", False), (2, "c", False), (3, "a", True)], False, id="ends with the first answer"),
        pytest.param(
            [(0, "a", False), (1, "b", False), (2, "c", False), (3, "a", True), (4, "b", False)], False, id="one straggler is no outage"
        ),
    ],
)
def test_when_everybody_is_silent_it_is_us(contacts, offline):
    outage = Outage()
    for at_s, host, connected in contacts:
        outage.note(at_s, host, connected=connected)
    assert outage.is_offline is offline


def test_a_probe_that_fails_is_enough():
    outage = Outage()
    outage.note(0, "d", connected=True)
    outage.note(5, "a", connected=False)
    outage.probe_failed(7)
    assert (outage.is_offline, outage.since_s) == (True, 5)


def test_an_answer_ends_what_the_probe_said():
    outage = Outage()
    outage.probe_failed(7)
    outage.note(8, "a", connected=True)
    assert not outage.is_offline


@pytest.mark.parametrize(
    ("kind", "connected", "ours"),
    [
        pytest.param(Failure.DNS, False, True, id="no name"),
        pytest.param(Failure.REFUSED, False, True, id="no connection"),
        pytest.param(Failure.TIMEOUT, True, True, id="silent in the middle"),
        pytest.param(Failure.HTTP_5XX, True, False, id="a word of theirs"),
        pytest.param(Failure.GUARDED, True, False, id="our own refusal"),
    ],
)
def test_only_silence_may_be_ours(kind, connected, ours):
    assert may_be_ours(FetchError("http://a.vn/", "x", kind=kind, connected=connected)) is ours


def test_an_outage_began_with_its_first_failure():
    outage = Outage()
    for at_s, host in ((5, "a"), (6, "b"), (9, "c")):
        outage.note(at_s, host, connected=False)
    assert outage.since_s == 5
