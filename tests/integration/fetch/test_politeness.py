"""What the servers see of our politeness, by their own logs and clocks."""

import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise

from crawler.errors import FetchError
from tests.integration.fetch.serving import Asked, Misbehaviour, Site, answer, open_client

N_ADDRESSES, HOSTS_EACH, PAGES_EACH = 12, 5, 4
HOST_INTERVAL_S, ADDRESS_INTERVAL_S, PER_ADDRESS_MAX = 0.12, 0.01, 4
LATE_S = 0.05  # that the server's task may run after the first request came: address slots count from start to start


def slowly(page: bytes) -> Misbehaviour:
    async def speak(writer: asyncio.StreamWriter, _: Asked) -> None:
        await asyncio.sleep(0.05)
        writer.write(page)

    return speak


async def _visit_everything() -> dict[str, Site]:
    """Many hosts, some on one address, some slow and some closing every connection; everything asked for at once."""
    async with AsyncExitStack() as stack:
        sites = {
            f"127.0.1.{n}": await stack.enter_async_context(
                Site({"*": slowly(answer()) if n % 3 else answer()}, host=f"127.0.1.{n}", port=0)
            )
            for n in range(1, N_ADDRESSES + 1)
        }
        names = {f"bao{k}.a{n}.vn": f"127.0.1.{n}" for n in range(1, N_ADDRESSES + 1) for k in range(HOSTS_EACH)}
        client = await stack.enter_async_context(
            open_client(names=names, per_host_interval_s=HOST_INTERVAL_S, per_address_interval_s=ADDRESS_INTERVAL_S)
        )
        urls = [sites[address].url(f"/{p}", host=host) for host, address in names.items() for p in range(PAGES_EACH)]
        results = await asyncio.gather(*map(client.get, urls), return_exceptions=True)
        assert not [result for result in results if isinstance(result, BaseException) and not isinstance(result, FetchError)]
        return sites


def test_servers_see_their_intervals_and_their_share():
    sites = asyncio.run(_visit_everything())
    for site in sites.values():
        assert len(site.log) == HOSTS_EACH * (PAGES_EACH + 1)
        assert max(asked.n_at_once for asked in site.log) <= PER_ADDRESS_MAX
        for host in {asked.headers["host"] for asked in site.log}:
            times = [asked.at for asked in site.log if asked.headers["host"] == host]
            assert all(after - before >= HOST_INTERVAL_S for before, after in pairwise(times))
        n_slots = len(site.log) - 1
        assert site.log[-1].at - site.log[0].at >= n_slots * ADDRESS_INTERVAL_S - LATE_S
