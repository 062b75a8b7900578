"""The one row, held while it is changed; and whether it may be one's own."""

from branding.senders.models import Sender
from core.kernel.translation import translate
from tenants import entitlements


def held() -> Sender:
    """The sender of the organization, locked until the end of the transaction; made where there is none."""
    Sender.objects.get_or_create(is_current=True)
    return Sender.objects.select_for_update().get(is_current=True)


def require_own_sender() -> None:
    """Error `not_in_plan` where the plan has neutral mail only."""
    refusal = translate(
        "A sender of your own is not part of your plan. Mail leaves from a neutral address, with your name."
    )
    entitlements.require(entitlements.OWN_SENDER, refusal)
