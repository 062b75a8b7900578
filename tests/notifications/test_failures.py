"""A promise that fails is seen: in the log with its reason, by its author, on its object, and made good by trying again."""

import smtplib

import pytest
from django.core import mail as django_mail

from core.kernel import clock, failures, outbox
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.notifications.models import Delivery, Notice
from core.people.notifications import password_reset_requested
from core.scheduling import outbox_names
from core.scheduling.actions import cancel_appointment
from tests.factories.scheduling import book


@pytest.fixture
def server(monkeypatch):
    """`server(error)`: from now on the mail server answers with this error; None mends it."""

    def answers(error):
        def send(self, fail_silently=False):
            if error is not None:
                raise error
            return django_mail.get_connection().send_messages([self])

        monkeypatch.setattr(django_mail.EmailMultiAlternatives, "send", send)

    return answers


def deliveries():
    return Delivery.objects.filter(kind="appointment_booked", address="gus@north.test")


def news_of_failure(user):
    return list(Notice.objects.filter(user_id=user.pk, kind="promise_failed").order_by("created_at"))


def refusal(code, words=b"no such user"):
    return smtplib.SMTPRecipientsRefused({"gus@north.test": (code, words)})


@pytest.mark.parametrize(
    ("error", "state", "reason", "said"),
    [
        (refusal(550), "failed", "delivery.address_unknown", "550 no such user"),
        (refusal(550, b"5.7.1 policy"), "failed", "delivery.blocked", "550 5.7.1 policy"),
        (refusal(450, b"greylisted"), "trying", "delivery.delayed", "450 greylisted"),
        (smtplib.SMTPDataError(554, b"spam"), "failed", "delivery.refused", "554 spam"),
        (smtplib.SMTPDataError(452, b"full"), "trying", "delivery.delayed", "452 full"),
        (smtplib.SMTPAuthenticationError(535, b"key"), "trying", "delivery.server_away", "SMTPAuthenticationError"),
        (ConnectionRefusedError(), "trying", "delivery.server_away", "ConnectionRefusedError"),
        (RuntimeError("words of a person"), "trying", "delivery.fault", ""),
    ],
)
def test_what_went_wrong_is_in_the_log_in_words(cast, server, error, state, reason, said):
    book(cast)
    server(error)
    outbox.deliver_due()

    delivery = deliveries().get()
    assert (delivery.state, delivery.reason_code, delivery.detail) == (state, reason, said)
    assert delivery.reason_sentence and "words of a person" not in delivery.reason_sentence
    assert "Appointment" in delivery.subject


def test_mail_that_could_not_even_be_written_is_in_the_log_with_its_address(cast, monkeypatch):
    def broken(*_):
        raise KeyError("a template's variable")

    monkeypatch.setattr("core.scheduling.outbox_handlers.change_content", broken)
    book(cast)
    outbox.deliver_due()

    delivery = deliveries().get()
    assert delivery.state == "trying" and delivery.reason_code == "delivery.fault"
    assert delivery.title == "Mail: booked, moved, changed or cancelled"


def test_unknown_error_is_told_to_the_author_after_the_first_failure(cast, server):
    book(cast)
    server(RuntimeError("bug"))
    outbox.deliver_due()

    told = news_of_failure(cast.tess)
    assert {notice.title for notice in told} == {
        "Mail to cleo@north.test has not left", "Mail to gus@north.test has not left",
    }  # fmt: skip
    assert "fault of the product" in told[0].body and "bug" not in told[0].body
    assert not news_of_failure(cast.nora)


def test_what_passes_by_itself_is_told_when_it_has_lasted_and_when_it_is_given_up(cast, server, moved_clock):
    book(cast, at=clock.now() + 40 * (HOUR := outbox.BACK_OFF[4]))
    server(refusal(450))
    seen = []
    for pause in [*outbox.BACK_OFF, outbox.BACK_OFF[0]]:
        while outbox.deliver_due():
            pass
        seen.append(len(news_of_failure(cast.tess)))
        moved_clock(pause + outbox.BACK_OFF[0])

    assert seen == [0, 0, 2, 2, 2, 2, 2, 4]
    assert deliveries().get().state == "failed"
    assert HOUR.total_seconds() == 3600


def test_promise_without_an_author_is_told_to_those_who_answer_for_it(cast, server):
    cast.gus.set_password("correct horse")
    cast.gus.save()
    password_reset_requested(cast.gus)
    server(RuntimeError("bug"))
    outbox.deliver_due()

    assert news_of_failure(cast.nora) and not news_of_failure(cast.gus)


def test_client_who_cancelled_reads_nothing_about_the_practitioners_address(cast, server):

    appointment = book(cast)
    OutboxMessage.objects.all().delete()
    outbox.enqueue(
        outbox_names.SEND_CHANGE, by=cast.gus, about=appointment, kind="booked", appointment=str(appointment.pk),
        user=str(cast.tess.pk), starts_at=appointment.starts_at.isoformat(),
    )  # fmt: skip
    server(refusal(550))
    outbox.deliver_due()

    assert not news_of_failure(cast.gus)
    assert news_of_failure(cast.tess)  # whose schedule it is


def test_trying_again_makes_it_good(cast, server, visit, mailoutbox):
    book(cast)
    server(refusal(550))
    outbox.deliver_due()
    delivery = deliveries().get()
    assert failures.summary().given_up == 2

    server(None)
    browser = visit(cast.nora)
    page = browser.get(f"/settings/mail/{delivery.pk}/").content.decode()
    answer = browser.post(f"/settings/mail/{delivery.pk}/repetition/")
    browser.post(f"/settings/mail/{delivery.pk}/repetition/")  # twice, and still one mail
    outbox.deliver_due()

    assert "does not know this address" in page and "Try again" in page and "550 no such user" in page
    assert f"/appointments/{delivery.about_id}/" in page
    assert answer.status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code, delivery.detail) == ("sent", "", "")
    assert len([sent for sent in mailoutbox if "gus@" in sent.to[0]]) == 1
    assert failures.summary().given_up == 1  # Cleo's


def test_a_mail_that_left_is_sent_again_as_another_one(cast, visit, mailoutbox):
    book(cast)
    outbox.deliver_due()
    delivery = deliveries().get()

    visit(cast.nora).post(f"/settings/mail/{delivery.pk}/repetition/")
    outbox.deliver_due()

    ids = {sent.extra_headers["Message-ID"] for sent in mailoutbox if "gus@" in sent.to[0]}
    assert len(ids) == 2 and deliveries().count() == 2


def test_what_does_not_hold_any_more_is_not_sent_again_and_says_so(cast, visit, mailoutbox):
    appointment = book(cast)
    outbox.deliver_due()
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    outbox.deliver_due()
    before, delivery = len(mailoutbox), deliveries().get()

    visit(cast.nora).post(f"/settings/mail/{delivery.pk}/repetition/")
    outbox.deliver_due()

    assert len(mailoutbox) == before
    assert set(deliveries().values_list("state", flat=True)) == {"sent", "void"}
    assert "no longer so" in deliveries().get(state="void").reason_sentence


@pytest.mark.parametrize(("who", "status"), [("nora", 200), ("tess", 200), ("gus", 404), ("ada", 404)])
def test_mail_of_the_log_is_opened_by_those_who_look_after_it(cast, server, visit, who, status):
    book(cast)
    server(refusal(550))
    outbox.deliver_due()

    path = f"/settings/mail/{deliveries().get().pk}/"
    assert visit(getattr(cast, who)).get(path).status_code == status
    assert visit(getattr(cast, who)).post(f"{path}repetition/").status_code == (302 if status == 200 else status)


def test_failure_stands_on_the_appointment(cast, server, visit):
    appointment = book(cast)
    server(refusal(550))
    outbox.deliver_due()

    page = visit(cast.tess).get(f"/appointments/{appointment.pk}/").content.decode()
    theirs = visit(cast.gus).get(f"/appointments/{appointment.pk}/").content.decode()

    page = page.replace("<wbr>", "")
    assert "gus@north.test" in page and "does not know this address" in page and "Try again" in page
    assert "cleo@north.test" not in theirs and "Mail about it" not in theirs


def test_failed_mail_is_among_those_not_arrived(cast, server, visit):
    book(cast)
    server(refusal(550))
    outbox.deliver_due()

    page = visit(cast.nora).get("/settings/mail/", {"state": "failed"}).content.decode()

    assert "gus@north.test" in page and "does not know this address" in page


def test_failure_of_something_that_is_no_mail_is_told_with_the_way_to_it(cast, monkeypatch):
    monkeypatch.setitem(outbox._handlers, "tests.broken_step", _away)
    monkeypatch.setitem(
        outbox._kinds, "tests.broken_step", outbox.Kind(label="Refund by card", page=lambda message: "/invoices/x/")
    )
    outbox.enqueue("tests.broken_step", by=cast.nora)
    outbox.deliver_due()

    assert [(notice.title, notice.path) for notice in news_of_failure(cast.nora)] == [
        ("Not done: Refund by card", "/invoices/x/")
    ]
    assert not Delivery.objects.exists()


def _away(message):
    raise GatewayError("sk_live_123 is no key", permanent=True)
