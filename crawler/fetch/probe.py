"""Asking something that always answers whether it is we who are cut off: one question for however many failures, and not too often."""

import asyncio
from collections.abc import Awaitable, Callable

from crawler.fetch.outage import Outage

REST_S = 10.0
"""Between two questions. What fails meanwhile goes by the last answer."""

PATIENCE_S = 10.0


class Probe:
    """`ask` says whether the probe answered; None when it cannot tell."""

    def __init__(self, ask: Callable[[], Awaitable[bool | None]], outage: Outage, *, rest_s: float = REST_S) -> None:
        self._ask, self._outage, self._rest_s = ask, outage, rest_s
        self._asked_at = float("-inf")
        self._flight: asyncio.Task[None] | None = None

    async def consult(self) -> None:
        """Let the outage know what the probe says, unless it was asked just now."""
        if self._flight is None:
            if asyncio.get_running_loop().time() - self._asked_at < self._rest_s:
                return
            self._flight = asyncio.create_task(self._fly(), name="probe")
        await asyncio.shield(self._flight)

    async def aclose(self) -> None:
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)

    async def _fly(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE_S):
                has_answered = await self._ask()
        except TimeoutError:
            has_answered = False
        finally:
            self._asked_at, self._flight = loop.time(), None
        if has_answered is False:
            self._outage.probe_failed(loop.time())
