"""People in a page of the stage: letting them in, and conditions for what they see and hear."""

import json


async def enter(
    page, peer, *, room="r", engine="builtin", rights="", camera=True, voice=True, options=None, size=(640, 360)
):
    """Let a person into a room in this page; returns when what they publish is under way."""
    given = json.dumps({"room": room, "peer": peer, "engine": engine, "rights": rights, "options": options or {}})
    await page.evaluate(f"people.{peer} = new Person({given})")
    if camera:
        await page.evaluate(f"people.{peer}.camera({size[0]}, {size[1]})")
    if voice:
        await page.evaluate(f"people.{peer}.microphone()")


async def received(page, peer, key, field="frames"):
    found = await page.evaluate(f"people.{peer}.received()")
    return found.get(key, {}).get(field, 0)


def sees(page, peer, key, frames=10):
    """A condition: `peer` decoded at least `frames` pictures of `key`."""

    async def condition():
        return await received(page, peer, key) >= frames

    return condition


def hears(page, peer, key, packets=20):
    async def condition():
        return await received(page, peer, key, "packets") >= packets

    return condition


def named(page, peer, name):
    async def condition():
        return await page.evaluate(f"people.{peer}.named({json.dumps(name)})")

    return condition
