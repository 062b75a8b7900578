"""Streams of packets as a peer without a browser sends and gets them."""

import asyncio

VP8, RTX, OPUS = 96, 97, 111  # payload types towards subscribers


async def play(client, frames=20, *, rids=("",), key_every=10, seconds=0.02, parts=2, voice=False):
    """Publish `frames` pictures in every encoding of the camera, each larger than the one before."""
    for number in range(frames):
        for place, rid in enumerate(rids):
            name = f"camera-{rid}" if rid else "camera"
            client.senders[name].frame(key=number % key_every == 0, parts=parts, size=100 * (place + 1))
        if voice:
            client.senders["audio"].voice()
        await asyncio.sleep(seconds)


def unbroken(packets):
    """Whether sequence numbers rise by one and never repeat."""
    return all((after[1] - before[1]) & 0xFFFF == 1 for before, after in zip(packets, packets[1:], strict=False))
