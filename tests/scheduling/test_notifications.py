"""What people are told: one message per person, in the client's zone, with a calendar file in which nobody else stands."""

from datetime import UTC, datetime, timedelta

import pytest

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock
from core.kernel.models import OutboxMessage
from core.notifications.models import Delivery, Notice
from core.people.models import LinkedLogin
from core.scheduling.actions import cancel_appointment, move_appointment
from tests.factories.scheduling import book, make_client
from tests.scheduling.mail_entries import calendar_of, event_of

START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_booked_tells_every_linked_login_once_in_the_clients_zone(cast, at, deliver):
    cast.cleo.time_zone = "America/New_York"
    cast.cleo.save()
    book(cast, at=START)
    mails = deliver()
    assert [mail.to for mail in mails] == [["Cleo North <cleo@north.test>"], ["Gus North <gus@north.test>"]]
    for mail in mails:
        text, html = mail.body, mail.alternatives[0].content
        for said in (
            "Tuesday, 10 March 2026",
            "11:00 – 11:50",
            "America/New York",
            "Cleo Marten",
            "Tess North",
        ):
            assert said in text and said in html
        assert "Eastern" in text
    assert "Tess" not in mails[0].to[0]
    assert Delivery.objects.filter(kind="appointment_booked").count() == 2
    assert Notice.objects.filter(kind="appointment_booked").count() == 2


def test_booked_carries_a_calendar_file_of_ones_own(cast, at, deliver):
    appointment = book(cast, at=START)
    part, calendar = calendar_of(deliver()[1])
    event = calendar.events[0]
    assert part.get_param("method") == "REQUEST" and part.get_filename() == "appointment.ics"
    assert calendar["prodid"] == "-//North Practice//Calendar//EN" and calendar["method"] == "REQUEST"
    assert event["uid"] == appointment.uid and event["sequence"] == 0
    assert event["attendee"] == "mailto:gus@north.test"
    assert event["organizer"].params["CN"] == "North Practice"
    assert event["dtstart"].dt.isoformat() == "2026-03-10T16:00:00+01:00"
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert f"http://north.test/appointments/{appointment.pk}/" in event["description"]
    raw = part.get_payload(decode=True)
    assert len(raw) < 3000 and b"colonnade" not in raw.lower() and b"cleo@" not in raw


def test_moved_and_cancelled_replace_the_entry(cast, at, deliver):
    appointment = book(cast, at=START)
    first = event_of(deliver()[0])
    move_appointment(appointment, starts_at=START + HOUR, ends_at=START + 2 * HOUR, by=cast.tess, now=clock.now())
    mail = deliver()[0]
    assert "New time for your" in mail.subject and "16:00" in mail.body and "17:00" in mail.body
    moved = event_of(mail)
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    cancelled_mail = deliver()[0]
    part, calendar = calendar_of(cancelled_mail)
    gone = calendar.events[0]
    assert first["uid"] == moved["uid"] == gone["uid"]
    assert [event["sequence"] for event in (first, moved, gone)] == [0, 1, 2]
    assert part.get_param("method") == "CANCEL" and gone["status"] == "CANCELLED"
    assert "Cancelled" in cancelled_mail.subject


def test_news_that_is_out_of_date_when_it_is_sent_is_not_sent(cast, at, deliver):
    appointment = book(cast, at=START)
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    assert [mail.subject[:9] for mail in deliver()] == ["Cancelled", "Cancelled"]
    assert OutboxMessage.objects.filter(payload__kind="booked", state="void").count() == 2


def test_news_to_a_login_that_was_unlinked_meanwhile_is_not_sent(cast, at, deliver):
    book(cast, at=START)
    LinkedLogin.objects.filter(user=cast.gus).delete()
    assert [mail.to for mail in deliver()] == [["Cleo North <cleo@north.test>"]]


def test_group_news_name_ones_own_people_only(cast, at, deliver):
    other = make_client("Otto", practitioner=cast.tess_staff, login=cast.ada, zone="Asia/Kolkata")
    book(cast, at=START, clients=[cast.cleo, other])
    ada, cleo, gus = deliver()
    assert "Otto" in ada.body and "Marten" not in ada.body and "Asia/Kolkata" in ada.body and "20:30" in ada.body
    for mail in (cleo, gus):
        assert "Otto" not in str(mail.message()) and "Europe/Berlin" in mail.body
    assert "Marten" not in event_of(ada).to_ical().decode()


def test_guardian_of_two_in_one_group_gets_one_message_with_both(cast, at, deliver):
    sibling = make_client("Sibyl", practitioner=cast.tess_staff, login=cast.gus, zone="Europe/London")
    book(cast, at=START, clients=[cast.cleo, sibling])
    mine = [mail for mail in deliver() if "gus@" in mail.to[0]]
    assert len(mine) == 1
    for said in ("Cleo Marten", "Sibyl Other", "Europe/Berlin", "Europe/London"):
        assert said in mine[0].body


def test_place_given_up_tells_its_people_and_the_practitioner_only(cast, at, deliver):
    other = make_client("Otto", practitioner=cast.tess_staff, login=cast.ada)
    appointment = book(cast, at=START, clients=[cast.cleo, other])
    deliver()
    participant = next(participant for participant in appointment.attending if participant.client == other)
    cancel_appointment(appointment, participant=participant, by=cast.nora, now=clock.now())
    assert [mail.to[0].split("<")[1] for mail in deliver()] == ["ada@north.test>", "tess@north.test>"]


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_mail_is_written_for_readers_of_other_languages(cast, at, deliver, language):
    change_brand(current_brand(), by=cast.nora, languages=["en", language])
    cast.gus.language = language
    cast.gus.save()
    book(cast, at=START)
    mail = next(mail for mail in deliver() if "gus@" in mail.to[0])
    assert {"de": "Dienstag", "es": "martes", "fr": "mardi"}[language] in mail.body
    assert mail.subject.startswith(
        {"de": "Termin: Di., 10. März", "es": "Cita: mar, 10 mar", "fr": "Rendez-vous"}[language]
    )
    assert {"de": "Mit Tess North", "es": "Con Tess North", "fr": "Avec Tess North"}[language] in mail.body
    entry = mail.attachments[0][1]
    assert {"de": "Mit Tess North", "es": "Con Tess North", "fr": "Avec Tess North"}[language] in (
        entry if isinstance(entry, str) else entry.decode()
    )
    notice = Notice.objects.get(user_id=cast.gus.pk)
    assert notice.title.startswith(
        {"de": "Neu gebucht: Termin", "es": "Nueva reserva: cita", "fr": "Réservation : rendez-vous"}[language]
    )


def test_a_language_that_is_not_on_offer_is_not_spoken(cast, at, deliver):
    cast.gus.language = "de"
    cast.gus.save()
    book(cast, at=START)
    mail = next(mail for mail in deliver() if "gus@" in mail.to[0])
    assert "Tuesday" in mail.body and "Dienstag" not in mail.body
