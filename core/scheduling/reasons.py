"""The reasons that this room gives; a person's own words are none."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class UntoldReason(ReasonCode):
    """Why somebody concerned is not told: stored code, and the end of a sentence that begins with their name."""

    NO_LOGIN = "untold.no_login", gettext_noop("no login")
    SWITCHED_OFF = "untold.switched_off", gettext_noop("the login is switched off")
    MAY_NOT_SEE = "untold.may_not_see", gettext_noop("the logins may not see what is coming")
    INACTIVE = "untold.inactive", gettext_noop("not active")
