"""What whoever earns is told: that a payout was made. No amount travels by mail; it is behind the sign-in."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from branding.queries import locale_of
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable

PAYOUT_REASON = gettext_noop("You receive this because you work here.")


def _day() -> str:
    return format_date(date(2030, 5, 31), "long", locale=locale_of(get_language() or "en"))


_FACTS = (
    Variable("until", gettext_noop("Up to which day it pays"), _day),
    Variable("paid_on", gettext_noop("When the money has left"), _day),
)


def _fixed() -> Callable[[], Content]:
    return lambda: Content(reason=translate(PAYOUT_REASON), preview=_day())


PAYOUT = Message(
    code="payout_paid",
    channel=Channel.EMAIL,
    topic=Topic.WORK,
    name=gettext_noop("Wages paid out"),
    about=gettext_noop("To each person whose wages were paid, when that is noted."),
    subject=gettext_noop("Your wages up to {{ until }} are paid"),
    heading=gettext_noop("Your wages are paid"),
    body=gettext_noop(
        "Hello {{ name }},\n\nyour wages up to {{ until }} have left on {{ paid_on }}. The statement with every entry is behind the sign-in."
    ),
    button=gettext_noop("Read the statement"),
    own_variables=_FACTS,
    fixed=_fixed(),
)
PAYOUT_NOTICE = Message(
    code="payout_paid",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Wages paid out"),
    about=gettext_noop("To each person whose wages were paid, when that is noted."),
    subject=gettext_noop("Your wages up to {{ until }} are paid"),
    body=gettext_noop("The money has left on {{ paid_on }}."),
    own_variables=_FACTS,
)
MESSAGES = (PAYOUT, PAYOUT_NOTICE)
