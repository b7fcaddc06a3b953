"""Regular expressions in watches: google-re2, which takes linear time whatever is typed."""

from functools import lru_cache
from typing import Any

import re2

MOST_CHARACTERS = 500
_MEMORY = 4 << 20  # bytes: an expression that needs more is refused when it is compiled


@lru_cache(maxsize=4096)
def compiled(regex: str) -> Any:
    """Letter case is put aside. Raises: ValueError, with re2's own words."""
    if len(regex) > MOST_CHARACTERS:
        raise ValueError(f"is longer than {MOST_CHARACTERS} characters")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(regex, options)
    except re2.error as error:
        message = error.args[0] if error.args else "is not a regular expression"
        raise ValueError(message.decode() if isinstance(message, bytes) else str(message)) from error
