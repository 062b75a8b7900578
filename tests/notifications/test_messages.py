"""Every message: declared, sent, with standard words in every language; and what a reader gets of an organization's own."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from branding.actions import change_brand
from branding.queries import current_brand
from core.booking_requests import messages as request_messages
from core.kernel import clock, outbox
from core.notifications import layout, notices
from core.notifications.messages import Channel, Content, Message, registered
from core.notifications.models import Delivery, MessageVersion, Notice
from core.notifications.rules.message_text import MessageText, checked
from core.notifications.texts import write
from core.people import actions
from core.people import messages as people_messages
from core.scheduling import messages as scheduling_messages
from tests.factories.scheduling import book

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
MODULES = (
    "core/people/messages.py",
    "core/scheduling/messages.py",
    "core/scheduling/delay_messages.py",
    "core/scheduling/completion_messages.py",
    "core/scheduling/reminder_messages.py",
    "core/scheduling/series_messages.py",
    "core/booking/messages.py",
    "core/enquiries/messages.py",
    "core/booking_requests/messages.py",
    "core/waiting_list/messages.py",
    "core/records/messages.py",
    "core/records/questionnaires/messages.py",
    "core/legal/messages.py",
    "core/team/messages.py",
    "billing/messages.py",
    "billing/dispute_messages.py",
    "billing/packages/messages.py",
    "billing/prepayments/messages.py",
    "billing/autopay/messages.py",
    "billing/reconciliation/messages.py",
    "billing/reminders/messages.py",
    "billing/wages/messages.py",
    "sessions_live/invitations/messages.py",
    "sessions_live/messages.py",
    "core/notifications/sender_messages.py",
    "core/notifications/push_messages.py",
    "core/notifications/text_templates.py",
    "core/scheduling/text_templates.py",
)


def change(message, cast, language="en", **text):
    standard = message.standard()
    given = MessageText(**{part: text.get(part, getattr(standard, part)) for part in message.parts})
    return actions.change_message(
        message, language=language, languages=["en", "de"], text=given, by=cast.nora, now=clock.now()
    )


def sent(mailoutbox, to="gus@"):
    while outbox.deliver_due():
        pass
    (mail,) = [mail for mail in mailoutbox if to in mail.to[0]]
    mailoutbox.clear()
    return mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_standard_words_are_such_as_may_be_saved(language):
    with translation.override(language):
        for message in registered():
            standard = message.standard()
            kept = checked(standard, message.allowed, parts=message.parts, optional=message.optional_parts)
            assert kept == standard, message


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_read_of_samples_without_a_gap(cast, language):
    change_brand(current_brand(), by=cast.nora, languages=LANGUAGES)
    with translation.override(language):
        for message in registered():
            written = write(message, message.sample(), language)
            text = " ".join([written.subject, written.heading, written.button])
            if message.channel == Channel.EMAIL:
                rendered = layout.render(message, message.sample(), language=language)
                text += rendered.text
                assert rendered.subject and not re.search(r"{{|{%|%\(|None", rendered.html), message
            assert not re.search(r"{{|{%|%\(|None|  \w| \.| ,|\.\.(?!\.)|: ?$", text.replace("\n", "\n")), (
                message,
                text,
            )


def test_every_message_that_is_declared_is_sent_somewhere():
    modules = [import_module(module.removesuffix(".py").replace("/", ".")) for module in MODULES]
    # A list, because two modules may call theirs alike.
    made = [name for module in modules for name, value in vars(module).items() if isinstance(value, Message)]
    senders = [
        path
        for name in (
            "notifications.py",
            "delay_notifications.py",
            "dispute_notifications.py",
            "completion_reminders.py",
            "outbox_handlers.py",
            "reminder_handlers.py",
            "text_handlers.py",
            "broken_off.py",
        )
        for path in ROOT.glob(f"*/**/{name}")
    ]
    said = " ".join(path.read_text() for path in senders if "node_modules" not in path.parts)
    by_kind = (
        " ".join(
            (ROOT / f"core/scheduling/{name}.py").read_text().partition("MAILS = {")[2].partition("MESSAGES = (")[0]
            for name in ("messages", "series_messages")
        )
        + (ROOT / "core/notifications/push_messages.py").read_text().partition("PUSH_MESSAGES = (")[2]
    )
    by_kind += (ROOT / "core/booking_requests/messages.py").read_text().partition("TO_STAFF = {")[2]
    by_kind += (ROOT / "core/scheduling/text_templates.py").read_text().partition("TEXTS = {")[2]
    said += "".join((ROOT / f"core/notifications/{name}.py").read_text() for name in ("push", "text_webhooks"))

    in_tables = len(people_messages.SENDER_NOTICES) + len(request_messages.TEXTS)
    assert len(made) + in_tables == len(registered())
    assert not [name for name in made if not re.search(rf"\b{name}\b", said + by_kind)]
    assert all(
        word in said
        for word in (
            "messages.MAILS[",
            "messages.NOTICES[",
            "messages.SENDER_NOTICES[",
            "messages.TEXTS[",
            "messages.TO_STAFF if",
            "BY_TOPIC[",
            "text_templates.TEXTS[",
            "text_templates.SERIES_TEXTS[",
        )
    )


def test_own_words_and_the_brand_of_the_moment_of_sending_are_those_in_the_mail(cast, mailoutbox):
    book(cast, at=clock.now() + timedelta(days=3))  # promised, and not sent yet
    change_brand(
        current_brand(),
        by=cast.nora,
        name="Harbour House",
        words={"en": {"appointment": {"singular": "wug", "plural": "wugs"}}},
    )
    change(scheduling_messages.BOOKED, cast, subject="{{ organization }}: your {{ appointment_word }}")

    mail = sent(mailoutbox)

    assert mail.subject == "Harbour House: your wug"
    assert "this wug was booked" in mail.body and "Harbour House" in mail.alternatives[0][0]
    assert "North Practice" not in mail.body + mail.alternatives[0][0] + mail.extra_headers.get("From", mail.from_email)


def test_whoever_runs_it_reads_it_from_their_own_view(cast, mailoutbox):
    book(cast, at=clock.now() + timedelta(days=3), by=cast.sam)

    mail = sent(mailoutbox, to="tess@")

    assert mail.subject.startswith("New on your schedule: appointment with Cleo Marten")
    assert "Your appointment" not in mail.subject + mail.body
    assert Notice.objects.get(user_id=cast.tess.pk).title.startswith("New on your schedule: Cleo Marten")


def test_mail_leads_to_the_room_and_into_the_calendar_on_the_organizations_own_host(cast, mailoutbox):
    appointment = book(cast, at=clock.now() + timedelta(days=3))

    mail = sent(mailoutbox)

    hosts = set(re.findall(r"https?://([^/\s\"<]+)", mail.body))
    assert len(hosts) == 1
    assert f"/appointments/{appointment.pk}/calendar-file/" in mail.body
    assert ("Join online" in mail.body) == (appointment.mode == "online")


def test_addresses_in_own_words_are_links_and_those_in_names_are_not(cast):
    text = MessageText(
        "Hi",
        body='See https://north.test/a?b=1&c=2. Not javascript:x <a href="https://b.test">b</a> {{ name }}',
        button="x",
    )
    content = Content(values={"name": "https://evil.test/ <b>Mia</b>"})

    rendered = layout.render(people_messages.PASSWORD_RESET, content, language="en", text=text)

    assert '<a href="https://north.test/a?b=1&amp;c=2">https://north.test/a?b=1&amp;c=2</a>.' in rendered.html
    assert 'href="https://evil.test' not in rendered.html and "javascript:x" in rendered.text
    assert "&lt;b&gt;Mia&lt;/b&gt;" in rendered.html and "<b>Mia" not in rendered.html
    assert 'href="javascript' not in rendered.html and "&lt;a href=" in rendered.html


def test_message_arrives_even_if_its_words_cannot_be_filled(cast, mailoutbox):
    MessageVersion.objects.create(
        channel="email", code="appointment_booked", language="en", number=1, subject="{{ gone }}", body="x", button="x", created_at=clock.now()
    )  # fmt: skip
    book(cast, at=clock.now() + timedelta(days=3))

    assert sent(mailoutbox).subject.startswith("Appointment: ")


def test_notice_has_the_organizations_own_words(cast):
    change(scheduling_messages.BOOKED_NOTICE, cast, subject="Booked: {{ service }}", body="")
    book(cast, at=clock.now() + timedelta(days=3))

    notice = Notice.objects.get(user_id=cast.gus.pk)
    assert (notice.title, notice.body) == ("Booked: Speech therapy", "")


def test_words_for_nothing_said_are_those_of_the_readers_language(cast):
    change_brand(current_brand(), by=cast.nora, languages=["en", "de"])
    change(people_messages.INVITATION_ASKED, cast, subject="{{ person }} knocks")

    assert notices.words(people_messages.INVITATION_ASKED, person="Mia")[0] == "Mia knocks"
    with translation.override("de"):
        assert notices.words(people_messages.INVITATION_ASKED, person="Mia")[0] == "Mia bittet um eine neue Einladung"


def test_test_goes_to_whoever_asks_and_the_log_says_what_it_is(cast, mailoutbox):
    actions.test_message(
        people_messages.INVITATION,
        language="en",
        languages=["en"],
        text=MessageText("Come in, {{ name }}", body="Hello", button="In"),
        by=cast.nora,
        now=clock.now(),
    )

    mail = sent(mailoutbox, to="nora@")
    assert mail.subject == "Test: Come in, Nora North"
    assert "This is a test" in mail.body
    assert Delivery.objects.get().is_test
    assert not MessageVersion.objects.exists()
