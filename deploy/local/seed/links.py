"""Personal links: everybody who meets people has one; a prospect has called by it, and somebody waits at it now. And a guest of one appointment."""

from datetime import datetime, timedelta

from core.people.models import Client, StaffMember
from core.scheduling.models import Appointment
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice
from sessions_live import actions as live
from sessions_live.invitations.actions import invite_guest
from sessions_live.models import Admission
from sessions_live.personal_links import actions
from sessions_live.personal_links.models import LinkGuest, PersonalLink

STAYS = timedelta(hours=12)  # that who waits waits on, although no browser stands behind them
CALLER, WAITING = "Robin Vale", "Kim Aldous"
GUEST, GUEST_ADDRESS = "Ines Duarte", "ines.duarte@example.org"


def make_links(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Of all practitioners. The first one's has been used."""
    links = [actions.ensure_link(member, by=member.user, now=now) for member in cast.practitioners]
    link = actions.reset_link(links[0], wanted=f"meet {links[0].host_name}", by=links[0].staff.user, now=now)
    _call(link, links[0].staff, now=now - timedelta(days=1, hours=2))
    waiting = live.ask_admission(
        live.open_personal_room(link, now=now), by=_come(link, WAITING, now=now), now=now - timedelta(minutes=4)
    )
    Admission.objects.filter(pk=waiting.pk).update(held_until=now + STAYS)
    _invite(links[0].staff, now=now)


def _invite(host: StaffMember, *, now: datetime) -> None:
    """Somebody without an account comes to what this person holds next by video."""
    ahead = host.appointments.filter(
        status=Appointment.Status.BOOKED, mode=Appointment.Mode.ONLINE, starts_at__gt=now
    ).order_by("starts_at")
    if (appointment := ahead.first()) is not None:
        invite_guest(appointment, name=GUEST, email=GUEST_ADDRESS, language="en", by=host.user, now=now)


def _call(link: PersonalLink, host: StaffMember, *, now: datetime) -> None:
    """A first call of a quarter of an hour, noted with the prospect that it was."""
    room = live.open_personal_room(link, now=now)
    live.ask_admission(room, by=host.user, now=now)
    asked = live.ask_admission(room, by=_come(link, CALLER, now=now), now=now)
    live.admit(room, asked.pk, by=host.user, now=now + timedelta(seconds=20))
    live.end_session(room, by=host.user, now=now + timedelta(minutes=16))
    prospect = Client.objects.filter(status=Client.Status.PROSPECT, practitioners=host).first()
    if prospect is not None and asked.guest is not None:
        actions.note_call(asked.guest, client=prospect, by=host.user, now=now + timedelta(minutes=17))


def _come(link: PersonalLink, name: str, *, now: datetime) -> LinkGuest:
    return actions.come_by_link(link, name=name, passphrase="", language="en", network="", now=now)
