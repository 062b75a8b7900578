"""What people are told about money. Notices to payers carry no amount, because they stay whoever may see costs later."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from branding.queries import current_brand, locale_of
from core.kernel.money import Money
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable

INVOICE_REASON = gettext_noop("You receive this because the %(invoices)s go to you.")
INVOICE_REASON_NAMED = gettext_noop("You receive this because the %(invoices)s for %(client_name)s go to you.")
PAYMENT_REASON = gettext_noop("You receive this because you made this payment.")
_NUMBER_SAMPLE = "2030-0042"


def _amount() -> str:
    return Money(9000, current_brand().currency).format(get_language() or "en")


def due_sentence(due: str, due_on: str) -> str:
    """What is due of an invoice and when; or that nothing is."""
    if not due:
        return translate("Nothing of it is due.")
    return translate("Still due: %(due)s. Due date: %(due_on)s.", due=due, due_on=due_on)


def _day() -> str:
    return format_date(date(2030, 5, 21), "long", locale=locale_of(get_language() or "en"))


_NUMBER = Variable("number", gettext_noop("The number of the %(invoice)s"), _NUMBER_SAMPLE)
_AMOUNT = Variable("amount", gettext_noop("How much"), _amount)
_ATTACHED = Variable(
    "attached", gettext_noop("Whether the document is attached"), gettext_noop("yes"), True, can_be_written=False
)


def _fixed(reason: str, *lines: Callable[[], str]) -> Callable[[], Content]:
    return lambda: Content(
        boxes=(Box(_amount(), [line() for line in lines]),), reason=translate(reason), preview=_amount()
    )


INVOICE = Message(
    code="invoice_issued",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("%(Invoice)s"),
    about=gettext_noop("To whoever pays, with the document and the page where it is paid."),
    subject=gettext_noop("{{ Invoice_word }} {{ number }}, due on {{ due_on }}"),
    heading="{{ Invoice_word }} {{ number }}",
    body=gettext_noop(
        "Hello {{ name }},\n\n"
        "{% if client %}here is the {{ invoice_word }} for {{ client }}. {% elsif attached %}here is your {{ invoice_word }}. "
        "{% else %}there is %(invoice:a|an)s {{ invoice_word }} for you. What it is for, and the file, are behind the sign-in.{% endif %}"
        "{% if attached %}It is attached as a file.{% endif %}"
    ),
    button=gettext_noop("{% if is_open %}Pay the {{ invoice_word }}{% else %}See the {{ invoice_word }}{% endif %}"),
    words=("invoice",),
    own_variables=(
        _NUMBER,
        _AMOUNT,
        Variable("due_on", gettext_noop("Until when it is to be paid"), _day),
        Variable(
            "client",
            gettext_noop("For whom; empty where your mail names nobody"),
            gettext_noop("Kim Example"),
            may_be_empty=True,
        ),
        _ATTACHED,
        Variable(
            "is_open", gettext_noop("Whether it is still to be paid"), gettext_noop("yes"), True, can_be_written=False
        ),
    ),
    fixed=_fixed(INVOICE_REASON, lambda: translate("Due on %(day)s", day=_day()), lambda: translate("Assessment")),
)
RECEIPT = Message(
    code="receipt_payment",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Receipt"),
    about=gettext_noop("To whoever has paid."),
    subject=gettext_noop("Receipt for {{ numbers }}"),
    heading=gettext_noop("Thank you for your payment"),
    body=gettext_noop(
        "Hello {{ name }},\n\nyour payment has arrived. "
        "{% if attached %}The receipt is attached as a file.{% else %}The receipt is behind the sign-in.{% endif %}"
    ),
    button=gettext_noop("See the payment"),
    own_variables=(
        Variable("numbers", gettext_noop("The numbers of the %(invoices)s"), _NUMBER_SAMPLE),
        _AMOUNT,
        Variable("paid_on", gettext_noop("When"), _day),
        Variable("paid_by", gettext_noop("How it was paid"), gettext_noop("Bank transfer")),
        _ATTACHED,
    ),
    fixed=_fixed(
        PAYMENT_REASON,
        lambda: translate("For %(numbers)s", numbers=_NUMBER_SAMPLE),
        lambda: f"{translate('Bank transfer')}, {_day()}",
    ),
)
REFUND = Message(
    code="receipt_refund",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Refund"),
    about=gettext_noop("To whoever had paid, when money goes back."),
    subject=gettext_noop("Refund for {{ number }}"),
    heading=gettext_noop("Your refund"),
    body=gettext_noop(
        "Hello {{ name }},\n\nwe have given back {{ amount }} for {{ invoice_word }} {{ number }}. "
        "With a card it can take a few days until your bank shows it."
    ),
    button=gettext_noop("See the {{ invoice_word }}"),
    words=("invoice",),
    own_variables=(
        _NUMBER,
        _AMOUNT,
        Variable("paid_by", gettext_noop("How it was paid"), gettext_noop("Bank transfer")),
        Variable("reason", gettext_noop("Why it goes back"), gettext_noop("It was paid twice"), may_be_empty=True),
    ),
    fixed=_fixed(PAYMENT_REASON, lambda: translate("Bank transfer"), lambda: translate("It was paid twice")),
)
CARD_LINK_REASON = gettext_noop("You receive this because %(invoices)s go to you, and we were asked to send it.")
CARD_LINK_NOTES = (
    gettext_noop("It works without signing in, once, and only for you. Do not pass it on."),
    gettext_noop(
        "The number of your card goes to the payment service only. We never see it, and never ask for it by mail."
    ),
)
CARD_LINK = Message(
    code="card_link",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Link to save a card"),
    about=gettext_noop("To whoever pays, when they are asked to save a card."),
    subject=gettext_noop("Save a card for {{ organization }}"),
    heading=gettext_noop("Save a card"),
    body=gettext_noop(
        "Hello {{ name }},\n\n"
        "please save the card with which you would like to pay the {{ invoice_words }}{% if client %} for {{ client }}{% endif %}. "
        "You read first for what it is used; nothing is charged now. The link works until {{ until }}."
    ),
    button=gettext_noop("Save a card"),
    own_variables=(
        Variable(
            "client",
            gettext_noop("For whom; empty where your mail names nobody"),
            gettext_noop("Kim Example"),
            may_be_empty=True,
        ),
        Variable("until", gettext_noop("Until when the link works"), _day),
    ),
    words=("invoice",),
    fixed=lambda: Content(
        notes=[translate(note) for note in CARD_LINK_NOTES], reason=translate(CARD_LINK_REASON), preview=_day()
    ),
)


_CHANGES = (
    Variable("is_void", gettext_noop("Whether nothing is claimed any more"), may_be_empty=True, can_be_written=False),
    Variable(
        "is_less",
        gettext_noop("Whether less is claimed; else a payment was taken back"),
        gettext_noop("yes"),
        may_be_empty=True,
        can_be_written=False,
    ),
)
CLAIM = Message(
    code="invoice_changed",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Change of %(invoice:a|an)s %(invoice)s"),
    about=gettext_noop("To whoever pays, when less is claimed, or nothing, or a payment was taken back."),
    subject=gettext_noop(
        "{% if is_void %}{{ Invoice_word }} {{ number }} is void{% elsif is_less %}Less is claimed for {{ invoice_word }} {{ number }}"
        "{% else %}A payment for {{ invoice_word }} {{ number }} was taken back{% endif %}"
    ),
    body=gettext_noop(
        "Hello {{ name }},\n\n"
        "{% if is_void %}{{ invoice_word }} {{ number }} is void: nothing of it is to be paid any more."
        "{% elsif is_less %}{{ amount }} less is claimed for {{ invoice_word }} {{ number }}."
        "{% else %}a payment of {{ amount }} that was noted for {{ invoice_word }} {{ number }} was taken back.{% endif %}"
    ),
    button=gettext_noop("See the {{ invoice_word }}"),
    own_variables=(
        _NUMBER,
        _AMOUNT,
        Variable("due", gettext_noop("How much is due now; empty where nothing is"), _amount, may_be_empty=True),
        *_CHANGES,
    ),
    words=("invoice",),
    fixed=lambda: Content(
        boxes=(Box(due_sentence(_amount(), _day())),),
        reason=translate(INVOICE_REASON),
        preview=due_sentence(_amount(), _day()),
    ),
)


def _notice(code: str, *own_variables: Variable, **words: str) -> Message:
    return Message(
        code=code, channel=Channel.IN_APP, topic=Topic.BILLING, own_variables=own_variables, words=("invoice",), **words
    )


_CLIENT = Variable("client", gettext_noop("For whom"), gettext_noop("Kim Example"))

_CREDIT_NOTE = Variable("credit_note", gettext_noop("The number of the credit note"), "CN-2030-0007")
CREDIT_NOTE = Message(
    code="credit_note",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Credit note"),
    about=gettext_noop("To whoever pays, when %(invoice:a|an)s %(invoice)s is corrected, with the document."),
    subject=gettext_noop("Credit note {{ credit_note }} for {{ invoice_word }} {{ number }}"),
    heading=gettext_noop("Credit note {{ credit_note }}"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{{ invoice_word }} {{ number }} is corrected: {{ amount }} less is claimed. "
        "{% if attached %}The credit note is attached as a file.{% else %}The credit note is behind the sign-in.{% endif %}"
    ),
    button=gettext_noop("See the credit note"),
    words=("invoice",),
    own_variables=(_CREDIT_NOTE, _NUMBER, _AMOUNT, _ATTACHED),
    fixed=_fixed(INVOICE_REASON, lambda: translate("It was billed twice"), lambda: due_sentence("", "")),
)

INVOICE_NOTICE = _notice(
    "invoice_issued",
    _NUMBER,
    _CLIENT,
    Variable("due_on", gettext_noop("Until when it is to be paid"), _day),
    name=gettext_noop("%(Invoice)s"),
    about=gettext_noop("To whoever pays, without the amount."),
    subject=gettext_noop("New {{ invoice_word }} {{ number }}"),
    body=gettext_noop("For {{ client }}, due on {{ due_on }}."),
)
PAID_NOTICE = _notice(
    "invoice_paid",
    _NUMBER,
    _AMOUNT,
    Variable("payer", gettext_noop("Who paid"), gettext_noop("Mia Example")),
    Variable("in_part", gettext_noop("Whether something is left to pay"), may_be_empty=True, can_be_written=False),
    Variable("state", gettext_noop("Its state before, where nothing was to be paid any more"), may_be_empty=True),
    name=gettext_noop("%(Invoice)s paid"),
    about=gettext_noop("To whoever issued it."),
    subject=gettext_noop(
        "{% if state %}{{ number }} was paid, though its state was: {{ state }}"
        "{% elsif in_part %}{{ number }}: part payment{% else %}{{ number }} was paid{% endif %}"
    ),
    body=gettext_noop("{{ amount }} from {{ payer }}{% if state %}. Give it back, or leave it as credit.{% endif %}"),
)
REFUND_FAILED_NOTICE = _notice(
    "refund_failed",
    _NUMBER,
    Variable("why", gettext_noop("What the payment service said"), gettext_noop("The card was closed.")),
    name=gettext_noop("Refund failed"),
    about=gettext_noop("To everybody who bills."),
    subject=gettext_noop("The refund for {{ number }} failed"),
    body="{{ why }}",
)
REFUND_FOUND_NOTICE = _notice(
    "refund_found",
    _NUMBER,
    _AMOUNT,
    Variable("credited", gettext_noop("How much less is claimed for it"), _amount),
    name=gettext_noop("Refund made elsewhere"),
    about=gettext_noop("To everybody who bills, when money was given back at the payment service."),
    subject=gettext_noop("A refund for {{ number }} was made at the payment service"),
    body=gettext_noop("{{ amount }} went back; {{ credited }} less is claimed for it."),
)
NOT_INVOICED_NOTICE = _notice(
    "charge_not_invoiced",
    _CLIENT,
    name=gettext_noop("No %(invoice)s was made"),
    about=gettext_noop("To everybody who bills, when something was completed and its %(invoice)s could not be made."),
    subject=gettext_noop("No {{ invoice_word }} for {{ client }}"),
    body=gettext_noop("The charge awaits %(invoice:a|an)s {{ invoice_word }}. Make it there."),
)

CLAIM_NOTICE = _notice(
    "claim_changed",
    _NUMBER,
    _CLIENT,
    *_CHANGES,
    name=gettext_noop("Change of %(invoice:a|an)s %(invoice)s"),
    about=gettext_noop("To whoever pays, without amounts."),
    subject=gettext_noop(
        "{% if is_void %}{{ Invoice_word }} {{ number }} is void{% elsif is_less %}Less is claimed for {{ invoice_word }} {{ number }}"
        "{% else %}A payment for {{ invoice_word }} {{ number }} was taken back{% endif %}"
    ),
    body=gettext_noop("For {{ client }}."),
)
CREDIT_NOTE_NOTICE = _notice(
    "credit_note",
    _CREDIT_NOTE,
    _NUMBER,
    _CLIENT,
    name=gettext_noop("Credit note"),
    about=gettext_noop("To whoever pays, without amounts."),
    subject=gettext_noop("Credit note {{ credit_note }} for {{ invoice_word }} {{ number }}"),
    body=gettext_noop("For {{ client }}."),
)
OTHER_AMOUNT_NOTICE = _notice(
    "payment_amount_differs",
    _AMOUNT,
    Variable("asked", gettext_noop("How much was asked for"), _amount),
    Variable("payer", gettext_noop("Who paid"), gettext_noop("Mia Example")),
    name=gettext_noop("Another amount came in"),
    about=gettext_noop("To everybody who bills: a card payment that is not what was asked for."),
    subject=gettext_noop("{{ amount }} came in by card, which is not what was asked for"),
    body=gettext_noop(
        "Asked for was {{ asked }} from {{ payer }}. It is not in the books: look at it at the payment service."
    ),
)
CARD_SAVED_NOTICE = _notice(
    "card_saved_by_link",
    _CLIENT,
    Variable("payer", gettext_noop("Who saved it"), gettext_noop("Mia Example")),
    Variable("card", gettext_noop("What the card is recognised by"), "Visa •••• 4242"),
    name=gettext_noop("Card saved"),
    about=gettext_noop("To whoever sent the link."),
    subject=gettext_noop("{{ payer }} has saved a card"),
    body=gettext_noop("{{ card }}, for {{ client }}."),
)

MESSAGES = (
    INVOICE, CREDIT_NOTE, CREDIT_NOTE_NOTICE,
    CLAIM, RECEIPT, REFUND, INVOICE_NOTICE, CLAIM_NOTICE, PAID_NOTICE, REFUND_FAILED_NOTICE, REFUND_FOUND_NOTICE, NOT_INVOICED_NOTICE,
    OTHER_AMOUNT_NOTICE, CARD_LINK, CARD_SAVED_NOTICE,
)  # fmt: skip
