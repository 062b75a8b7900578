"""What whoever bills is told of differences."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable

DIFFERENCES = Message(
    code="books_differ",
    channel=Channel.IN_APP,
    topic=Topic.BILLING,
    words=("invoice",),
    own_variables=(
        Variable("number", gettext_noop("How many differences there are"), "3"),
        Variable(
            "one", gettext_noop("Whether it is one"), gettext_noop("yes"), may_be_empty=True, can_be_written=False
        ),
    ),
    name=gettext_noop("Books and payment service differ"),
    about=gettext_noop(
        "To everybody who bills, when the comparison at night has found a difference that was not there before."
    ),
    subject=gettext_noop(
        "{% if one %}One difference between your books and the payment service{% else %}"
        "{{ number }} differences between your books and the payment service{% endif %}"
    ),
    body=gettext_noop("See what each is, and what to do."),
)
MESSAGES = (DIFFERENCES,)
