"""What invited guests are told by mail."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable
from core.scheduling.messages import TIME, sample_time

REASON = gettext_noop("You receive this because %(name)s has invited you to take part this once.")
_HOST = Variable("practitioner", gettext_noop("With whom it is"), gettext_noop("Max Example"))
_INVITER = Variable("inviter", gettext_noop("Who has invited them"), gettext_noop("Mia Example"))


def _sample() -> Content:
    time = sample_time()
    return Content(
        boxes=(Box(time.day, (time.hours, time.zone)),),
        reason=translate(REASON, name=translate("Mia Example")),
        preview=str(time),
    )


INVITED = Message(
    code="live.guest_invited",
    channel=Channel.EMAIL,
    topic=Topic.LIVE,
    name=gettext_noop("A guest is invited"),
    about=gettext_noop(
        "To a guest without an account, when they are invited to %(session:a|an)s %(session)s, and when it is moved."
    ),
    subject=gettext_noop(
        "{% if moved %}New time{% else %}You are invited{% endif %}: online with {{ practitioner }}, {{ short_day }}, {{ start }}"
    ),
    heading=gettext_noop("{% if moved %}It takes place at another time{% else %}You are invited{% endif %}"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if moved %}what you are invited to has been moved.{% else %}{{ inviter }} invites you to take part online."
        "{% endif %} You need no account: this link is for you alone, please do not pass it on. You wait at the door until you are let in."
    ),
    button=gettext_noop("Take part"),
    own_variables=(
        *TIME, _HOST, _INVITER,
        Variable("moved", gettext_noop("Whether it was moved"), may_be_empty=True, can_be_written=False),
    ),
    fixed=_sample,
)  # fmt: skip
UNINVITED = Message(
    code="live.guest_uninvited",
    channel=Channel.EMAIL,
    topic=Topic.LIVE,
    name=gettext_noop("A guest is not invited any more"),
    about=gettext_noop("To an invited guest, when it is cancelled, or their invitation is withdrawn."),
    subject=gettext_noop("Not any more: online with {{ practitioner }}, {{ short_day }}, {{ start }}"),
    heading=gettext_noop("{% if cancelled %}It does not take place{% else %}Your invitation was withdrawn{% endif %}"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if cancelled %}what you are invited to does not take place.{% else %}your invitation was withdrawn."
        "{% endif %} The link that you have leads nowhere any more."
    ),
    own_variables=(
        *TIME, _HOST, _INVITER,
        Variable("cancelled", gettext_noop("Whether it was cancelled"), may_be_empty=True, can_be_written=False),
    ),
    fixed=_sample,
)  # fmt: skip
MESSAGES = (INVITED, UNINVITED)
