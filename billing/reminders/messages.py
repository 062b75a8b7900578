"""What a payer reads about what is overdue: three levels, from polite to firm, each with words of its own."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from branding.queries import current_brand, locale_of
from core.kernel.money import Money
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable

REASON = gettext_noop("You receive this because the %(invoices)s go to you.")


def _day() -> str:
    return format_date(date(2030, 5, 21), "long", locale=locale_of(get_language() or "en"))


def _amount() -> str:
    return Money(9000, current_brand().currency).format(get_language() or "en")


def due_since(day: str) -> str:
    """The line below an amount: since when it is due."""
    return translate("Was due on %(day)s", day=day)


_FACTS = (
    Variable("numbers", gettext_noop("The numbers of the %(invoices)s"), "2030-0042"),
    Variable("amount", gettext_noop("How much is due"), _amount),
    Variable("due_on", gettext_noop("Since when the oldest is due"), _day),
    Variable(
        "several",
        gettext_noop("Whether it is more than one %(invoice)s"),
        gettext_noop("yes"),
        may_be_empty=True,
        can_be_written=False,
    ),
    Variable(
        "attached",
        gettext_noop("Whether the %(invoices)s are attached"),
        gettext_noop("yes"),
        may_be_empty=True,
        can_be_written=False,
    ),
)


def _fixed() -> Callable[[], Content]:
    return lambda: Content(
        boxes=(Box(_amount(), ["2030-0042", due_since(_day())]),), reason=translate(REASON), preview=_amount()
    )


def _level(code: str, **words: str) -> Message:
    return Message(
        code=code,
        channel=Channel.EMAIL,
        topic=Topic.BILLING,
        own_variables=_FACTS,
        words=("invoice",),
        button=gettext_noop("{% if several %}See what is due{% else %}See the {{ invoice_word }}{% endif %}"),
        fixed=_fixed(),
        **words,
    )


FIRST = _level(
    "invoice_reminder_1",
    name=gettext_noop("First reminder of what is overdue"),
    about=gettext_noop("To whoever pays, a few days after the due date: friendly."),
    subject=gettext_noop("A friendly reminder: {{ numbers }}"),
    heading=gettext_noop("May we remind you?"),
    body=gettext_noop(
        "Hello {{ name }},\n\nperhaps it has slipped your mind: {{ amount }} was due on {{ due_on }} and has not reached us yet. "
        "If you have paid in the meantime, please disregard this.{% if attached %} A copy is attached.{% endif %}"
    ),
)
SECOND = _level(
    "invoice_reminder_2",
    name=gettext_noop("Second reminder of what is overdue"),
    about=gettext_noop("To whoever pays, when the first reminder has brought nothing: clear."),
    subject=gettext_noop("Second reminder: {{ numbers }} is overdue"),
    heading=gettext_noop("Still to be paid"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{{ amount }} has been due since {{ due_on }}, and we have received nothing after our first reminder. "
        "Please pay it this week, or tell us if something is not as it should be.{% if attached %} A copy is attached.{% endif %}"
    ),
)
THIRD = _level(
    "invoice_reminder_3",
    name=gettext_noop("Last reminder of what is overdue"),
    about=gettext_noop("To whoever pays, when two reminders have brought nothing: firm."),
    subject=gettext_noop("Last reminder: {{ numbers }} is overdue"),
    heading=gettext_noop("Last reminder"),
    body=gettext_noop(
        "Hello {{ name }},\n\ndespite two reminders, {{ amount }} that was due on {{ due_on }} is not paid. "
        "Please pay it within seven days. If you cannot, answer this mail, so that we find a way.{% if attached %} A copy is attached.{% endif %}"
    ),
)
MESSAGES = (FIRST, SECOND, THIRD)
