"""Fixtures of the media tests: a worker in this process, a stage, a real Chromium. Nothing here needs Django."""

import pytest
from playwright.async_api import async_playwright

from deploy.bench.media_client import EVERYTHING, Client
from tests.sfu.chromium import running_chromium
from tests.sfu.stage import SECRET, Stage, running_worker


@pytest.fixture
async def worker(request, tmp_path):
    """A worker; `indirect` parameters choose its way of forwarding."""
    async with running_worker(tmp_path / "recordings", fanout=getattr(request, "param", "auto")) as worker:
        yield worker


@pytest.fixture
async def stage(worker):
    async with Stage(worker.reach).open() as stage:
        yield stage


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """One Chromium for the whole run, because starting it takes seconds."""
    with running_chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
async def page(stage, chromium):
    """A page of the stage in a context of its own; errors in it fail the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        context = await browser.new_context()
        page = await context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(stage.url)
        await page.wait_for_function("window.ready")
        yield page
        await context.close()
        assert errors == []


@pytest.fixture
async def room(worker):
    """Makes peers of packets in one room: `a = await room("a", "audio", "camera")` publishes, `subscribe=True` receives."""
    clients = []

    async def enter(peer, *sources, subscribe=False, rights=EVERYTHING, rids=(), bind=True, name="r"):
        client = Client(peer)
        await client.join(worker.reach, secret=SECRET, room=name, rights=rights)
        clients.append(client)
        if sources:
            await client.publish(*sources, rids=rids, bind=bind)
        if subscribe:
            await client.subscribe()
        return client

    yield enter
    for client in clients:
        client.close()
