"""By which channels people hear of things: the rule, the organization's word, everybody's own, and what becomes of a muted mail."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.notifications.channels import channels_of
from core.notifications.messages import Channel, Topic
from core.notifications.models import ChannelPreference, Delivery, Notice, NotificationSettings
from core.notifications.rules.channels import channels_in_force
from core.people import actions
from core.people.notifications import password_reset_requested
from core.scheduling import notifications as scheduling
from tests.factories.scheduling import book
from tests.factories.web import browser_of
from tests.rules_tables import rows

PAGE = "/profile/notifications/"
SETTINGS = "/settings/channels/"


def words(cell):
    return frozenset() if cell in ("none", "") else frozenset(cell.split(", "))


@pytest.mark.unit
@pytest.mark.parametrize(("about", "organization", "own", "there", "reaching", "by"), rows("channels"))
def test_channels_follow_the_table(about, organization, own, there, reaching, by):
    found = channels_in_force(
        always_mailed=about != "calendar",
        organization=words(organization),
        own=None if own == "–" else words(own),
        there_are=words(there),
        reaching=words(reaching),
    )
    assert found == words(by)


def choose(user, **chosen):
    actions.choose_channels(
        chosen={Topic(topic): frozenset(channels) for topic, channels in chosen.items()}, by=user, now=clock.now()
    )


def deliver():
    while outbox.deliver_due():
        pass


def test_muted_mail_stays_behind_the_bell_and_in_the_log(cast, mailoutbox):
    choose(cast.gus, appointments=[])

    appointment = book(cast, at=clock.now() + timedelta(days=3))
    deliver()

    assert "gus@north.test" not in {address for mail in mailoutbox for address in mail.to[0].split()}
    assert Notice.objects.filter(user_id=cast.gus.pk, kind="appointment_booked").exists()
    row = Delivery.objects.get(recipient_id=str(cast.gus.pk))
    assert (row.state, row.reason_code) == ("void", "delivery.muted")
    told = scheduling.told_of_booking(appointment, by=cast.nora, now=clock.now())
    assert f"Told in the app, as they wish: {cast.gus.name}." in told


def test_security_and_money_are_mailed_whatever_somebody_chose(cast, mailoutbox):
    ChannelPreference.objects.create(user_id=cast.gus.pk, topic="sign_in", channels=[])
    ChannelPreference.objects.create(user_id=cast.gus.pk, topic="billing", channels=[])

    password_reset_requested(cast.gus)
    deliver()

    assert len(mailoutbox) == 1
    for topic in (Topic.SIGN_IN, Topic.BILLING, Topic.LEGAL):
        assert channels_of(cast.gus.pk, topic) == {Channel.EMAIL, Channel.IN_APP}


def test_security_cannot_be_chosen_away(cast):
    with pytest.raises(DomainError):
        choose(cast.gus, sign_in=["email"])


def test_organizations_word_counts_until_somebody_chooses(cast):
    actions.set_channels(
        has_push=True, push_text="neutral", usual={Topic.APPOINTMENTS: frozenset()}, by=cast.nora, now=clock.now()
    )
    assert channels_of(cast.gus.pk, Topic.APPOINTMENTS) == {Channel.IN_APP}

    choose(cast.gus, appointments=["email"])
    assert channels_of(cast.gus.pk, Topic.APPOINTMENTS) == {Channel.EMAIL, Channel.IN_APP}
    assert AuditEvent.objects.filter(action="channels.chosen", actor_id=str(cast.gus.pk)).count() == 1

    choose(cast.gus, appointments=[])  # as the organization says: from now on it follows that
    assert not ChannelPreference.objects.exists()


def test_only_who_runs_the_organization_sets_its_channels(cast):
    with pytest.raises(PermissionDenied):
        actions.set_channels(has_push=False, push_text="neutral", usual={}, by=cast.tess, now=clock.now())
    assert browser_of(cast.tess).get(SETTINGS).status_code == 403


def test_page_shows_what_is_in_force_and_keeps_what_is_ticked(cast):
    browser = browser_of(cast.gus)
    page = browser.get(PAGE).content.decode()
    boxes = set(re.findall(r'name="(\w+)"\s+value="(email|push)"', page))
    assert boxes == {
        *(
            (topic, channel)
            for topic in ("appointments", "reminders", "live", "records")
            for channel in ("email", "push")
        ),
        ("sign_in", "push"),
        ("billing", "push"),
    }  # what is for who works here is not among them

    both = ["email", "push"]
    answer = browser.post(PAGE, {"appointments": ["push"], "reminders": both, "live": both, "records": both})

    assert answer.status_code == 302
    assert channels_of(cast.gus.pk, Topic.APPOINTMENTS) == {Channel.IN_APP}
    assert {row.topic for row in ChannelPreference.objects.filter(user_id=cast.gus.pk)} == {
        "appointments",
        "sign_in",
        "billing",
    }


def test_what_was_chosen_of_a_channel_that_is_off_is_kept(cast):
    actions.set_channels(has_push=False, push_text="neutral", usual={}, by=cast.nora, now=clock.now())

    chosen = {"appointments": ["email"], "reminders": ["email"], "live": [], "records": ["email"]}
    browser_of(cast.gus).post(PAGE, chosen)

    assert ChannelPreference.objects.get(user_id=cast.gus.pk).channels == ["push", "sms"]


def test_settings_page_keeps_the_organizations_word(cast):
    browser = browser_of(cast.nora)
    assert browser.get(SETTINGS).status_code == 200

    answer = browser.post(SETTINGS, {"has_push": "on", "push_text": "subject", "appointments": ["email"]})

    row = NotificationSettings.current()
    assert answer.status_code == 302 and row.push_text == "subject"
    # Text messages are not offered here, so that nothing is decided about them.
    assert row.usual["appointments"] == ["email", "sms"] and row.usual["live"] == ["sms"]
