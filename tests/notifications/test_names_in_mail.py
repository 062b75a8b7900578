"""Mail and calendar files name clients and services only where the organization wants that."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from billing.actions import invoices
from branding.actions import change_brand, create_brand
from branding.models import Brand
from branding.queries import current_brand
from core.kernel import clock, outbox
from core.people.actions import invite_login
from core.scheduling.actions import cancel_appointment, move_appointment
from core.scheduling.calendar_file import Entry, one_entry
from core.scheduling.recipients import recipient_for
from tests.factories.scheduling import book, make_client
from tests.factories.till import issue, make_till

NAMES = ("Cleo", "Marten", "Sibyl", "Speech", "Assessment", "Cora", "Winter")


@pytest.fixture
def careful(cast):
    change_brand(current_brand(), by=cast.nora, names_in_mail=False)
    return cast


def sent(mailoutbox):
    """Everything that left, to be read by whoever shares the mailbox: without the address it went to."""
    while outbox.deliver_due():
        pass
    found = [
        mail.subject + mail.body + str([part.content for part in mail.alternatives]) + str(mail.attachments)
        for mail in mailoutbox
        if "gus@" in mail.to[0]
    ]
    mailoutbox.clear()
    return found


def test_news_reminders_and_calendar_files_name_nobody(careful, mailoutbox, moved_clock):
    cast = careful
    make_client("Sibyl", practitioner=cast.tess_staff, login=cast.gus, zone="Europe/London")
    appointment = book(cast, at=clock.now() + timedelta(days=3))
    mails = sent(mailoutbox)
    later = appointment.starts_at + timedelta(hours=1)
    move_appointment(appointment, starts_at=later, ends_at=later + timedelta(hours=1), by=cast.tess, now=clock.now())
    mails += sent(mailoutbox)
    moved_clock(timedelta(days=2, hours=1, minutes=1))
    mails += sent(mailoutbox)
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    mails += sent(mailoutbox)

    assert len(mails) == 4
    for mail in mails:
        assert not [name for name in NAMES if name in mail.replace("cleo@", "")]
        assert "Tess North" in mail or "BEGIN:VCALENDAR" in mail
    assert sum("SUMMARY:Appointment" in mail for mail in mails) == 3


@pytest.mark.parametrize(("names", "said"), [(True, "With Tess North"), (False, "North Practice\n")])
def test_calendar_file_names_the_practitioner_as_the_organization_chose(cast, names, said):
    change_brand(current_brand(), by=cast.nora, names_in_mail=names)
    appointment = book(cast)
    recipient = recipient_for(cast.gus, appointment, [cast.cleo])
    file = one_entry(Entry(appointment, recipient), method="PUBLISH", now=clock.now())

    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert str(event["DESCRIPTION"]).startswith(said)
    assert ("Tess" in str(dict(event))) is names


def test_invoice_and_its_document_are_behind_the_sign_in(careful, mailoutbox):
    till = make_till(careful)
    issue(till)
    (mail,) = sent(mailoutbox)

    assert not [name for name in NAMES if name in mail]
    assert "behind the sign-in" in mail and "/billing/invoices/" in mail and ".pdf" not in mail


def test_payer_without_a_login_has_no_other_way_to_the_document(careful, mailoutbox):
    till = make_till(careful)
    invoice = issue(till)
    type(invoice).objects.filter(pk=invoice.pk).update(payer_user=None, payer_email="gus@north.test")
    invoices.send_invoice_again(invoice=type(invoice).objects.get(pk=invoice.pk), by=till.nora, now=till.now)

    assert ".pdf" in sent(mailoutbox)[0]


def test_invitation_names_nobody(careful, mailoutbox):
    careful.gus.set_unusable_password()
    careful.gus.save()
    invite_login(login=careful.gus, by=careful.nora, now=clock.now())
    (mail,) = sent(mailoutbox)

    assert "Cleo" not in mail and "Nora North has invited you" in mail


def test_names_are_there_where_the_organization_wants_them(cast, mailoutbox):
    book(cast)

    (mail,) = sent(mailoutbox)
    assert "Cleo Marten" in mail and "SUMMARY:Speech therapy (Cleo)" in mail


@pytest.mark.parametrize(
    ("blueprint", "names"), [("clinic", False), ("counselling", False), ("school", True), ("tutoring", True)]
)
def test_practices_of_health_begin_with_the_careful_choice(north, blueprint, names):
    Brand.objects.all().delete()
    made = create_brand(
        name="New", blueprint=blueprint, time_zone="UTC", currency="EUR", country="DE", languages=["en"]
    )
    assert made.names_in_mail is names
