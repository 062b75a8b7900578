"""The reasons that this app gives; a person's own words are none."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class PeopleReason(ReasonCode):
    """Stored code, sentence."""

    HAND_OVER = "assignment.hand_over", gettext_noop("By a hand-over")
    FIRST_APPOINTMENT = "assignment.first_appointment", gettext_noop("By the first booking")
