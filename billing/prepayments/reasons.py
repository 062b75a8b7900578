"""Why a charge was met from what was paid in advance, in whole or in part."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class PrepaymentReason(ReasonCode):
    """Stored code, sentence."""

    PREPAID = "prepayment.met", gettext_noop("%(amount)s paid in advance with %(number)s. %(price)s")
    PARTLY_PREPAID = "prepayment.partly_met", gettext_noop("Less %(amount)s paid in advance with %(number)s. %(price)s")
