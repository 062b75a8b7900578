"""Runs the name server with its page: `python -m deploy.local.nameserver --dns-port 8008 --http-port 8007 --file var/dns.zone`."""

import argparse
import asyncio
import sys
from pathlib import Path

import uvicorn

from deploy.local.nameserver.pages import Pages
from deploy.local.nameserver.server import Nameserver
from deploy.local.web import Application, Router


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.nameserver", description="Name server.")
    parser.add_argument("--dns-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True, help="where the records are kept, as a zone file")
    return parser.parse_args()


async def _nothing() -> None:
    """Neither start nor stop needs anything."""


def run(given: argparse.Namespace) -> int:
    server, router = Nameserver(port=given.dns_port), Router()
    Pages(server.zones, given.file).add_to(router)
    try:
        server.start()
    except OSError as error:
        print(f"DNS port {given.dns_port} cannot be opened: {error.strerror}. Name another.", file=sys.stderr)
        return 2
    print(f"Name server: 127.0.0.1:{server.port}, page on http://127.0.0.1:{given.http_port}", flush=True)
    application = Application(router.answer, _nothing, _nothing)
    settings = uvicorn.Config(
        application, host="127.0.0.1", port=given.http_port, log_level="warning", access_log=False
    )
    try:
        asyncio.run(uvicorn.Server(settings).serve())
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(run(arguments()))
