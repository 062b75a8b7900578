"""The product's side of a control stream."""

import time

from sessions_live.media.stream import WorkerStream
from sessions_live.sfu.tokens import control_token
from tests.sfu.stage import SECRET


async def control(worker, *messages, room="*"):
    """Send control messages on one stream and return the answers."""
    stream = await WorkerStream.open(worker.reach)
    answers = [
        await stream.request(
            {"type": "control.hello", "token": control_token(secret=SECRET, room=room, now=time.time())}
        )
    ]
    for message in messages:
        answers.append(await stream.request(message))
    stream.close()
    return answers[1:]
