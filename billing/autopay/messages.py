"""What payers and staff are told of charges to cards on file. Notices carry no amount, because they stay whoever may see costs later."""

from django.utils.translation import get_language

from branding.queries import current_brand
from core.kernel.money import Money
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable

REASON = gettext_noop("You receive this because the %(invoices)s go to you.")
_NUMBER_SAMPLE = "2030-0042"
_CARD_SAMPLE = "Visa •••• 4242"


def _amount() -> str:
    return Money(9000, current_brand().currency).format(get_language() or "en")


_NUMBER = Variable("number", gettext_noop("The number of the %(invoice)s"), _NUMBER_SAMPLE)
_CARD = Variable("card", gettext_noop("What the card is recognised by"), _CARD_SAMPLE)
_WHY = Variable("why", gettext_noop("Why"), gettext_noop("The card was refused."), may_be_empty=True)

NEEDS_PAYER = Message(
    code="card_needs_payer",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Card on file could not be charged"),
    about=gettext_noop("To whoever pays, with the page where it is paid."),
    subject=gettext_noop("Please pay {{ invoice_word }} {{ number }}"),
    heading=gettext_noop("Your card could not be charged"),
    body=gettext_noop(
        "Hello {{ name }},\n\nwe wanted to charge {{ card }} with {{ amount }} for {{ invoice_word }} {{ number }}. "
        "{% if why %}{{ why }} {% endif %}Nothing was charged. Please pay it yourself, with this card or another one."
    ),
    button=gettext_noop("Pay the {{ invoice_word }}"),
    words=("invoice",),
    own_variables=(_NUMBER, _CARD, _WHY, Variable("amount", gettext_noop("How much"), _amount)),
    fixed=lambda: Content(boxes=(Box(_amount(), [_NUMBER_SAMPLE]),), reason=translate(REASON), preview=_amount()),
)
EXPIRING = Message(
    code="card_expiring",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Card on file expires"),
    about=gettext_noop("To whoever allowed you to charge it, once."),
    subject=gettext_noop("{{ card }} expires soon"),
    heading=gettext_noop("Your card expires soon"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{{ card }}, with which your {{ invoice_words }} are paid, is valid until {{ until }}. "
        "Please save the new one in time."
    ),
    button=gettext_noop("To my cards"),
    words=("invoice",),
    own_variables=(_CARD, Variable("until", gettext_noop("Until when it is valid"), "05/2030")),
    fixed=lambda: Content(reason=translate(REASON), preview=_CARD_SAMPLE),
)
FAILED_NOTICE = Message(
    code="card_charge_failed",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Card on file could not be charged"),
    about=gettext_noop("To everybody who bills."),
    subject=gettext_noop("The card for {{ number }} could not be charged"),
    body="{{ why }}",
    own_variables=(_NUMBER, Variable("why", gettext_noop("Why"), gettext_noop("The card was refused."))),
)
MESSAGES = (NEEDS_PAYER, EXPIRING, FAILED_NOTICE)
