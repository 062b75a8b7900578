"""The reasons that this room gives; a person's own words are none."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class UntoldReason(ReasonCode):
    """Why somebody concerned is not told: stored code, and the end of a sentence that begins with their name."""

    NO_LOGIN = "untold.no_login", gettext_noop("no login")
    SWITCHED_OFF = "untold.switched_off", gettext_noop("the login is switched off")
    MAY_NOT_SEE = "untold.may_not_see", gettext_noop("the logins may not see what is coming")
    INACTIVE = "untold.inactive", gettext_noop("not active")


class ExternalReason(ReasonCode):
    """Why a calendar that is kept elsewhere could not be read: stored code, and a sentence with what to do."""

    ADDRESS = (
        "external.address",
        gettext_noop("This address cannot be asked. Copy it once more from the other calendar."),
    )
    UNKNOWN_HOST = "external.unknown_host", gettext_noop("There is no server called %(host)s. Look at the address.")
    PRIVATE = (
        "external.private",
        gettext_noop(
            "%(host)s is in a private network, which is not reached from here. Use an address on the internet."
        ),
    )
    SLOW = "external.slow", gettext_noop("%(host)s did not answer in time. It is tried again.")
    TOO_MUCH = (
        "external.too_much",
        gettext_noop(
            "%(host)s sends more than one megabyte. Share a calendar with less in it, or a shorter time of it."
        ),
    )
    CERTIFICATE = (
        "external.certificate",
        gettext_noop("The connection to %(host)s is not secure: its certificate is not good, or it has none."),
    )
    REFUSED = "external.refused", gettext_noop("%(host)s hung up, or said nothing that can be read. It is tried again.")
    REDIRECTS = (
        "external.redirects",
        gettext_noop("%(host)s leads from one address to the next. Copy the address once more."),
    )
    LOGIN_REFUSED = (
        "external.login_refused",
        gettext_noop("%(host)s wants another name or password. Many servers want a password made for programs."),
    )
    ELSEWHERE = (
        "external.elsewhere",
        gettext_noop(
            "%(host)s leads to %(other)s, to which name and password are not sent. Take this calendar away, and add it with an address there."
        ),
    )
    GONE = "external.gone", gettext_noop("%(host)s has nothing at this address any more. Copy it once more.")
    ANSWERED = "external.answered", gettext_noop("%(host)s answered with error %(status)s. It is tried again.")
    PAGE = (
        "external.page",
        gettext_noop("%(host)s sends a web page instead of a calendar. Copy the address of the calendar file (ICS)."),
    )
    NO_CALENDAR = "external.no_calendar", gettext_noop("What %(host)s sends is no calendar that can be read.")
    TOO_MANY = (
        "external.too_many",
        gettext_noop(
            "There are more than %(most)s times in the year ahead, or a rule that takes too long to work out."
        ),
    )
    SECRET_LOST = (
        "external.secret_lost",
        gettext_noop("The address can no longer be decrypted here. Take this calendar away and add it again."),
    )
