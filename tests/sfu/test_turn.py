"""Our coturn configuration in the real coturn: short-lived credentials, nothing relayed into private networks."""

import asyncio
import base64
import hashlib
import hmac
import os
import socket
import subprocess
import time

import pytest
from aioice import turn as client
from playwright.async_api import async_playwright

from sessions_live.media.turn import Turn
from tests.sfu.coturn import COTURN, SECRET, start, stop
from tests.sfu.pages import enter, sees
from tests.sfu.stage import Stage, until

pytestmark = pytest.mark.media


@pytest.fixture
async def coturn(tmp_path):
    process, port = await start(tmp_path)
    yield port
    await stop(process)


async def allocate(port, server, *, transport="udp"):
    """Allocate a relay with credentials as a browser does; return the transport."""
    relay, _ = await client.create_turn_endpoint(
        asyncio.DatagramProtocol, server_addr=("127.0.0.1", port), username=server["username"],
        password=server["credential"], transport=transport,
    )  # fmt: skip
    return relay


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_credentials_of_the_product_are_good(coturn, transport):
    turn = Turn(urls=(f"turn:127.0.0.1:{coturn}",), secret=SECRET)
    (server,) = turn.servers(peer="tess", now=time.time())
    relay = await allocate(coturn, server, transport=transport)
    assert relay.get_extra_info("sockname")[0] == "127.0.0.1"
    relay.close()


@pytest.mark.parametrize("wrong", ["expired", "forged", "guessed"])
async def test_other_credentials_are_refused(coturn, wrong):
    now = time.time() - (3600 if wrong == "expired" else 0)
    secret = "somebody-elses-secret-0123456789abc" if wrong == "forged" else SECRET
    (server,) = Turn(urls=("turn:x",), secret=secret).servers(peer="tess", now=now)
    if wrong == "guessed":
        server["credential"] = base64.b64encode(hmac.new(b"x", b"y", hashlib.sha1).digest()).decode()
    with pytest.raises(Exception, match="401|[Uu]nauthorized"):
        await allocate(coturn, server)


async def arrives(port):
    """Whether a datagram through the relay reaches somebody on this machine."""
    (server,) = Turn(urls=("turn:x",), secret=SECRET).servers(peer="tess", now=time.time())
    relay = await allocate(port, server)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as target:
        target.bind(("127.0.0.1", 0))
        target.settimeout(0.5)
        relay.sendto(b"hello", target.getsockname())
        try:
            return await asyncio.to_thread(target.recv, 100) == b"hello"
        except TimeoutError:
            return False
        finally:
            relay.close()


async def test_private_networks_are_out_of_reach(tmp_path, coturn):
    assert await arrives(coturn), "the way works where it is allowed for the tests"
    (tmp_path / "strict").mkdir()
    process, port = await start(tmp_path / "strict", allowed=False)
    try:
        assert not await arrives(port)
    finally:
        await stop(process)


async def test_two_browsers_that_only_have_the_relay_see_each_other(coturn, worker, chromium):
    turn = Turn(urls=(f"turn:127.0.0.1:{coturn}?transport=udp",), secret=SECRET)
    async with Stage(worker.reach, turn=turn).open() as stage, async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(stage.url)
        await page.wait_for_function("window.ready")
        for peer in ("tess", "cleo"):
            await enter(page, peer, engine="p2p", voice=False)
        await until(sees(page, "cleo", "tess camera"), 20)
        await until(sees(page, "tess", "cleo camera"), 20)
        kinds = await page.evaluate(
            "people.cleo.call.engine.pc.getStats().then(all => [...all.values()].filter(s => s.type === 'local-candidate')"
            ".map(s => s.candidateType))"
        )
        assert set(kinds) == {"relay"}
        await context.close()


@pytest.mark.parametrize("missing", ["TURN_SECRET", "TURN_REALM"])
def test_start_without_a_setting_says_which(missing):
    environ = {"PATH": os.environ["PATH"], "TURN_SECRET": SECRET, "TURN_REALM": "turn.example.com"}
    del environ[missing]
    done = subprocess.run([COTURN / "start.sh"], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.startswith(missing)


def test_secret_is_on_no_command_line():
    text = (COTURN / "start.sh").read_text()
    assert "chmod 600" in text and '--static-auth-secret="$TURN_SECRET"' not in text
    assert SECRET not in (COTURN / "turnserver.conf").read_text()
