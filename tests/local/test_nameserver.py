"""The local name server's page: whoever tries the demo is the DNS company."""

import subprocess
import sys
import urllib.error
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from deploy.local.nameserver.pages import Pages
from deploy.local.nameserver.server import Nameserver
from deploy.local.web import Application, Router
from tests.factories.dns_server import asking
from tests.local.serving import serving


@pytest.fixture
def company(tmp_path):
    async def nothing():
        pass

    with Nameserver() as server:
        router = Router()
        Pages(server.zones, tmp_path / "dns.zone").add_to(router)
        with serving(lambda url: Application(router.answer, nothing, nothing)) as url:
            yield server, url, tmp_path / "dns.zone"


def save(url, records):
    with urlopen(Request(url, urlencode({"records": records}).encode(), method="POST"), timeout=10) as answer:
        return answer.read().decode()


def test_saved_records_are_answered_and_kept(company):
    server, url, file = company
    assert asking(server).zone("x.practice.localhost").records == ("practice.localhost",)
    said = save(url, 'care.localhost CNAME t-1.edge.localhost.\r\n_verify.care.localhost. TXT "a b"\r\n')
    assert "Saved" in said
    assert asking(server).alias("care.localhost").records == ("t-1.edge.localhost",)
    assert asking(server).texts("_verify.care.localhost").records == ("a b",)
    again = Nameserver()
    Pages(again.zones, file)
    assert again.zones.lines() == server.zones.lines() and len(server.zones.lines()) == 2


@pytest.mark.parametrize("wrong", ["care.localhost WHAT 1", "care.localhost A not-an-address", '"', "\x00"])
def test_line_that_is_no_record_is_told_and_nothing_is_lost(company, wrong):
    server, url, _ = company
    before = server.zones.lines()
    with pytest.raises(urllib.error.HTTPError) as refused:
        save(url, wrong)
    assert refused.value.code == 422 and "Not saved" in refused.value.read().decode()
    assert server.zones.lines() == before


def test_busy_port_is_named(company):
    server, *_ = company
    command = [sys.executable, "-m", "deploy.local.nameserver", "--dns-port", str(server.port), "--http-port", "1"]
    ended = subprocess.run([*command, "--file", "/dev/null"], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2 and f"DNS port {server.port} cannot be opened" in ended.stderr
