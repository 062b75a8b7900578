"""Whoever signs in where their login was never used is told by mail: if it was not they, somebody else has their password."""

from django.db import transaction
from django.http import HttpRequest

from core.kernel import audit
from core.people import notifications
from core.people.models import User
from portal import known_devices
from portal.account import limits
from portal.account.audit_codes import AccountAudit
from portal.middleware import client_address

EVENT = "new_device"


@transaction.atomic
def tell_of_new_device(request: HttpRequest, user: User, *, is_first: bool) -> None:
    """Promise the mail, unless this browser is known, or nobody has signed in with this login before: that is no news."""
    if is_first or known_devices.device_of(request, limits.as_known(user)):
        return
    audit.record(AccountAudit.LOGIN_NEW_DEVICE, by=user, subject=user)
    notifications.security_changed(user, event=EVENT, address=client_address(request) or "")
