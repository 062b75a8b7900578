"""Why a wage has its amount. The parts of a wage fill the sentence about the whole."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class WageReason(ReasonCode):
    """Stored code, sentence."""

    WAGE = "wage.whole", gettext_noop("%(wage)s.")
    WAGE_PART_BECAUSE = "wage.part_because", gettext_noop("%(part)s %% of %(wage)s because of “%(reason)s”.")
    WAGE_FIXED = "wage.fixed", gettext_noop("%(amount)s each time")
    WAGE_PER_HOUR = "wage.per_hour", gettext_noop("%(amount)s per hour, for %(minutes)s minutes")
    WAGE_SHARE = "wage.share", gettext_noop("%(share)s %% of the price of %(amount)s")
