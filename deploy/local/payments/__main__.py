"""Runs the sandbox: `python -m deploy.local.payments --port 8420 --state var/payments.json --webhook URL=SECRET`."""

import argparse
import logging
import os
import sys
from pathlib import Path

import uvicorn

from deploy.local.payments.api import live_key_variables
from deploy.local.payments.ledger import Ledger, LedgerBrokenError, LedgerBusyError, Object
from deploy.local.payments.sandbox import Sandbox
from deploy.local.payments.webhooks import configured_endpoint


def webhook(text: str) -> Object:
    """`URL=SECRET`, split at the last `=` because an address may hold one."""
    url, _, secret = text.rpartition("=")
    if not url.startswith(("http://", "https://")) or not secret:
        raise argparse.ArgumentTypeError("expected URL=SECRET, e.g. http://127.0.0.1:8000/webhooks/stripe/=whsec_local")
    return configured_endpoint(url, secret)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.payments", description="Payment sandbox.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, help="file that keeps accounts and payments over a restart")
    parser.add_argument("--webhook", type=webhook, action="append", default=[], metavar="URL=SECRET")
    parser.add_argument("--public-url", default="", help="the sandbox's address for browsers, if it differs")
    parser.add_argument("--first-pause", type=float, default=1.0, help="seconds before a failed webhook's second try")
    return parser.parse_args()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="payments: %(message)s")
    if variables := live_key_variables(os.environ):
        print(f"Refused to start: {', '.join(variables)} holds a live key. Unset it, or do not run the sandbox here.",
              file=sys.stderr)  # fmt: skip
        return 2
    given = arguments()
    base_url = (given.public_url or f"http://{given.host}:{given.port}").rstrip("/")
    try:
        ledger = Ledger(given.state)
    except (LedgerBusyError, LedgerBrokenError) as error:
        print(error, file=sys.stderr)
        return 2
    sandbox = Sandbox(ledger, given.webhook, base_url, given.first_pause)
    print(f"Payment sandbox on {base_url}", flush=True)
    uvicorn.run(sandbox.application(), host=given.host, port=given.port, log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
