"""Pages as they came, packed for keeping and unpacked for reading again. Pure.

zstd at level 3: on whole pages of real portals 113 kB become 29 kB in 0.3 ms (docs/decisions/0031-raw-pages.md).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import zstandard

from crawler.model import Page, Validators
from storage.records import RawPage

LEVEL = 3
MOST_BYTES = 64_000_000
"""No page unpacks to more: `http.max_bytes` is far below."""


def pack(page: Page, hint: Mapping[str, Any]) -> RawPage:
    """All that `crawler.reading.read_article` needs to read `page` again, exactly as now."""
    return RawPage(
        requested_url=page.requested_url,
        url=page.url,
        redirects=page.redirects,
        status=page.status,
        content_type=page.content_type,
        fetched_at=page.fetched_at,
        hint=dict(hint),
        body=zstandard.ZstdCompressor(level=LEVEL).compress(page.body),
        body_hash=hashlib.sha256(page.body).hexdigest()[:32],
    )


def unpack(raw: RawPage) -> Page:
    """The page as it came. Its validators are not kept: they are for asking, not for reading."""
    return Page(
        requested_url=raw.requested_url,
        url=raw.url,
        status=raw.status,
        body=zstandard.ZstdDecompressor().decompress(raw.body, max_output_size=MOST_BYTES),
        content_type=raw.content_type,
        validators=Validators(),
        fetched_at=raw.fetched_at,
        redirects=raw.redirects,
    )
