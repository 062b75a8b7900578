"""What people do when other apps announce something."""

from typing import Any

from django.dispatch import receiver

from branding.senders.models import Sender
from branding.senders.signals import sender_state_changed
from core.kernel import clock
from core.kernel.audit import System
from core.kernel.models import OutboxMessage
from core.notifications.failures import is_passing, reason_of
from core.notifications.messages import Channel
from core.notifications.models import Delivery
from core.notifications.signals import delivery_ended_badly, failure_noted
from core.people.actions import invite_staff_member
from core.people.models import Client, StaffMember, User
from core.people.notifications import (
    HOST_CHANGED,
    host_changed_state,
    host_was_lost,
    mail_did_not_arrive,
    passkey_host_goes,
    promise_not_kept,
    security_changed,
    sender_changed,
    texts_do_not_leave,
)
from core.people.passkeys import left_behind, who_need
from core.people.roles import OWNER
from tenants.domain_rules import DomainState
from tenants.models import Domain, Organization
from tenants.signals import (
    domain_state_changed,
    host_lost,
    host_released,
    organization_created,
    primary_host_changed,
    usage_requested,
)

PATIENT_FAILURES = 3  # of what usually mends itself: about two and a half minutes


@receiver(failure_noted, dispatch_uid="tell_of_failed_promise")
def tell_of_failed_promise(
    message: OutboxMessage, error: Exception, is_final: bool, delivery: Delivery | None, **_: Any
) -> None:
    """Whoever answers for a promise hears that it failed: at once of what may not pass by itself, of the rest when it has lasted.

    Of text messages only those who look after the organization hear, when none leaves any more: what they say stands elsewhere, too.
    """
    waits = is_passing(error) and not is_final
    if delivery is not None and delivery.channel == Channel.SMS:
        if is_final or message.failures == PATIENT_FAILURES:
            texts_do_not_leave(delivery)
    elif message.failures == (PATIENT_FAILURES if waits else 1) or is_final:
        promise_not_kept(message, delivery, reason_of(error))


@receiver(delivery_ended_badly, dispatch_uid="tell_of_lost_mail")
def tell_of_lost_mail(delivery: Delivery, **_: Any) -> None:
    """Whoever answers for a mail hears that it did not arrive, though it had left. Of a text message, the log is enough, unless none does."""
    if delivery.is_mail:
        mail_did_not_arrive(delivery)
    else:
        texts_do_not_leave(delivery)


@receiver(sender_state_changed, dispatch_uid="tell_of_sender")
def tell_of_sender(changed: Sender, what: str, state: str, **_: Any) -> None:
    """Whoever looks after the sender hears that it is not used any more, needs a hand, or is used again."""
    sender_changed(changed, what, state)


@receiver(organization_created, dispatch_uid="owner_of_new_organization")
def invite_owner(
    *, organization: Organization, owner_email: str, owner_name: str, invite_owner: bool = True, **wishes: Any
) -> None:
    """A new organization gets its owner, invited in the organization's own name.

    Wishes: `time_zone`, `languages`. The owner confirms the time zone when setting the password.
    """
    if not owner_email or not invite_owner:
        return
    invite_staff_member(
        email=owner_email,
        name=owner_name or owner_email.partition("@")[0],
        role=OWNER.code,
        time_zone=wishes.get("time_zone") or "UTC",
        language=(wishes.get("languages") or ["en"])[0],
        by=System(organization.name),
        now=clock.now(),
    )


@receiver(primary_host_changed, dispatch_uid="tell_of_other_host")
def tell_of_other_host(*, host: str, **_: Any) -> None:
    """Whoever has passkeys, but none of this host, hears that theirs belong to the one before: browsers do not offer them on another one."""
    for user in left_behind(host):
        security_changed(user, event=HOST_CHANGED, address="")


@receiver(domain_state_changed, dispatch_uid="tell_whose_passkey_goes")
def tell_whose_passkey_goes(*, domain: Domain, after: DomainState, **_: Any) -> None:
    """Whoever has passkeys of a host that is being given back, and of no other one, hears of it while it still takes them."""
    if after == DomainState.DETACHING:
        for user in who_need(domain.domain):
            passkey_host_goes(user, host=domain.domain, until=domain.leaves_at)


@receiver(host_released, dispatch_uid="tell_whose_passkey_is_gone")
def tell_whose_passkey_is_gone(*, host: str, **_: Any) -> None:
    """The same once it is gone: at once, or for whoever has made none meanwhile."""
    for user in who_need(host):
        passkey_host_goes(user, host=host, until=None)


@receiver(domain_state_changed, dispatch_uid="tell_of_host_state")
def tell_of_host_state(*, domain: Domain, before: DomainState, after: DomainState, **_: Any) -> None:
    """Whoever looks after hosts hears when one goes live, and when one needs attention."""
    if after in (DomainState.LIVE, DomainState.DEGRADED) and before != DomainState.DETACHING:
        host_changed_state(domain)


@receiver(host_lost, dispatch_uid="tell_of_lost_host")
def tell_of_lost_host(*, host: str, **_: Any) -> None:
    """Whoever looks after hosts hears that one is somebody else's now."""
    host_was_lost(host)


@receiver(usage_requested, dispatch_uid="people_of_organization")
def count_people(**ignored: Any) -> dict[str, int]:
    """How many people an organization has: all that operators learn of them."""
    return {
        "people": User.objects.filter(is_active=True).count(),
        "staff": StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).count(),
        "clients": Client.objects.filter(status=Client.Status.ACTIVE).count(),
    }
