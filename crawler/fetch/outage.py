"""Telling our own outage from theirs: when everybody is unreachable, it is us. Pure."""

from collections import deque

from crawler.errors import Failure, FetchError

WINDOW_S = 120.0  # issue 3: "within two minutes"
MIN_HOSTS = 3  # fewer silent hosts say nothing about us


class Outage:
    """Fed with every attempt to connect. Offline once MIN_HOSTS hosts failed and none answered in WINDOW_S; the first answer ends it.

    Where a probe is asked (`probe.py`), its word is enough.
    """

    def __init__(self, *, window_s: float = WINDOW_S, min_hosts: int = MIN_HOSTS) -> None:
        self.window_s, self._min_hosts = window_s, min_hosts
        self._failed: deque[tuple[float, str]] = deque()
        self._last_success_s = float("-inf")
        self._offline_since_s: float | None = None

    @property
    def is_offline(self) -> bool:
        return self._offline_since_s is not None

    @property
    def since_s(self) -> float | None:
        """When the first of the failures happened that made us say offline, on the clock of `note`."""
        return self._offline_since_s

    def note(self, at_s: float, host: str, *, connected: bool) -> None:
        """`host` took a connection at `at_s`, or did not. Times never go back."""
        if connected:
            self._last_success_s = at_s
            self._failed.clear()
            self._offline_since_s = None
            return
        if self._offline_since_s is not None:
            return
        self._failed.append((at_s, host))
        self._forget_before(at_s - self.window_s)
        silent = at_s - self._last_success_s >= self.window_s
        if silent and len({failed for _, failed in self._failed}) >= self._min_hosts:
            self._offline_since_s = self._failed[0][0]

    def probe_failed(self, at_s: float) -> None:
        """What always answers does not: whoever failed just now failed because of us."""
        if self._offline_since_s is None:
            self._forget_before(at_s - self.window_s)
            self._offline_since_s = self._failed[0][0] if self._failed else at_s

    def _forget_before(self, at_s: float) -> None:
        while self._failed and self._failed[0][0] < at_s:
            self._failed.popleft()


def may_be_ours(error: FetchError) -> bool:
    """Whether the failure looks the same when the fault is ours: nobody answered, or they fell silent in the middle."""
    return not error.connected or error.kind in {Failure.TIMEOUT, Failure.RESET}
