"""The sandbox as a program: its refusals, its state file, and its page."""

import asyncio
import os
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from deploy.local.payments.ledger import Ledger, LedgerBrokenError, LedgerBusyError
from deploy.local.payments.money import shown_amount
from deploy.local.payments.params import decode
from tests.local.intents import pay

PROGRAM = [sys.executable, "-m", "deploy.local.payments", "--port", "1"]


@pytest.mark.parametrize("variable", ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_RESTRICTED"])
def test_program_refuses_to_start_beside_a_live_key(variable):
    prefix = {"STRIPE_SECRET_KEY": "sk", "STRIPE_PUBLISHABLE_KEY": "pk", "STRIPE_RESTRICTED": "rk"}[variable]
    environment = {**os.environ, variable: f"{prefix}_live_abc123"}
    ended = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert variable in ended.stderr and "abc123" not in ended.stderr


def test_program_names_a_malformed_webhook():
    ended = subprocess.run([*PROGRAM, "--webhook", "nowhere"], capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2 and "URL=SECRET" in ended.stderr


def test_state_outlives_the_process_and_belongs_to_one(tmp_path):
    async def first():
        ledger = Ledger(tmp_path / "state.json")
        ledger.book("acct_a").new("customer", name="Gus")
        with pytest.raises(LedgerBusyError):
            Ledger(tmp_path / "state.json")
        ledger.save()
        ledger.release()

    async def second():
        ledger = Ledger(tmp_path / "state.json")
        names = [customer["name"] for customer in ledger.book("acct_a").all("customer")]
        ledger.release()
        return names

    asyncio.run(first())
    assert asyncio.run(second()) == ["Gus"]


def test_a_broken_state_file_stops_the_start_and_stays(tmp_path):
    path = tmp_path / "state.json"
    path.write_text("{broken")
    with pytest.raises(LedgerBrokenError):
        Ledger(path)
    assert path.read_text() == "{broken"


def test_page_lists_payments_and_escapes_what_people_typed(client, account, sandbox):
    pay(client, account=account, description="<b>Invoice N-1</b>")
    with urlopen(f"{sandbox}/") as answer:
        page = answer.read().decode()
    assert "120.00 USD" in page and "&lt;b&gt;Invoice N-1&lt;/b&gt;" in page and "<b>Invoice" not in page


def test_another_web_page_may_not_use_the_sandboxs_own_addresses(sandbox):
    request = Request(f"{sandbox}/_sandbox/reset", b"", {"Origin": "http://evil.example"}, method="POST")
    with pytest.raises(HTTPError) as refused:
        urlopen(request)
    assert refused.value.code == 403


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [(5, "usd", "0.05 USD"), (1234567, "eur", "12,345.67 EUR"), (500, "jpy", "500 JPY"), (-1001, "kwd", "-1.001 KWD")],
)
def test_amounts_are_shown_by_cutting_digits(amount, currency, shown):
    assert shown_amount(amount, currency) == shown


def test_bracketed_parameters_nest():
    pairs = [("expand[]", "customer"), ("expand[]", "charge"), ("a[b][c]", "1"), ("list[0][x]", "2"), ("empty", "")]
    assert decode(pairs) == {
        "expand": ["customer", "charge"],
        "a": {"b": {"c": "1"}},
        "list": [{"x": "2"}],
        "empty": "",
    }
