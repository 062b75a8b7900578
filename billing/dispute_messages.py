"""What whoever bills is told of disputes, of payouts that bounce, and of the account at the processor."""

from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from branding.queries import current_brand, locale_of
from core.kernel.money import Money
from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable


def _amount() -> str:
    return Money(9000, current_brand().currency).format(get_language() or "en")


def _day() -> str:
    return format_date(date(2030, 5, 21), "long", locale=locale_of(get_language() or "en"))


def _notice(code: str, *own_variables: Variable, **words: str) -> Message:
    return Message(
        code=code, channel=Channel.IN_APP, topic=Topic.BILLING, own_variables=own_variables, words=("invoice",), **words
    )


def _yes(name: str, label: str) -> Variable:
    return Variable(name, label, gettext_noop("yes"), may_be_empty=True, can_be_written=False)


_AMOUNT = Variable("amount", gettext_noop("How much"), _amount)
_PAYER = Variable("payer", gettext_noop("Who paid"), gettext_noop("Mia Example"))
_DUE = Variable("due_on", gettext_noop("Until when it can be answered"), _day, may_be_empty=True)
_LAST_DAY = Variable("due_on", gettext_noop("Until when it can be answered"), _day)
_INQUIRY = _yes("is_inquiry", gettext_noop("Whether the bank only asks"))

DISPUTE_OPENED = _notice(
    "dispute_opened",
    _AMOUNT,
    _PAYER,
    _DUE,
    _INQUIRY,
    name=gettext_noop("Payment disputed"),
    about=gettext_noop("To everybody who bills, when a %(payer)s has disputed a payment at their bank."),
    subject=gettext_noop(
        "{% if is_inquiry %}The bank asks about {{ amount }} from {{ payer }}{% else %}{{ payer }} disputes {{ amount }}{% endif %}"
    ),
    body=gettext_noop(
        "{% if is_inquiry %}No money was taken yet. {% else %}The bank has taken it back until it decides. {% endif %}"
        "{% if due_on %}Answer until {{ due_on }}.{% endif %}"
    ),
)
DISPUTE_DUE = _notice(
    "dispute_due",
    _AMOUNT,
    _PAYER,
    _LAST_DAY,
    name=gettext_noop("Dispute not answered yet"),
    about=gettext_noop("To everybody who bills, three days and one day before the last day."),
    subject=gettext_noop("Answer the dispute of {{ payer }} until {{ due_on }}"),
    body=gettext_noop("{{ amount }} is lost when nobody answers."),
)
DISPUTE_CLOSED = _notice(
    "dispute_closed",
    _AMOUNT,
    _PAYER,
    _yes("is_won", gettext_noop("Whether it was won")),
    _INQUIRY,
    Variable("fee", gettext_noop("What the payment service took for it"), _amount, may_be_empty=True),
    name=gettext_noop("Dispute decided"),
    about=gettext_noop("To everybody who bills."),
    subject=gettext_noop(
        "{% if is_inquiry %}The bank asks no more about {{ amount }} from {{ payer }}"
        "{% elsif is_won %}Won: {{ amount }} from {{ payer }}{% else %}Lost: {{ amount }} from {{ payer }}{% endif %}"
    ),
    body=gettext_noop(
        "{% if is_inquiry %}Nothing was taken.{% elsif is_won %}The bank has given it back.{% else %}"
        "It is due again: bill it another way, or write a credit note.{% endif %}"
        "{% if fee %} Fee of the payment service: {{ fee }}.{% endif %}"
    ),
)
DISPUTE_BEYOND_BOOKS = _notice(
    "dispute_beyond_books",
    _AMOUNT,
    _PAYER,
    name=gettext_noop("More was taken than a payment has left"),
    about=gettext_noop("To everybody who bills, when a bank takes back what was given back already."),
    subject=gettext_noop("{{ amount }} of a disputed payment is in no book"),
    body=gettext_noop(
        "The bank took more back than was left of the payment of {{ payer }}. Name your refund in the answer."
    ),
)
PAYOUT_BOUNCED = _notice(
    "payout_bounced",
    _AMOUNT,
    name=gettext_noop("Payout sent back"),
    about=gettext_noop("To everybody who bills, when the bank did not take a payout of the payment service."),
    subject=gettext_noop("Your bank has sent {{ amount }} back"),
    body=gettext_noop(
        "The payment service could not pay it out. Look at your bank details there: payouts wait until they are right."
    ),
)
ACCOUNT_CHANGED = _notice(
    "payment_account_changed",
    _yes("is_ready", gettext_noop("Whether cards can be charged")),
    _yes("is_gone", gettext_noop("Whether the account is disconnected")),
    name=gettext_noop("Card payments off, or on again"),
    about=gettext_noop("To everybody who bills, when the payment service holds the account back or lets it go on."),
    subject=gettext_noop("{% if is_ready %}Card payments are on again{% else %}Card payments are off{% endif %}"),
    body=gettext_noop(
        "{% if is_ready %}The payment service lets your account go on.{% elsif is_gone %}Your account at the payment service was "
        "disconnected there. What was paid stays in your books; connect it again to take cards.{% else %}The payment service holds your account "
        "back. Look at what it still needs from you.{% endif %}"
    ),
)
MESSAGES = (DISPUTE_OPENED, DISPUTE_DUE, DISPUTE_CLOSED, DISPUTE_BEYOND_BOOKS, PAYOUT_BOUNCED, ACCOUNT_CHANGED)
