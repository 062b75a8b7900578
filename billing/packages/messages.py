"""What payers and practitioners are told of packages. Notices carry no amount, because they stay whoever may see costs later."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from branding.queries import locale_of
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable

PACKAGE_REASON = gettext_noop("You receive this because the %(invoices)s go to you.")


def _day() -> str:
    return format_date(date(2030, 5, 4), "long", locale=locale_of(get_language() or "en"))


def _left() -> str:
    return translate("%(left)s of %(total)s left", left="2", total="10")


_NAME = Variable("package", gettext_noop("The name of the package"), gettext_noop("10 at once"))
_CLIENT = Variable("client", gettext_noop("For whom"), gettext_noop("Kim Example"))
_LEFT = Variable("left", gettext_noop("How much is left"), _left)
_UNTIL = Variable("until", gettext_noop("The last day on which it can be used"), _day)


def _fixed() -> Callable[[], Content]:
    return lambda: Content(reason=translate(PACKAGE_REASON), preview=_left())


LOW = Message(
    code="package_low",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Package nearly used up"),
    about=gettext_noop("To whoever pays, when two units are left, the last one, and none."),
    subject=gettext_noop("{{ package }}: {{ left }}"),
    heading=gettext_noop("{{ left }}"),
    body=gettext_noop(
        "Hello {{ name }},\n\nof the package “{{ package }}” for {{ client }} there is {{ left }}. "
        "What it does not meet is billed as usual."
    ),
    button=gettext_noop("See the package"),
    own_variables=(_NAME, _CLIENT, _LEFT),
    fixed=_fixed(),
)
LOW_NOTICE = Message(
    code="package_low",
    channel=Channel.IN_APP,
    topic=Topic.BILLING,
    name=gettext_noop("Package nearly used up"),
    about=gettext_noop("To whoever pays, when two units are left, the last one, and none."),
    subject=gettext_noop("A package is nearly used up"),
    body=gettext_noop("“{{ package }}” for {{ client }}."),
    own_variables=(_NAME, _CLIENT),
)
LOW_STAFF_NOTICE = Message(
    code="package_low_staff",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Package of somebody you see nearly used up"),
    about=gettext_noop("To whoever ran what the units went to."),
    subject=gettext_noop("The package of {{ client }} is nearly used up"),
    body=gettext_noop("“{{ package }}”. Talk about how to go on."),
    own_variables=(_NAME, _CLIENT),
)
EXPIRING = Message(
    code="package_expiring",
    channel=Channel.EMAIL,
    topic=Topic.BILLING,
    name=gettext_noop("Package ends soon"),
    about=gettext_noop("To whoever pays, before a package ends of which something is left."),
    subject=gettext_noop("{{ package }} ends on {{ until }}"),
    heading=gettext_noop("Your package ends on {{ until }}"),
    body=gettext_noop(
        "Hello {{ name }},\n\nof the package “{{ package }}” for {{ client }} there is {{ left }}. "
        "It can be used up to {{ until }}; what is left then is lost."
    ),
    button=gettext_noop("See the package"),
    own_variables=(_NAME, _CLIENT, _LEFT, _UNTIL),
    fixed=_fixed(),
)
EXPIRING_NOTICE = Message(
    code="package_expiring",
    channel=Channel.IN_APP,
    topic=Topic.BILLING,
    name=gettext_noop("Package ends soon"),
    about=gettext_noop("To whoever pays, before a package ends of which something is left."),
    subject=gettext_noop("A package ends on {{ until }}"),
    body=gettext_noop("“{{ package }}” for {{ client }}."),
    own_variables=(_NAME, _CLIENT, _UNTIL),
)
MESSAGES = (LOW, LOW_NOTICE, LOW_STAFF_NOTICE, EXPIRING, EXPIRING_NOTICE)
