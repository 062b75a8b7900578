"""Runs the mail catcher: `python -m deploy.local.mailcatcher --smtp-port 1025 --http-port 8025 --directory var/mail`."""

import argparse
import asyncio
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from deploy.local.mailcatcher.catcher import MailCatcher
from deploy.local.mailcatcher.mailbox import Mailbox


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.mailcatcher", description="Mail catcher.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True, help="where the messages are kept")
    return parser.parse_args()


class Server(uvicorn.Server):
    """Answers those who wait for mail before it goes, so that it goes at once."""

    def __init__(self, config: uvicorn.Config, mailbox: Mailbox) -> None:
        super().__init__(config)
        self._mailbox = mailbox

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._mailbox.close()
        super().handle_exit(sig, frame)


async def run(given: argparse.Namespace) -> int:
    catcher = MailCatcher(Mailbox(given.directory), given.host, given.smtp_port)
    try:
        await catcher.listen()
    except OSError as error:
        print(f"SMTP port {given.smtp_port} cannot be opened: {error.strerror}. Name another.", file=sys.stderr)
        return 2
    print(
        f"Mail catcher: SMTP on {given.host}:{given.smtp_port}, pages on http://{given.host}:{given.http_port}",
        flush=True,
    )
    settings = uvicorn.Config(
        catcher.application(), host=given.host, port=given.http_port, log_level="warning", access_log=False,
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    await Server(settings, catcher.mailbox).serve()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run(arguments())))
