"""The page of the connection test: for everybody with a login, and not a word about whoever runs the platform."""

import re
from pathlib import Path

import pytest

from portal.live import connection_test as page
from tests.factories.scheduling import book


@pytest.mark.parametrize("who", ["nora", "tess", "gus", "cleo_login", "ada"])
def test_page_is_for_everybody_who_is_signed_in(cast, visit, who):
    response = visit(getattr(cast, who)).get("/live/connection-test/")

    assert response.status_code == 200
    text = response.content.decode()
    assert 'data-socket="/ws/connection-test/"' in text
    assert not [word for word in ("turn:", "stun:", "colonnade", "style=", "<script>") if word in text.lower()]


def test_address_of_older_mails_leads_to_it(cast, visit):
    answer = visit(cast.gus).get("/live/check/")
    assert (answer.status_code, answer["Location"]) == (301, "/live/connection-test/")


def test_signed_out_person_is_led_to_sign_in(cast, visit):
    assert visit().get("/live/connection-test/").status_code == 302


def test_every_step_and_verdict_has_its_sentences(cast, visit):
    """A code without a sentence would show an empty line."""
    texts = page.DEVICES | page.STEP_STATES | page.VERDICTS | dict.fromkeys(page.BLOCKED, "x") | page.REPORT
    scripts = "".join(path.read_text() for path in scripts_of_the_test())
    verdicts = re.findall(r'"(works|relay|blocked[a-z-]*|no-line|no-server|away|too-often)"', scripts)
    names = re.findall(r'text\("([a-z-]+)"\)', scripts)
    assert {"works", "blocked-tls", "away"} <= set(verdicts) and {"running", "report-title"} <= set(names)
    for verdict in verdicts:
        assert f"verdict-{verdict}" in texts and f"cure-{verdict}" in texts
    for name in names:
        assert name in texts


def scripts_of_the_test():
    scripts = Path(__file__).parents[3] / "themes" / "static" / "js" / "live"
    return sorted(scripts.glob("connection-test*.js"))


def test_lobby_and_start_page_lead_to_it(cast, visit):
    book(cast)
    assert 'href="/live/connection-test/"' in visit(cast.gus).get("/dashboard/").content.decode()
