"""Logging, set up once at the start of a command."""

import logging
import sys
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

CHATTY = (
    "httpx",
    "httpcore",
    "apscheduler",
    "aiosmtplib",
    "asyncio",
    "alembic",
    "trafilatura",
    "charset_normalizer",
    "requests",
    "urllib3",
)
"""Libraries that log every request, whole URLs (tokens included) among them: only their warnings are of use here."""

LINE = "<green>{time:HH:mm:ss}</green> <level>{level: <7}</level> {extra[portal]}{extra[source]} <level>{message}</level>"


class _Intercept(logging.Handler):
    """Hands the standard library's records to loguru, with the caller's own place in the code."""

    def emit(self, record: logging.LogRecord) -> None:
        frame: FrameType | None = logging.currentframe()
        depth = 0
        while frame is not None and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            frame, depth = frame.f_back, depth + 1
        level = record.levelname if record.levelname in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL") else record.levelno
        logger.opt(depth=depth, exception=record.exc_info).log(level, "{}", record.getMessage())


def configure(level: str, *, stream: TextIO | None = None, as_json: bool = False) -> None:
    """Log to `stream` (default: standard output). `diagnose` stays off: it prints the values of local variables, secrets included."""
    logger.remove()
    logger.configure(extra={"portal": "", "source": ""}, patcher=_shorten)
    sink = stream or sys.stdout
    if as_json:
        logger.add(sink, level=level.upper(), serialize=True, diagnose=False, backtrace=False)
    else:
        logger.add(sink, level=level.upper(), format=LINE, diagnose=False, backtrace=False)
    logging.basicConfig(handlers=[_Intercept()], level=logging.INFO, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _shorten(record: "Record") -> None:
    extra = record["extra"]
    if extra.get("source") and not extra["source"].startswith("/"):
        extra["source"] = f"/{extra['source']}"
