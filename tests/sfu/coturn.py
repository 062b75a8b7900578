"""A coturn of the tests' own, with the configuration of production."""

import asyncio
import os
import socket
from pathlib import Path

from deploy.local import distribution
from tests.sfu.stage import until

COTURN = Path(__file__).parents[2] / "deploy" / "coturn"
SECRET = "secret-of-the-turn-tests-0123456789"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


async def start(folder, *, allowed=True, ip="127.0.0.1"):
    """Run coturn with our own configuration at `ip`; `allowed` lets peers at that address be reached, which it else denies."""
    await asyncio.to_thread(distribution.program, "turnserver")
    port = free_port()
    more = [f"--listening-ip={ip}", f"--relay-ip={ip}", f"--listening-port={port}", f"--pidfile={folder}/pid"]
    more += [f"--userdb={folder}/db"]
    more += ["--allow-loopback-peers"]
    if allowed:
        more += [f"--allowed-peer-ip={ip}"]
    environ = os.environ | {"TURN_SECRET": SECRET, "TURN_REALM": "turn.example.com", "TMPDIR": str(folder)}
    log = (folder / "coturn.log").open("wb")
    process = await asyncio.create_subprocess_exec(
        str(COTURN / "start.sh"), *more, env=environ, stdout=log, stderr=log, start_new_session=True
    )

    async def listening():
        try:
            _, writer = await asyncio.open_connection(ip, port)
        except OSError:
            assert process.returncode is None, (folder / "coturn.log").read_text()
            return False
        writer.close()
        return True

    await until(listening, 15)
    return process, port


async def stop(process):
    if process.returncode is None:
        os.killpg(process.pid, 15)
        await process.wait()
