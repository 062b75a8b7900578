"""A host invites a guest to one appointment, writes to them again, and takes it back; the guest comes by the link."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.mail_addresses import NOT_DELIVERABLE, deliverable
from core.kernel.translation import gettext_noop, translate
from core.people.models import User
from core.scheduling.models import Appointment
from sessions_live.actions.rooms import CLOSED, open_room
from sessions_live.audit_codes import LiveAudit
from sessions_live.invitations import notifications
from sessions_live.invitations.models import LONGEST_ADDRESS, GuestInvitation
from sessions_live.models import LinkGuest, Room
from sessions_live.permissions import RoomRole, opening_of, room_role_of
from sessions_live.personal_links.actions import checked_name, link_for, show_out
from sessions_live.personal_links.queries import is_namesake

MOST = 10  # guests of one appointment
MOST_SENT = 5  # mails of the same invitation
OVER = gettext_noop("This invitation is not good any more. Ask whoever has invited you.")


@transaction.atomic
def invite_guest(
    appointment: Appointment, *, name: str, email: str, language: str, by: User, now: datetime
) -> GuestInvitation:
    """Invite somebody without an account, by mail. Errors: those of a name; `email_invalid`, `invited_already`, `too_many_guests`; and where
    nobody can come to it any more a code of `CLOSED`."""
    _check_host(by, appointment)
    appointment = (
        Appointment.objects.select_for_update(of=["self"]).select_related("practitioner__user").get(pk=appointment.pk)
    )
    _check_ahead(appointment, now)
    name, email = checked_name(name), _checked_address(email)
    good = GuestInvitation.objects.filter(appointment=appointment, withdrawn_at=None)
    if good.filter(email__iexact=email).exists():
        raise ConflictError("invited_already", translate("This address is invited already."), field="email")
    if good.count() >= MOST:
        raise DomainError("too_many_guests", translate("At most %(most)s guests can be invited.", most=MOST))
    link = link_for(appointment.practitioner, by=by, now=now)
    guest = LinkGuest.objects.create(
        link=link, slug="", name=name, is_namesake=is_namesake(name), language=language, came_at=now
    )
    invitation = GuestInvitation.objects.create(
        appointment=appointment, guest=guest, email=email, invited_by=by, invited_at=now
    )
    audit.record(LiveAudit.GUEST_INVITED, by=by, subject=appointment, changes={"person": [None, name]})
    notifications.tell(invitation, notifications.INVITED, by=by)
    return invitation


@transaction.atomic
def send_again(invitation: GuestInvitation, *, by: User, now: datetime) -> GuestInvitation:
    """The same mail once more, with the same link. Errors: `withdrawn`, `too_often`; a code of `CLOSED`."""
    invitation = _held(invitation, by)
    _check_ahead(invitation.appointment, now)
    if invitation.times_sent >= MOST_SENT:
        sentence = translate("It was sent %(number)s times. Withdraw it and invite them anew.", number=MOST_SENT)
        raise DomainError("sent_often", sentence)
    invitation.times_sent += 1
    invitation.save(update_fields=["times_sent"])
    changes = {"person": [None, invitation.guest.name]}
    audit.record(LiveAudit.GUEST_INVITED_AGAIN, by=by, subject=invitation.appointment, changes=changes)
    notifications.tell(invitation, notifications.INVITED, by=by)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: GuestInvitation, *, by: User, now: datetime) -> GuestInvitation:
    """The link is dead at once; who waits by it, or is in, is out, and is told by mail. Error: `withdrawn`."""
    invitation = _held(invitation, by)
    invitation.withdrawn_at, invitation.withdrawn_by = now, by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    LinkGuest.objects.filter(pk=invitation.guest_id).update(into=None)
    changes = {"person": [invitation.guest.name, None]}
    audit.record(LiveAudit.GUEST_UNINVITED, by=by, subject=invitation.appointment, changes=changes)
    show_out(invitation.guest.link, LinkGuest.objects.filter(pk=invitation.guest_id), now=now, also_inside=True)
    if invitation.appointment.is_booked and invitation.appointment.ends_at > now:
        notifications.tell(invitation, notifications.WITHDRAWN, by=by)
    return invitation


@transaction.atomic
def come_invited(invitation: GuestInvitation, *, now: datetime) -> Room:
    """The guest has opened the link while the room is open: they may come to its door. DomainError `withdrawn`, or a code of `CLOSED`."""
    if not invitation.is_good:
        raise DomainError("withdrawn", translate(OVER))
    room = open_room(invitation.appointment, now=now)
    LinkGuest.objects.filter(pk=invitation.guest_id, blocked_at=None).exclude(into=room).update(into=room)
    return room


def tell_moved(appointment: Appointment, *, by: object) -> None:
    """It begins at another time: every guest hears of it, once for each time."""
    for invitation in GuestInvitation.objects.filter(appointment=appointment, withdrawn_at=None).select_related(
        "guest"
    ):
        invitation.appointment = appointment
        notifications.tell(invitation, notifications.MOVED, by=by)


def tell_cancelled(appointment: Appointment, *, by: object) -> None:
    """It does not take place."""
    for invitation in GuestInvitation.objects.filter(appointment=appointment, withdrawn_at=None).select_related(
        "guest"
    ):
        invitation.appointment = appointment
        notifications.tell(invitation, notifications.CANCELLED, by=by)


def _check_host(by: User, appointment: Appointment) -> None:
    if room_role_of(by, appointment) is not RoomRole.HOST:
        raise PermissionDenied("only whoever runs it invites guests")


def _check_ahead(appointment: Appointment, now: datetime) -> None:
    code = opening_of(appointment, now=now).code
    if code not in ("open", "too_early"):
        raise DomainError(code, translate(CLOSED[code]))


def _checked_address(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
        deliverable(email)
    except (ValidationError, ValueError) as error:
        raise DomainError("email_invalid", translate(NOT_DELIVERABLE), field="email") from error
    if len(email) > LONGEST_ADDRESS:
        raise DomainError("email_invalid", translate(NOT_DELIVERABLE), field="email")
    return email


def _held(invitation: GuestInvitation, by: User) -> GuestInvitation:
    """As it is now, for a host. ConflictError `withdrawn`."""
    rows = GuestInvitation.objects.select_for_update(of=["self"])
    found = rows.select_related("guest__link__staff__user", "appointment__practitioner__user").get(pk=invitation.pk)
    _check_host(by, found.appointment)
    if found.withdrawn_at is not None:
        raise ConflictError("withdrawn", translate("This invitation was withdrawn already."))
    return found
