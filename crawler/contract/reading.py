"""What a page gave, as the contract counts it. Pure."""

from collections.abc import Sequence
from hashlib import blake2b

from storage.records import Reading

DEGRADED = "degraded: the portal's rules no longer fit its pages"
"""Of an article read while the portal's contract is broken: it may lack what the paper published, until it is read again."""
_SIGN_BYTES = 5


def reading_of(found: Sequence[tuple[str, object]], *, title: str | None, paragraphs: Sequence[str], date: str | None) -> Reading:
    """`found`: each field with what was found for it; what is empty was not kept."""
    said = {"title": title, "text": "\n".join(paragraphs), "date": date}
    return Reading(
        kept=tuple(name for name, value in found if value),
        n_chars=sum(map(len, paragraphs)),
        signs={name: blake2b(value.encode(), digest_size=_SIGN_BYTES).hexdigest() for name, value in said.items() if value},
    )
