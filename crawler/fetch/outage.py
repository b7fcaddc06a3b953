"""Telling our own outage from theirs: when everybody is unreachable, it is us. Pure."""

from collections import deque

WINDOW_S = 120.0  # issue 3: "within two minutes"
MIN_HOSTS = 3  # fewer silent hosts say nothing about us


class Outage:
    """Fed with every attempt to connect. Offline once MIN_HOSTS hosts failed and none answered in WINDOW_S; the first answer ends it."""

    def __init__(self, *, window_s: float = WINDOW_S, min_hosts: int = MIN_HOSTS) -> None:
        self._window_s, self._min_hosts = window_s, min_hosts
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
        while self._failed[0][0] < at_s - self._window_s:
            self._failed.popleft()
        silent = at_s - self._last_success_s >= self._window_s
        if silent and len({failed for _, failed in self._failed}) >= self._min_hosts:
            self._offline_since_s = self._failed[0][0]
