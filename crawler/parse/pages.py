"""The pages of a list, by their numbers: ?page=2, /page-2.html, /trang-2, /p2."""

import re

PLACEHOLDER = "{page}"
_NUMBER = re.compile(
    r"(?P<before>[?&](?:page|p|trang|pageindex|pagenumber|paged|pi|pageno)=|/(?:page|trang|p)[-/_]?)(?P<n>\d{1,5})(?P<after>(?:\.html?|/)?)(?=[?&/]|$)",
    re.IGNORECASE,
)


def split(url: str) -> tuple[str, int]:
    """The list that `url` is a page of, and the page's number; a URL without one is page 1."""
    found = _NUMBER.search(url)
    if found is None:
        return _bare(url), 1
    rest = url[found.end() :]
    if found["before"].startswith("?") and rest.startswith("&"):
        rest = "?" + rest[1:]
    return _bare(url[: found.start()] + rest), int(found["n"])


def _bare(url: str) -> str:
    head, mark, query = url.partition("?")
    return re.sub(r"(?:/|\.html?)$", "", head) + mark + query


def is_next(url: str, current: str) -> bool:
    """Whether `url` is the page after `current` of the same list."""
    here, number = split(current)
    return split(url) == (here, number + 1)


def following(pattern: str, current: str, first: str) -> str:
    """The page after `current` of the list that begins at `first` and goes on as `pattern`, which holds `{page}`."""
    before, _, after = pattern.partition(PLACEHOLDER)
    found = re.fullmatch(re.escape(before) + r"(\d{1,5})" + re.escape(after), current)
    number = int(found[1]) if found and current != first else 1
    return f"{before}{number + 1}{after}"
