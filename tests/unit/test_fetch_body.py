import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Failure
from crawler.fetch.body import BoundedBody
from crawler.fetch.failures import FaultError


def read(raw: bytes, coding: str | None = "gzip", *, max_bytes: int = 100_000, cuts: tuple[int, ...] = ()) -> bytes:
    body = BoundedBody(coding, max_bytes)
    edges = sorted({0, len(raw), *(cut % (len(raw) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        body.feed(raw[start:end])
    return body.finish()


@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=4), cuts=st.tuples(*[st.integers(0, 2000)] * 6))
def test_gzip_members_are_joined_wherever_the_chunks_are_cut(parts, cuts):
    assert read(b"".join(gzip.compress(part) for part in parts), cuts=cuts) == b"".join(parts)


@given(body=st.binary(max_size=500), cuts=st.tuples(*[st.integers(0, 600)] * 3))
def test_deflate_is_read_with_its_frame(body, cuts):
    assert read(zlib.compress(body), "deflate", cuts=cuts) == body


@given(body=st.binary(min_size=1, max_size=500), coding=st.sampled_from([None, "", "identity", "UTF-8"]))
def test_plain_bodies_are_handed_through(body, coding):
    assert read(body, coding, cuts=(3, 99)) == body


@given(raw=st.binary(max_size=300), coding=st.sampled_from(["gzip", "deflate", "x-gzip", "br", "gzip, br", "\x00"]))
def test_noise_is_a_body_or_a_fault(raw, coding):
    try:
        assert len(read(raw, coding, max_bytes=10_000)) <= 10_000
    except FaultError as error:
        assert error.kind in {Failure.BAD_ENCODING, Failure.TRUNCATED, Failure.TOO_LARGE}  # noqa: PT017  either outcome is right


@pytest.mark.parametrize("n_bytes", [99_999, 100_000])
def test_a_body_may_be_as_large_as_its_cap(n_bytes):
    assert len(read(gzip.compress(bytes(n_bytes)))) == n_bytes


@pytest.mark.parametrize(
    "raw", [gzip.compress(bytes(100_001)), gzip.compress(bytes(60_000)) * 2, gzip.compress(bytes(10_000_000))], ids=["one", "two", "bomb"]
)
def test_a_byte_more_is_too_large(raw):
    with pytest.raises(FaultError) as caught:
        read(raw)
    assert caught.value.kind is Failure.TOO_LARGE


def test_the_raw_bytes_are_capped_too():
    with pytest.raises(FaultError) as caught:
        read(bytes(100_001), None)
    assert caught.value.kind is Failure.TOO_LARGE


def test_an_empty_body_needs_no_gzip_frame():
    assert read(b"") == b""
