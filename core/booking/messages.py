"""The one mail of this app: the code by which a visitor shows that an address is theirs. All else that people hear is scheduling's."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable

CODE_NOTE = gettext_noop("It works once, for ten minutes.")
CODE_REASON = gettext_noop(
    "You did not want to book anything? Then somebody typed your address; without the code nothing is booked."
)

BOOKING_CODE = Message(
    code="booking_code",
    channel=Channel.EMAIL,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("Code for online booking"),
    about=gettext_noop("To whoever books without a login, to show that the address is theirs."),
    subject=gettext_noop("{{ code }} is your code for {{ organization }}"),
    heading=gettext_noop("Your code"),
    body=gettext_noop("Hello {{ name }},\n\ntype this code to book your {{ appointment_word }}:"),
    own_variables=(Variable("code", gettext_noop("The code; it stands below the text, too"), "482913"),),
    words=("appointment",),
    fixed=lambda: code_content("482913"),
)
MESSAGES = (BOOKING_CODE,)


def code_content(code: str) -> Content:
    """What stands in the mail, in the language in force."""
    return Content(
        values={"code": code}, code=code, notes=(translate(CODE_NOTE),), reason=translate(CODE_REASON),
        preview=translate(CODE_NOTE),
    )  # fmt: skip
