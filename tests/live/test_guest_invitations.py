"""Guests who are invited to one appointment: who invites, what they are told, how they come, and when the link is dead."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied

from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import User
from core.scheduling.actions import cancel_appointment, move_appointment
from sessions_live.invitations import actions
from sessions_live.invitations.models import GuestInvitation
from sessions_live.invitations.notifications import page_of
from sessions_live.models import Admission, LinkGuest
from sessions_live.personal_links.actions import block_guest
from tests.factories.links import browser_at, link_of, room_of
from tests.factories.web import browser_of

DAY = timedelta(days=1)


def invite(cast, appointment, name="Iris Interpreter", email="iris@example.test", **other):
    how = {"language": "en", "by": cast.tess, "now": clock.now(), **other}
    return actions.invite_guest(appointment, name=name, email=email, **how)


def told(mailoutbox):
    """The mails to invited guests that leave now."""
    del mailoutbox[:]
    OutboxMessage.objects.exclude(name="sessions_live.tell_guest").delete()
    while outbox.deliver_due():
        pass
    return [(letter.to[0], letter.subject, letter.body) for letter in mailoutbox]


def test_guest_is_invited_by_mail_with_a_link_that_opens_the_door(cast, appointment, mailoutbox):
    invitation = invite(cast, appointment)
    ((address, subject, body),) = told(mailoutbox)
    assert "iris@example.test" in address
    assert cast.tess.name in subject
    assert page_of(invitation) in body
    assert "Speech therapy" not in body and "Cleo" not in body
    page = browser_of().get(page_of(invitation))
    assert page.status_code == 200
    assert "You come as Iris Interpreter." in page.content.decode()
    assert AuditEvent.objects.filter(action="guest.invited", subject_id=str(appointment.pk)).count() == 1


def test_invited_guest_waits_is_let_in_and_out_when_withdrawn(cast, appointment, room, scenes):
    invitation = invite(cast, appointment)

    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send_message("hello")
        await tess.hear("engine")
        browser = browser_of()
        await sync_to_async(browser.get)(page_of(invitation))
        iris = await connect(room.pk, None).open(browser)
        await iris.send_message("hello")
        peer = (await iris.hear("welcome"))["peer"]
        while not (people := await tess.hear("people"))["queue"]:
            pass
        assert people["queue"][0]["name"] == "Iris Interpreter (guest)"
        await tess.send_message("admit", admission=peer)
        await iris.hear("admitted")
        await iris.rest()
        await sync_to_async(actions.withdraw_invitation)(invitation, by=cast.tess, now=clock.now())
        assert (await iris.hear("denied"))["was_in"]
        again = await connect(room.pk, None).open(browser)
        await again.send_message("hello")
        assert await again.closed() in (4401, 4404)
        assert (await sync_to_async(browser.get)(page_of(invitation))).status_code == 409

    scenes(play)
    assert Admission.objects.get(guest=invitation.guest).state == "denied"


def test_link_says_when_it_opens_and_when_it_is_over(cast, appointment):
    invitation = invite(cast, appointment)
    row = type(appointment).objects.filter(pk=appointment.pk)
    row.update(starts_at=clock.now() + DAY, ends_at=clock.now() + DAY + timedelta(hours=1))
    early = browser_of().get(page_of(invitation)).content.decode()
    assert "data-opens-in" in early and "/ws/live/" not in early
    row.update(starts_at=clock.now() - DAY, ends_at=clock.now() - DAY + timedelta(hours=1))
    assert browser_of().get(page_of(invitation)).status_code == 409


@pytest.mark.parametrize("token", ["", "x", "0" * 32 + ".forged", "Ω.Ω"])
def test_forged_link_leads_nowhere(cast, appointment, token):
    invitation = invite(cast, appointment)
    address = f"/invited/{token or page_of(invitation).split('/')[2][:-1]}/"
    assert browser_of().get(address).status_code == 404


def test_signed_in_person_is_not_the_guest(cast, appointment):
    invitation = invite(cast, appointment)
    assert browser_of(cast.gus).get(page_of(invitation)).status_code == 302  # takes part by his own right
    stranger = browser_of(
        User.objects.create_user(email="otto@example.test", name="Otto Other", time_zone="Europe/Berlin")
    ).get(page_of(invitation))
    assert stranger.status_code == 409
    assert "Iris Interpreter" in stranger.content.decode()
    assert not LinkGuest.objects.filter(into__isnull=False).exists()


def test_only_hosts_invite_send_again_and_withdraw(cast, appointment):
    invitation = invite(cast, appointment)
    for stranger in (cast.gus, cast.cleo_login):
        with pytest.raises(PermissionDenied):
            invite(cast, appointment, email="other@example.test", by=stranger)
        with pytest.raises(PermissionDenied):
            actions.send_again(invitation, by=stranger, now=clock.now())
        with pytest.raises(PermissionDenied):
            actions.withdraw_invitation(invitation, by=stranger, now=clock.now())
    assert browser_of(cast.gus).get(f"/live/{appointment.pk}/guests/new/").status_code in (403, 404)


@pytest.mark.parametrize(
    "name, email, code",
    [
        ("x" * 200, "iris@example.test", "name_too_long"),
        ("\u200b", "iris@example.test", "name_missing"),
        ("www.bad.example", "iris@example.test", "name_is_address"),
        ("Iris", "iris", "email_invalid"),
        ("Iris", "iris@exa mple.test", "email_invalid"),
        ("Iris", "é@example.test", "email_invalid"),
        ("Iris\nBcc: all@example.test", "iris@example.test", "control_characters"),
    ],
)
def test_what_is_no_name_or_address_is_refused(cast, appointment, name, email, code):
    with pytest.raises(DomainError) as refused:
        invite(cast, appointment, name=name, email=email)
    assert refused.value.code in (code, "name_is_address")
    assert not GuestInvitation.objects.exists()


def test_one_address_is_invited_once_and_again_after_it_was_withdrawn(cast, appointment):
    invitation = invite(cast, appointment)
    with pytest.raises(DomainError) as refused:
        invite(cast, appointment, email="IRIS@example.test")
    assert refused.value.code == "invited_already"
    actions.withdraw_invitation(invitation, by=cast.tess, now=clock.now())
    with pytest.raises(DomainError) as refused:
        actions.withdraw_invitation(invitation, by=cast.tess, now=clock.now())
    assert refused.value.code == "withdrawn"
    assert page_of(invite(cast, appointment)) != page_of(invitation)


def test_guests_of_one_appointment_and_mails_of_one_invitation_are_limited(cast, appointment):
    for number in range(actions.MOST):
        invitation = invite(cast, appointment, email=f"guest{number}@example.test")
    with pytest.raises(DomainError) as refused:
        invite(cast, appointment)
    assert refused.value.code == "too_many_guests"
    for _ in range(actions.MOST_SENT - 1):
        actions.send_again(invitation, by=cast.tess, now=clock.now())
    with pytest.raises(DomainError) as refused:
        actions.send_again(invitation, by=cast.tess, now=clock.now())
    assert refused.value.code == "sent_often"


def test_moved_and_cancelled_are_told_and_a_withdrawn_guest_hears_of_neither(cast, appointment, mailoutbox):
    invite(cast, appointment)
    gone = invite(cast, appointment, name="Otto", email="otto@example.test")
    told(mailoutbox)
    actions.withdraw_invitation(gone, by=cast.tess, now=clock.now())
    ((_, subject, body),) = told(mailoutbox)
    assert subject.startswith("Not any more") and "withdrawn" in body
    starts = appointment.starts_at + DAY
    move_appointment(
        appointment, starts_at=starts, ends_at=starts + appointment.duration, by=cast.tess, now=clock.now()
    )
    ((address, subject, _),) = told(mailoutbox)
    assert "iris@example.test" in address and subject.startswith("New time")
    appointment.refresh_from_db()
    cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())
    ((address, subject, body),) = told(mailoutbox)
    assert "iris@example.test" in address and "does not take place" in body


def test_nobody_is_invited_to_what_is_over(cast, appointment):
    cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())
    appointment.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        invite(cast, appointment)
    assert refused.value.code == "not_booked"


def test_invited_guest_in_the_browser_of_a_guest_by_link_stays_apart(cast, appointment, room):
    link = link_of(cast.tess_staff)
    browser = browser_at(link)
    invitation = invite(cast, appointment)
    assert browser.get(page_of(invitation)).status_code == 200
    assert browser.get(f"/join/{link.slug}/").content.decode().count("Paula Gast") >= 1
    assert len(browser.session["link_guests"]) == 2
    assert room_of(link).link_id == link.pk


def test_blocked_guest_is_out_of_the_invitation_too(cast, appointment, room):
    invitation = invite(cast, appointment)
    block_guest(invitation.guest, by=cast.tess, now=clock.now())
    assert browser_of().get(page_of(invitation)).status_code == 409


def test_host_invites_from_the_page_of_the_appointment(cast, appointment):
    browser = browser_of(cast.tess)
    page = browser.get(f"/appointments/{appointment.pk}/").content.decode()
    assert f"/live/{appointment.pk}/guests/new/" in page
    answer = browser.post(
        f"/live/{appointment.pk}/guests/new/",
        {"name": "Iris Interpreter", "email": "iris@example.test", "language": "en"},
    )
    assert answer.status_code == 302, answer.content.decode()
    invitation = GuestInvitation.objects.get()
    assert "Iris Interpreter" in browser.get(f"/appointments/{appointment.pk}/").content.decode()
    assert "Iris Interpreter" not in browser_of(cast.gus).get(f"/appointments/{appointment.pk}/").content.decode()
    browser.post(f"/live/guests/{invitation.pk}/send-again/")
    browser.post(f"/live/guests/{invitation.pk}/withdraw/")
    invitation.refresh_from_db()
    assert (invitation.times_sent, invitation.withdrawn_by) == (2, cast.tess)
