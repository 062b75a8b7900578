"""The layer between sockets, on a real cache server: many at once, nothing left, and back after the server was away."""

import asyncio
import os
import signal

import pytest
from redis.exceptions import RedisError

from deploy.local.services import temporary_valkey
from tenants.channel_layer import MOST_LETTERS, ChannelLayer, Mailbox


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    with temporary_valkey(tmp_path_factory.mktemp("layer")) as server:
        yield server


@pytest.fixture
async def layers(valkey):
    """Two processes' layers."""
    made = [ChannelLayer(hosts=[{"address": valkey.url(), "socket_timeout": 2}]) for _ in range(2)]
    yield made
    for one in made:
        await one.flush()


async def test_three_hundred_at_the_same_moment_hear_and_leave_nothing(layers):
    here, there = layers
    channels = await asyncio.gather(*(here.new_channel() for _ in range(300)))
    await asyncio.gather(*(here.group_add("all", one) for one in channels))
    await asyncio.sleep(0.3)
    await there.group_send("all", {"type": "news"})
    reading = [asyncio.create_task(here.receive(one)) for one in channels]
    heard = await asyncio.wait_for(asyncio.gather(*reading), 10)
    assert heard == [{"type": "news"}] * 300

    waiting = [asyncio.create_task(here.receive(one)) for one in channels]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.gather(*(here.group_discard("all", one) for one in channels))
    layer = here._get_layer()
    assert not layer.channels and not layer.groups and not layer._shards[0]._subscribed_to


async def test_frozen_server_is_an_error_and_afterwards_all_hear_again(layers, valkey):
    here, there = layers
    channel = await here.new_channel()
    await here.group_add("all", channel)
    await there.group_send("all", {"type": "before"})
    assert await asyncio.wait_for(here.receive(channel), 5) == {"type": "before"}
    os.kill(valkey.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises((RedisError, TimeoutError)):
            await asyncio.wait_for(there.group_send("all", {"type": "lost"}), 10)
    finally:
        os.kill(valkey.process.pid, signal.SIGCONT)
    await asyncio.sleep(1.5)
    await there.group_send("all", {"type": "after"})
    while await asyncio.wait_for(here.receive(channel), 5) != {"type": "after"}:
        pass


async def test_mailbox_is_read_in_order_and_does_not_grow_for_ever():
    box = Mailbox()
    reading = asyncio.create_task(box.get())
    await asyncio.sleep(0)
    for number in range(MOST_LETTERS + 5):
        box.put_nowait(b"%d" % number)
    assert [await reading, await box.get()] == [b"0", b"1"]
