"""A Janus of the tests' own, on an address that its library accepts."""

import asyncio
import socket
from contextlib import asynccontextmanager

from deploy.bench.media import other_address
from deploy.bench.media_rivals import janus_command
from deploy.local import distribution
from sessions_live.media.engine import EngineError
from sessions_live.media.janus_wire import JanusWire, Server

SECRET = "the-secret-of-janus-rooms-0123456789abcdef"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@asynccontextmanager
async def running_janus(folder, *, string_ids=True, recordings=""):
    """Start Janus; yield where it is."""
    await asyncio.to_thread(distribution.program, "janus")
    port = free_port()
    command = janus_command(folder, host=other_address(), port=port)
    plugin = "general: { string_ids = %s }\n" % ("true" if string_ids else "false")
    (folder / "janus.plugin.videoroom.jcfg").write_text(plugin)
    log = (folder / "janus.log").open("w")
    process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    server = Server(url=f"ws://127.0.0.1:{port}", secret=SECRET, recordings=str(recordings))
    try:
        for _ in range(100):
            try:
                await (await JanusWire.open(server)).close()
                break
            except EngineError:
                assert process.returncode is None, (folder / "janus.log").read_text()[-2000:]
                await asyncio.sleep(0.1)
        yield server
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
        log.close()
