"""The rules of senders, by the tables of their pages."""

from datetime import timedelta

import pytest

from branding.senders.reasons import SenderReason
from branding.senders.rules.mail_providers import Provider, guides, provider_of
from branding.senders.rules.mail_records import domains_above, judge_dkim, judge_dmarc, judge_return_path
from branding.senders.rules.sender_state import Found, State, is_due_for_rotation, state_after
from branding.senders.rules.spf import judge_spf, merged
from core.kernel import clock
from core.kernel.reasons import Reason
from tests.rules_tables import rows

pytestmark = pytest.mark.unit

OURS = "spf.ours.example"
ELSEWHERE = {
    OURS: ["v=spf1 ip4:192.0.2.1 -all"],
    "spf.other.example": ["v=spf1 ip4:198.51.100.0/24 -all", "a text beside it"],
    "five.example": ["v=spf1 " + " ".join(f"include:{n}.five.example" for n in range(5)) + " -all"],
    **{f"{n}.five.example": ["v=spf1 -all"] for n in range(5)},
    "loop.example": ["v=spf1 include:loop.example -all"],
}


def texts_in(cell):
    return [text.strip(" `") for text in cell.split(" + ")] if cell else []


def short(reason):
    return reason.code.value.removeprefix("sender.")


@pytest.mark.parametrize(("records", "answer", "lookups", "advice"), rows("spf"))
def test_spf_record_is_read_as_receivers_do(records, answer, lookups, advice):
    known = {**ELSEWHERE, "clinic.example": texts_in(records)}
    verdict = judge_spf("clinic.example", ours=OURS, texts=lambda name: known.get(name, []))

    assert (short(verdict.reason), verdict.lookups, verdict.advice) == (answer, int(lookups), advice)
    assert verdict.reason.sentence()


def test_merged_record_is_one_that_names_us_and_stays_as_it_is():
    once = merged(["v=spf1 include:a.example ~all", "v=spf1 include:b.example ?all"], OURS)

    assert once == "v=spf1 include:a.example include:b.example include:spf.ours.example ~all"
    assert merged([once], OURS) == once


@pytest.mark.parametrize(("texts", "answer"), rows("mail-records", "Texts under the selector"))
def test_key_under_the_selector(texts, answer):
    assert short(judge_dkim(texts_in(texts), expected="AAAABBBBCCCC")) == answer


@pytest.mark.parametrize(("texts", "answer"), rows("mail-records", "Texts under _dmarc"))
def test_policy_of_the_domain(texts, answer):
    assert short(judge_dmarc(texts_in(texts))) == answer


@pytest.mark.parametrize(("there", "takes_mail", "spf", "answer"), rows("mail-records", "Return path"))
def test_return_path(there, takes_mail, spf, answer):
    reason = judge_return_path(
        "bounce.clinic.example",
        takes_mail=takes_mail == "yes",
        exists=there == "there",
        spf=Reason(SenderReason(f"sender.{spf}")),
    )
    assert short(reason) == answer


def test_domain_above_counts_where_the_domain_has_no_policy():
    assert domains_above("mail.clinic.example") == ["mail.clinic.example", "clinic.example"]
    assert domains_above("clinic.example") == ["clinic.example"]


@pytest.mark.parametrize(("before", "key", "path", "spf", "dmarc", "unanswered", "after"), rows("sender-state"))
def test_when_a_domain_is_used(before, key, path, spf, dmarc, unanswered, after):
    found = {"dkim": Found(key), "return_path": Found(path), "spf": Found(spf), "dmarc": Found(dmarc)}
    waited = timedelta(days=int(unanswered.split()[0]))

    assert state_after(State(before), found, unknown_for=waited) == State(after)


def test_key_is_changed_after_half_a_year():
    now = clock.now()
    assert is_due_for_rotation(now - timedelta(days=180), now=now)
    assert not is_due_for_rotation(now - timedelta(days=179), now=now)


@pytest.mark.parametrize(("address", "server", "kept_at"), rows("mail-providers"))
def test_where_mail_is_kept(address, server, kept_at):
    assert provider_of(address, [server] if server else []) == Provider(kept_at)


def test_every_guide_names_the_real_sender():
    for guide in guides("hello@clinic.example"):
        said = " ".join(guide.steps)
        assert "hello@clinic.example" in said and "%(" not in said
        assert len(guide.steps) == 3
