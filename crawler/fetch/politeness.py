"""The one gate that every request passes: its host's turn, then its address's turn."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

PATIENCE_S = 30.0  # a host that asks for a longer pause fails its callers at once: waiting would outlast their leases
PER_ADDRESS_MAX = 4  # requests at a time to one address; sixteen portals on one platform stay pollable
PAUSE_INTERVALS = 6  # after a 429 or 503 without Retry-After, doubled each time: half a minute, then a minute …
MIN_PAUSE_S = 1.0
MAX_PAUSE_S = 86_400.0
MAX_SLOWDOWN = 32.0
RECOVERY = 0.8  # of the slow-down, per good answer: from the worst back to normal in 16
FORGET_AFTER_S = 86_400.0  # a slow-down that nobody met again
SWEEP_FROM = 256


class PausedError(Exception):
    """The host asked to be left alone for `remaining_s`, more than we wait for."""

    def __init__(self, remaining_s: float) -> None:
        super().__init__(f"asked to be left alone for {remaining_s:.0f} s")
        self.remaining_s = remaining_s


class Lane:
    """A queue, first come first served: at most `width` inside, and `interval_s` between turns.

    The interval runs from the end of a turn to the start of the next where `from_end` (so that the server, too, sees it, however
    long connecting takes), else from start to start. A turn is `async with lane: …`.
    """

    __slots__ = ("_from_end", "_timer", "_waiting", "_width", "interval_s", "last_at", "n_running", "paused_until", "slowdown")

    def __init__(self, width: int, *, from_end: bool) -> None:
        self._width, self._from_end = width, from_end
        self._waiting: OrderedDict[asyncio.Future[None], None] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None
        self.n_running = 0
        self.interval_s = 0.0
        self.slowdown = 1.0
        self.last_at = self.paused_until = float("-inf")

    @property
    def ready_at(self) -> float:
        """When the next turn may start, on the loop's clock, if nobody is inside."""
        return max(self.paused_until, self.last_at + self.interval_s * self.slowdown)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self.paused_until - now > PATIENCE_S:
            raise PausedError(self.paused_until - now)
        if not self._waiting and self.n_running < self._width and self.ready_at <= now:
            self._start(now)
            return self
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting[turn] = None
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            self._waiting.pop(turn, None)
            if not turn.cancelled() and turn.exception() is None:
                self._leave()  # the turn came in the very moment of the cancellation: pass it on
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def pause_until(self, until: float) -> None:
        """No turn before `until`. Those who would wait too long for that are told at once."""
        self.paused_until = max(self.paused_until, until)
        remaining_s = self.paused_until - asyncio.get_running_loop().time()
        if remaining_s > PATIENCE_S:
            while self._waiting:
                turn, _ = self._waiting.popitem(last=False)
                if not turn.done():
                    turn.set_exception(PausedError(remaining_s))

    def wait_s(self, now: float) -> float:
        """How long somebody who came now would wait, those inside leaving at once."""
        n_ahead = len(self._waiting) + (self.n_running if self._from_end else 0)
        return max(0.0, self.ready_at - now) + n_ahead * self.interval_s * self.slowdown

    def queue_s(self, now: float) -> float:
        """As `wait_s`, any pause aside."""
        pause_s = self.interval_s * self.slowdown
        return max(0.0, self.last_at + pause_s - now) + len(self._waiting) * pause_s

    def is_idle(self, now: float) -> bool:
        """Whether forgetting this lane changes nothing."""
        rested = self.ready_at <= now and (self.slowdown <= 1 or self.last_at + FORGET_AFTER_S < now)
        return rested and not self._waiting and not self.n_running

    def _start(self, now: float) -> None:
        self.n_running += 1
        self.last_at = now

    def _leave(self) -> None:
        self.n_running -= 1
        if self._from_end:
            self.last_at = asyncio.get_running_loop().time()
        self._serve()

    def _serve(self) -> None:
        """Let in whoever may come; wake again when the next one may. Touches the head of the queue only."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        while self._waiting and self.n_running < self._width:
            now = loop.time()
            if self.ready_at > now:
                self._timer = loop.call_at(self.ready_at, self._serve)
                return
            turn, _ = self._waiting.popitem(last=False)
            if not turn.done():  # else cancelled, and its task has not run yet
                self._start(now)
                turn.set_result(None)


class Gate:
    """Lanes of all hosts (one request at a time) and addresses (a few), forgotten when idle. Belongs to one running loop."""

    def __init__(self, *, per_host_interval_s: float, per_address_interval_s: float, per_address_max: int = PER_ADDRESS_MAX) -> None:
        self.per_host_interval_s, self.per_address_interval_s = per_host_interval_s, per_address_interval_s
        self._per_address_max = per_address_max
        self._hosts: dict[str, Lane] = {}
        self._addresses: dict[str, Lane] = {}
        self._sweep_at = SWEEP_FROM

    def host(self, host: str, *, interval_s: float | None = None) -> Lane:
        """The lane of `host`, to be entered; `interval_s` is the portal's own pause or its Crawl-delay. Entering raises: PausedError."""
        lane = self._hosts.get(host)
        if lane is None:
            self._sweep()
            lane = self._hosts[host] = Lane(1, from_end=True)
        lane.interval_s = self.per_host_interval_s if interval_s is None else interval_s
        return lane

    def address(self, address: str) -> Lane:
        """The lane of `address`, to be entered inside the host's turn."""
        lane = self._addresses.get(address)
        if lane is None:
            lane = self._addresses[address] = Lane(self._per_address_max, from_end=False)
        lane.interval_s = self.per_address_interval_s
        return lane

    def pause(self, host: str, pause_s: float) -> None:
        """Nobody asks `host` for `pause_s` seconds, at most a day."""
        lane = self._hosts.get(host) or self.host(host)
        lane.pause_until(asyncio.get_running_loop().time() + min(pause_s, MAX_PAUSE_S))

    def throttled(self, host: str, retry_after_s: float | None) -> float:
        """`host` said 429 or 503: pause and slow down for everybody. The pause in seconds."""
        lane = self._hosts.get(host) or self.host(host)
        wanted_s = max(MIN_PAUSE_S, PAUSE_INTERVALS * lane.interval_s)
        pause_s = wanted_s * lane.slowdown if retry_after_s is None else retry_after_s
        lane.slowdown = min(lane.slowdown * 2, MAX_SLOWDOWN)
        self.pause(host, pause_s)
        return pause_s

    def succeeded(self, host: str) -> None:
        lane = self._hosts.get(host)
        if lane is not None and lane.slowdown > 1:
            lane.slowdown = max(1.0, lane.slowdown * RECOVERY)

    def would_wait_s(self, host: str) -> float:
        """How long a request to `host` that came now would wait for the host's turn."""
        lane = self._hosts.get(host)
        return 0.0 if lane is None else lane.wait_s(asyncio.get_running_loop().time())

    def busy_hosts(self, within_s: float = 0.0) -> frozenset[str]:
        """Hosts at which a request would wait longer than `within_s`: not worth claiming work for."""
        now = asyncio.get_running_loop().time()
        return frozenset(host for host, lane in self._hosts.items() if lane.wait_s(now) > within_s or lane.n_running)

    def distant_hosts(self, beyond_s: float) -> frozenset[str]:
        """Hosts at which a request would wait longer than `beyond_s` for those before it; pauses, which fail at once, aside."""
        now = asyncio.get_running_loop().time()
        return frozenset(host for host, lane in self._hosts.items() if lane.queue_s(now) > beyond_s)

    def state(self, now: datetime) -> Mapping[str, Mapping[str, Any]]:
        """What must survive a restart, as JSON types: per host when it may be asked again (ISO 8601) and how slowed down it is."""
        clock = asyncio.get_running_loop().time()
        return {
            host: {"ready_at": (now + timedelta(seconds=max(0.0, lane.ready_at - clock))).isoformat(), "slowdown": lane.slowdown}
            for host, lane in self._hosts.items()
            if not lane.is_idle(clock)
        }

    def restore(self, state: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
        """Go on where `state` was taken. A clock that was set back costs at most a day."""
        clock = asyncio.get_running_loop().time()
        for host, kept in state.items():
            lane = self.host(host)
            wait_s = (datetime.fromisoformat(kept["ready_at"]) - now).total_seconds()
            lane.slowdown = min(max(1.0, float(kept["slowdown"])), MAX_SLOWDOWN)
            lane.last_at = clock - lane.interval_s * lane.slowdown
            lane.paused_until = clock + min(max(0.0, wait_s), MAX_PAUSE_S)

    def _sweep(self) -> None:
        """Forget idle lanes, each time as many again were added, so that it costs nothing per request."""
        if len(self._hosts) + len(self._addresses) < self._sweep_at:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {host: lane for host, lane in self._hosts.items() if not lane.is_idle(now)}
        self._addresses = {address: lane for address, lane in self._addresses.items() if not lane.is_idle(now)}
        self._sweep_at = SWEEP_FROM + 2 * (len(self._hosts) + len(self._addresses))
