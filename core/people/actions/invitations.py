"""Invitations: sent, sent again, withdrawn, accepted, and asked for anew."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError, NotFound
from core.kernel.ids import new_id
from core.kernel.translation import translate
from core.people import notifications, queries
from core.people.actions.changes import checked_zone, is_system, require
from core.people.actions.logins import withdraw_open_invitations
from core.people.audit_codes import PeopleAudit
from core.people.models import Invitation, User
from core.people.permissions import can_manage_login
from core.people.rules import invitations as rules
from core.people.rules.sign_in import sign_in_refusal


@transaction.atomic
def invite_login(*, login: User, by: Any, now: datetime) -> Invitation:
    """Mail a link to set a password, in the name of `by`. An earlier link stops working: so this also sends it again."""
    require(is_system(by) or can_manage_login(by, login))
    if login.has_usable_password():
        raise DomainError(
            "already_registered", translate("%(login)s has already set a password and can sign in.", login=login)
        )
    if not login.is_active:
        raise DomainError("not_active", translate("%(login)s may not log in. Switch access on first.", login=login))
    if sign_in_refusal(queries.login_facts(login)) is not None:
        raise DomainError(
            "not_active",
            translate("Only active people are invited. Set the status to active, then invite %(login)s.", login=login),
        )
    return _issue(login, invited_by=str(by), inviter=None if is_system(by) else by, by=by, now=now)


@transaction.atomic
def withdraw_invitation(*, login: User, by: Any, now: datetime) -> None:
    """Make the link in the mail worthless; somebody who never set a password may then not log in until invited again."""
    require(can_manage_login(by, login))
    if withdraw_open_invitations(login, now=now) == 0:
        raise DomainError("no_invitation", translate("There is no open invitation for %(login)s.", login=login))
    if not login.has_usable_password():
        login.is_active = False
        login.save(update_fields=["is_active"])
    audit.record(PeopleAudit.INVITATION_WITHDRAWN, by=by, subject=login)


def find_invitation(token: str) -> Invitation:
    """The invitation behind a link; `NotFound` for a token that never was."""
    found = Invitation.objects.select_related("user").filter(token_digest=rules.digest_of(token)).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def accept_invitation(*, token: str, password: str, time_zone: str, now: datetime, language: str = "") -> User:
    """Set the password, once; `language` is the one in which the person has just read the page.

    Errors: the link's state as code (`accepted`, `expired`, `withdrawn`), `password_weak`.
    """
    found = find_invitation(token)
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    state = invitation.state_at(now)
    if state != rules.InvitationState.OPEN:
        raise DomainError(state.value, translate("This link no longer works."))
    user = found.user
    if sign_in_refusal(queries.login_facts(user)) is not None:
        raise DomainError("withdrawn", translate("This link no longer works."))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), field="password") from error
    user.set_password(password)
    user.time_zone = checked_zone(time_zone)
    user.language = language or user.language
    user.save(update_fields=["password", "time_zone", "language"])
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    audit.record(PeopleAudit.INVITATION_ACCEPTED, by=user, subject=user)
    return user


@transaction.atomic
def ask_for_invitation(*, token: str, now: datetime) -> str:
    """Somebody holds a link that no longer works and asks for a new one.

    Returns "sent" (a new link is on its way), "registered" (there is a password: a reset is on its way) or "forwarded" (access was taken
    away: those who look after people are told). The mail goes to the login's own address, whoever asks. At most one in two minutes.
    """
    invitation = find_invitation(token)
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    if sign_in_refusal(queries.login_facts(user)) is not None:
        notifications.invitation_requested(user, now=now)
        return "forwarded"
    if user.has_usable_password():
        notifications.password_reset_requested(user)
        return "registered"
    latest = queries.latest_invitation(user.pk) or invitation
    if now - latest.created_at >= rules.PAUSE_BETWEEN_REQUESTS:
        _issue(user, invited_by=invitation.invited_by, inviter=invitation.inviter, by=user, now=now)
    return "sent"


def _issue(login: User, *, invited_by: str, inviter: User | None, by: Any, now: datetime) -> Invitation:
    withdraw_open_invitations(login, now=now)
    key = new_id()
    token = rules.token_for(key, secret=settings.SECRET_KEY)
    invitation = Invitation.objects.create(
        id=key,
        user=login,
        invited_by=invited_by,
        inviter=inviter,
        token_digest=rules.digest_of(token),
        created_at=now,
        expires_at=now + rules.LIFETIME,
    )
    audit.record(PeopleAudit.INVITATION_SENT, by=by, subject=login)
    notifications.invited(invitation)
    return invitation
