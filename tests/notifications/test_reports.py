"""What the mail's provider reports is in the log, of the right organization, whatever the report says."""

import json
from base64 import b64encode

import pytest

from core.kernel import outbox
from core.notifications import tracking
from core.notifications.models import Delivery, Notice
from tenants.context import organization_context
from tests.factories.scheduling import book
from tests.factories.web import browser_of

SECRET = "provider:a long word"


@pytest.fixture
def provider(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": SECRET}


@pytest.fixture
def delivery(cast, provider):
    book(cast)
    outbox.deliver_due()
    return Delivery.objects.get(kind="appointment_booked", address="gus@north.test")


@pytest.fixture
def facts(delivery):
    """What travelled with the mail."""
    return tracking.facts_for(outbox.OutboxMessage.objects.get(pk=delivery.promise_id))


SILENT = "Nobody reports here what becomes of mail"


def test_log_of_a_plain_mail_server_says_that_nobody_reports(cast, visit):
    book(cast)
    outbox.deliver_due()
    mail = Delivery.objects.get(kind="appointment_booked", address="gus@north.test")
    for address in ("/settings/mail/", f"/settings/mail/{mail.pk}/"):
        assert SILENT in visit(cast.nora).get(address).content.decode()

    Delivery.objects.update(state="failed")  # that is known for sure
    assert SILENT not in visit(cast.nora).get(f"/settings/mail/{mail.pk}/").content.decode()


def test_log_of_a_provider_that_reports_says_nothing_of_it(cast, visit, delivery):
    for address in ("/settings/mail/", f"/settings/mail/{delivery.pk}/"):
        assert SILENT not in visit(cast.nora).get(address).content.decode()


def report(body, secret=SECRET):
    """The status of the answer to one report."""
    return (
        browser_of(organization="operator")
        .post(
            "/hooks/mail/",
            body if isinstance(body, str | bytes) else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": "Basic " + b64encode(secret.encode()).decode()},
        )
        .status_code
    )


def bounce(facts, **more):
    return {
        "RecordType": "Bounce", "Type": "HardBounce", "ID": 1, "Email": "gus@north.test", "Description": "gone",
        "BouncedAt": "2026-03-02T08:00:00Z", "Details": "550 5.1.1 unknown", "Metadata": facts, **more,
    }  # fmt: skip


def delivered(facts):
    return {
        "RecordType": "Delivery",
        "Recipient": "gus@north.test",
        "DeliveredAt": "2099-01-01T00:00:00Z",
        "Metadata": facts,
    }


def test_facts_travel_with_the_mail(delivery, facts, mailoutbox):
    mail = next(mail for mail in mailoutbox if "gus@" in mail.to[0])

    assert mail.metadata == facts
    assert max(map(len, facts.values())) <= 80


def test_bounce_is_noted_with_its_reason_and_told_to_the_author(cast, delivery, facts):
    assert report(bounce(facts)) == 200
    assert report(bounce(facts)) == 200  # twice, and told once

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code) == ("bounced", "delivery.address_unknown")
    assert "550" in delivery.detail or delivery.detail == "gone"
    told = Notice.objects.filter(user_id=cast.tess.pk, kind="mail_bounced")
    assert [notice.title for notice in told] == ["Mail to gus@north.test did not arrive"]
    assert told[0].path == f"/settings/mail/{delivery.pk}/"


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["delivered"], "delivered"),
        (["delivered", "transient"], "delivered"),
        (["transient"], "deferred"),
        (["transient", "delivered"], "delivered"),
        (["bounce", "delivered"], "bounced"),
        (["delivered", "complaint"], "complained"),
        (["open"], "sent"),
    ],
)
def test_reports_in_any_order_leave_what_says_most(delivery, facts, events, state):
    bodies = {
        "delivered": delivered(facts),
        "transient": bounce(facts, Type="Transient"),
        "bounce": bounce(facts),
        "complaint": bounce(facts, RecordType="SpamComplaint", Type="SpamComplaint"),
        "open": {
            "RecordType": "Open",
            "Recipient": "gus@north.test",
            "ReceivedAt": "2026-03-02T08:00:00Z",
            "Metadata": facts,
        },
    }
    assert {report(bodies[event]) for event in events} == {200}

    delivery.refresh_from_db()
    assert delivery.state == state


@pytest.mark.parametrize("change", ["organization", "promise", "signature", "none", "other_type", "empty"])
def test_report_with_facts_that_are_not_ours_changes_nothing(cast, delivery, facts, change):
    forged = {
        "organization": facts | {"organization": cast.south.pk.hex},
        "promise": facts | {"promise": "0" * 32},
        "signature": facts | {"signature": "0" * 64},
        "none": None,
        "other_type": ["organization"],
        "empty": {},
    }[change]

    assert report(bounce(forged)) == 200

    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_report_about_another_address_changes_nothing(delivery, facts):
    report(bounce(facts, Email="eve@south.test"))

    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_same_ids_in_another_organization_stay_as_they_are(cast, delivery, facts):
    with organization_context(cast.south):
        double = Delivery.objects.create(
            id=delivery.pk, kind="test", address=delivery.address, subject="x", message_id=delivery.message_id, state="sent",
            promise_id=delivery.promise_id, created_at=delivery.created_at, changed_at=delivery.changed_at,
        )  # fmt: skip
    report(bounce(facts))

    with organization_context(cast.south):
        double.refresh_from_db()
        assert double.state == "sent"


@pytest.mark.parametrize("secret", ["", "provider:", "provider:another word", "eve:a long word"])
def test_report_of_somebody_else_is_refused(delivery, facts, secret):
    assert report(bounce(facts), secret=secret) == 400

    delivery.refresh_from_db()
    assert delivery.state == "sent"


@pytest.mark.parametrize(
    "body", ["", "no json", "[]", "{}", "null", b"\xff", '{"RecordType": "Bounce"}', '{"RecordType": {}}']
)
def test_odd_report_is_no_error(delivery, body):
    assert report(body) == 200


def test_address_is_unknown_without_a_provider(cast, settings):
    assert report("{}") == 404


def test_address_is_on_the_operator_host_only(cast, provider):
    assert (
        browser_of(organization="north").post("/hooks/mail/", "{}", content_type="application/json").status_code == 404
    )
