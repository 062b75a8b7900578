"""Who is told what about a live room: hosts of who waits, on whatever page they have open; guests that it begins."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.channels import texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Content, Topic
from core.notifications.rules.message_text import MessageText
from core.people.models import User
from core.scheduling.messages import LOGIN_REASON
from core.scheduling.recipients import audience_of
from sessions_live import messages
from sessions_live.models import Admission, ChatMessage, Room
from sessions_live.outbox_names import TELL_START, TEXT_START
from sessions_live.permissions import hosts_to_notify
from tenants.absolute_urls import absolute_url

NEWS_FOR = timedelta(minutes=15)  # after that it has been going on for too long to be news


def room_path(room: Room) -> str:
    """The page of the room, on the organization's host."""
    return f"/live/{room.address_id}/"


def waiting_values(room: Room, admission: Admission, *, host: User) -> dict[str, str]:
    """What the words about a waiting person can speak of; at whom they wait is said to everybody but that person."""
    practitioner = room.practitioner.user
    at_whom = "" if practitioner.pk == host.pk else practitioner.name
    return {"person": admission.shown_name, "service": room.what, "practitioner": at_whom}


def waiting_notice(
    room: Room, admission: Admission, *, host: User, quiet: bool = False, text: MessageText | None = None
) -> dict[str, Any]:
    """What the pop-up shows this host about a waiting person, in the language in force; `text`: its words, where several are made at once."""
    title, body = notices.words(messages.WAITING, text=text, **waiting_values(room, admission, host=host))
    return {
        "kind": "live.ring",
        "room": str(room.pk),
        "admission": str(admission.pk),
        "name": admission.shown_name,
        "is_guest": admission.guest_id is not None,
        "title": title,
        "body": body,
        "path": room_path(room),
        "since": admission.asked_at.isoformat(),
        "quiet": quiet,
    }


def tell_hosts_of_waiting(room: Room, admission: Admission, *, quiet: bool) -> None:
    """Pop-up and sound on every page that a host has open (LIV-02); a notice for those who look later."""
    for host in User.objects.filter(pk__in=hosts_to_notify(room)):
        with in_language_of(host):
            facts = waiting_notice(room, admission, host=host, quiet=quiet)
            if not quiet:
                notices.post(
                    messages.WAITING,
                    user_id=host.pk,
                    path=room_path(room),
                    happens_at=admission.asked_at + NEWS_FOR,
                    about=admission,
                    **waiting_values(room, admission, host=host),
                )
        notices.send_to_pages(host.pk, facts)


def withdraw_waiting(room: Room, admission: Admission) -> None:
    """The pop-up may go: the person has been let in or turned away, or has left."""
    if admission.is_host:
        return
    for user_id in hosts_to_notify(room):
        notices.send_to_pages(user_id, {"kind": "live.settled", "admission": str(admission.pk), "room": str(room.pk)})


def forward_message(room: Room, message: ChatMessage) -> None:
    """What was written in the waiting room, to the pop-ups of the hosts (LIV-03)."""
    waiting = room.admissions.filter(state=Admission.State.WAITING)
    admission = waiting.filter(Q(user=message.waiting_person_id) | Q(guest=message.waiting_guest_id)).only("pk").first()
    if admission is None:
        return
    facts = {
        "kind": "live.words",
        "room": str(room.pk),
        "admission": str(admission.pk),
        "name": message.sender_name,
        "text": message.text,
        "from_guest": message.sender_person_id == message.waiting_id,
    }
    for user_id in hosts_to_notify(room):
        notices.send_to_pages(user_id, facts)


def tell_guests_of_start(room: Room, *, by: User, now: datetime) -> None:
    """The guests' logins are told that it begins (NOT-11): those who may see the appointment, and so come in."""
    appointment = room.appointment
    assert appointment is not None
    clients = [participant.client for participant in appointment.attending]
    users = [recipient.user for recipient in audience_of(appointment, clients).told if recipient.clients]
    texted = texted_among([user.pk for user in users], Topic.LIVE)
    for user in users:
        with in_language_of(user):
            notices.post(
                messages.STARTED,
                user_id=user.pk,
                path=room_path(room),
                happens_at=now + NEWS_FOR,
                about=room,
                person=by.name,
                service=room.what,
            )
        # Whoever is on no page hears nothing: a mail follows, unless they have come by then.
        key = f"live.start:{room.pk}:{user.pk}:{now:%Y%m%dT%H%M%S}"
        facts = {"room": str(room.pk), "user": str(user.pk), "person": by.name, "began_at": now.isoformat()}
        outbox.enqueue(TELL_START, key=key, by=by, about=appointment, **facts)
        if user.pk in texted:
            outbox.enqueue(TEXT_START, key=f"{key}:text", by=by, about=appointment, **facts)


def start_content(room: Room, *, person: str) -> Content:
    """What the mail says to whoever is not there, in the language in force. It names nobody but the host."""
    return Content(values={"person": person}, button_url=absolute_url(room_path(room)), reason=translate(LOGIN_REASON))
