"""Nobody takes more of a process than their share, and what is too much is said at once."""

import asyncio
import threading

import pytest

from tenants import hosts, shares
from tenants.shared_pages import SharedPages
from tenants.shares import Shares, TooMuchError


def test_organization_has_at_most_half_of_the_places_and_the_next_gets_what_falls_free():
    async def story():
        places = Shares(8)
        held = [await places.enter("greedy") for _ in range(4)]
        waiting = [asyncio.ensure_future(places.enter("greedy")) for _ in range(3)]
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        neighbour = await asyncio.wait_for(places.enter("neighbour"), 1)
        places.leave(held.pop())
        await asyncio.sleep(0.01)
        assert [one.done() for one in waiting] == [True, False, False]
        places.leave(neighbour)
        for one in [*held, waiting[0].result()]:
            places.leave(one)
        await asyncio.sleep(0.01)
        assert all(one.done() for one in waiting)
        for one in waiting[1:]:
            places.leave(one.result())
        assert places._running == 0

    asyncio.run(story())


def test_place_goes_to_whoever_has_fewest():
    async def story():
        places = Shares(2)
        one, two = await places.enter("a"), await places.enter("b")
        late_a, late_c = (asyncio.ensure_future(places.enter(name)) for name in "ac")
        await asyncio.sleep(0)
        places.leave(two)
        await asyncio.sleep(0.01)
        assert late_c.done() and not late_a.done()
        places.leave(one)
        await asyncio.sleep(0.01)
        assert late_a.done()

    asyncio.run(story())


def test_too_many_waiting_and_too_long_a_wait_are_refused_and_leave_nothing(monkeypatch):
    monkeypatch.setattr(shares, "MOST_WAITING", 2)
    monkeypatch.setattr(shares, "LONGEST_WAIT", 0.05)

    async def story():
        places = Shares(2)
        held = await places.enter("a")
        waiting = [asyncio.ensure_future(places.enter("a")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooMuchError):
            await places.enter("a")
        assert all(isinstance(one, TooMuchError) for one in await asyncio.gather(*waiting, return_exceptions=True))
        left = asyncio.ensure_future(places.enter("a"))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        places.leave(held)
        assert places._running == 0 and not places._accounts["a"].waiting
        places.leave(await places.enter("a"))

    asyncio.run(story())


def test_what_was_sent_waits_longer_than_what_is_looked_at(monkeypatch):
    monkeypatch.setattr(shares, "LONGEST_WAIT", 0.05)

    async def story():
        places = Shares(2)
        held = await places.enter("a")
        looked, sent = (asyncio.ensure_future(places.enter("a", is_sent=each)) for each in (False, True))
        await asyncio.wait([looked])
        assert isinstance(looked.exception(), TooMuchError) and not sent.done()
        places.leave(held)
        places.leave(await sent)

    asyncio.run(story())


def test_heavy_gives_way_to_light_for_a_moment_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(shares, "LONGEST_PAUSE", 0.2)
    places = Shares(4)

    async def story():
        heavy = await places.enter("heavy")
        heavy.account.add(5.0, places._clock())
        light = await places.enter("light")
        shares._place.set(heavy)
        began = places._clock()
        timer = threading.Timer(0.05, places.leave, [light])
        timer.start()
        await asyncio.to_thread(places.give_way)
        assert 0.04 <= places._clock() - began < 0.19
        await places.enter("light")
        shares._place.set(heavy)
        began = places._clock()
        await asyncio.to_thread(places.give_way)
        await asyncio.to_thread(places.give_way)
        assert places._clock() - began < 0.3  # what it stops for, in all

    asyncio.run(story())


def ask(application, *, host="north.test", path="/", body=(b"",)):
    """One request through the wrapper; returns what was sent."""
    sent, pieces = [], list(body)

    async def receive():
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [(b"host", host.encode())]}
    return application(scope, receive, send), sent


async def page(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x"})


def test_what_is_too_much_answers_429_and_says_when_to_come_again(monkeypatch):
    monkeypatch.setattr(shares, "LONGEST_WAIT", 0.02)

    async def story():
        places = Shares(2)
        asked, sent = ask(SharedPages(page, places))
        await asked
        assert sent[0]["status"] == 200 and places._running == 0
        held = await places.enter("nobody")
        asked, sent = ask(SharedPages(page, places), body=(b"a", b"b"))
        await asked
        assert sent[0]["status"] == 429 and dict(sent[0]["headers"])[b"retry-after"] == b"2"
        asked, sent = ask(SharedPages(page, places), path="/static/x.css")
        await asked
        assert sent[0]["status"] == 200
        places.leave(held)
        assert places._running == 0

    asyncio.run(story())


def test_page_that_fails_gives_its_place_back():
    async def broken(scope, receive, send):
        await receive()
        raise RuntimeError

    async def story():
        places = Shares(2)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await ask(SharedPages(broken, places))[0]
        assert places._running == 0

    asyncio.run(story())


def test_invented_hosts_share_one_place(db):
    hosts.find_organization("north.test")
    assert hosts.known_schema("NORTH.test:8000") == "t_north00000"
    assert hosts.known_schema("console.test") == "public"
    assert {hosts.known_schema(f"made-up-{number}.test") for number in range(3)} == {"nobody"}
