"""What payers and staff are told of prepayments. Notices carry no amount, because they stay whoever may see costs later."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from branding.queries import current_brand, locale_of
from core.kernel.money import Money
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable

PREPAYMENT_REASON = gettext_noop("You receive this because the %(invoices)s go to you.")
PREPAYMENT_NOTES = (
    gettext_noop("It works without signing in, and only for you. Do not pass it on."),
    gettext_noop("What you pay is kept until it has taken place, and taken off the %(invoice)s then."),
)


def _amount() -> str:
    return Money(2000, current_brand().currency).format(get_language() or "en")


def _day() -> str:
    return format_date(date(2030, 5, 4), "long", locale=locale_of(get_language() or "en"))


def _fixed(*notes: str) -> Callable[[], Content]:
    return lambda: Content(
        boxes=(Box(_amount(), [_day()]),),
        notes=[translate(note) for note in notes],
        reason=translate(PREPAYMENT_REASON),
        preview=_amount(),
    )


_AMOUNT = Variable("amount", gettext_noop("How much is to be paid"), _amount)
_UNTIL = Variable("until", gettext_noop("Until when the time is held"), _day)
_WHEN = Variable("when", gettext_noop("When it takes place"), _day)
_CLIENT = Variable(
    "client",
    gettext_noop("For whom; empty where your mail names nobody"),
    gettext_noop("Kim Example"),
    may_be_empty=True,
)

PREPAYMENT = Message(
    code="prepayment_asked",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("To be paid in advance"),
    about=gettext_noop("To whoever pays, with the page where it is paid."),
    subject=gettext_noop("Please pay in advance: {{ when }}"),
    heading=gettext_noop("Please pay in advance"),
    body=gettext_noop(
        "Hello {{ name }},\n\n"
        "{% if client %}for {{ client }} {% endif %}the {{ appointment_word }} on {{ when }} is held until {{ until }}. "
        "Pay {{ amount }} by then, and it stands; otherwise the time is let go."
    ),
    button=gettext_noop("Pay in advance"),
    own_variables=(_AMOUNT, _UNTIL, _WHEN, _CLIENT),
    words=("appointment",),
    fixed=_fixed(*PREPAYMENT_NOTES),
)
PREPAYMENT_NOTICE = Message(
    code="prepayment_asked",
    channel=Channel.IN_APP,
    topic=Topic.BILLING,
    name=gettext_noop("To be paid in advance"),
    about=gettext_noop("To whoever pays, without amounts."),
    subject=gettext_noop("Please pay in advance: {{ when }}"),
    body=gettext_noop("{% if client %}For {{ client }}. {% endif %}The time is held until {{ until }}."),
    own_variables=(_UNTIL, _WHEN, _CLIENT),
)
RELEASED = Message(
    code="prepayment_released",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Not paid in advance in time"),
    about=gettext_noop("To whoever was asked to pay, when the time was let go."),
    subject=gettext_noop("The time was let go: {{ when }}"),
    heading=gettext_noop("The time was let go"),
    body=gettext_noop(
        "Hello {{ name }},\n\n"
        "what was to be paid in advance{% if client %} for {{ client }}{% endif %} did not come in time. "
        "So the {{ appointment_word }} on {{ when }} is cancelled. Nothing was charged."
    ),
    own_variables=(_WHEN, _CLIENT),
    words=("appointment",),
    fixed=lambda: Content(reason=translate(PREPAYMENT_REASON), preview=_day()),
)
RELEASED_NOTICE = Message(
    code="prepayment_released",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Not paid in advance in time"),
    about=gettext_noop("To whoever runs it, and to everybody who bills."),
    subject=gettext_noop("Not paid in advance in time: {{ when }}"),
    body=gettext_noop("{{ client }}. The time is free again."),
    own_variables=(_WHEN, Variable("client", gettext_noop("For whom"), gettext_noop("Kim Example"))),
)
PAID_NOTICE = Message(
    code="prepayment_paid",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Paid in advance"),
    about=gettext_noop("To whoever runs it, without amounts."),
    subject=gettext_noop("Paid in advance: {{ when }}"),
    body=gettext_noop("{{ client }}."),
    own_variables=(_WHEN, Variable("client", gettext_noop("For whom"), gettext_noop("Kim Example"))),
)
MESSAGES = (PREPAYMENT, PREPAYMENT_NOTICE, RELEASED, RELEASED_NOTICE, PAID_NOTICE)
