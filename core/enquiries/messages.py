"""What this app tells people: the enquiry to those who answer it, and to the visitor that it has arrived.

The mail to the visitor has nothing in it that they typed but their first name, because anybody can type anybody's address.
"""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable

FORWARD_REASON = gettext_noop("Your address stands in the settings of the contact form.")
CONFIRM_REASON = gettext_noop(
    "You did not write to us? Then somebody typed your address, and you need not do anything."
)

_PERSON = Variable("person", gettext_noop("Who has written"), "Zoë Walsh")
_TOPIC = Variable("topic", gettext_noop("What it is about, where visitors can choose"), may_be_empty=True)

ENQUIRY_FORWARDED = Message(
    code="enquiry_forwarded",
    channel=Channel.EMAIL,
    topic=Topic.ENQUIRIES,
    name=gettext_noop("Enquiry from the website"),
    about=gettext_noop(
        "To the addresses of the contact form, with what a visitor has written. An answer goes to the visitor."
    ),
    subject=gettext_noop("{{ person }} has written to you{% if topic %}: {{ topic }}{% endif %}"),
    heading=gettext_noop("An enquiry from your website"),
    body=gettext_noop("{{ person }} has written by the contact form. Answer this mail, and your answer goes to them."),
    button=gettext_noop("Open the enquiry"),
    own_variables=(_PERSON, _TOPIC),
    fixed=lambda: forwarded_content(
        name="Zoë Walsh", topic="", text=translate(SAMPLE_TEXT), reach=("zoe@example.org", "+353 85 123 4567"), url="#"
    ),
)
ENQUIRY_CONFIRMED = Message(
    code="enquiry_confirmed",
    channel=Channel.EMAIL,
    topic=Topic.ENQUIRIES,
    name=gettext_noop("An enquiry has arrived"),
    about=gettext_noop("To whoever has written by the contact form, in their language."),
    subject=gettext_noop("We have received your message"),
    heading=gettext_noop("Thank you for your message"),
    body=gettext_noop(
        "Hello {{ name }},\n\nyour message to {{ organization }} has arrived. We read it and answer to this address."
    ),
    fixed=lambda: confirmed_content(),
)
ENQUIRY_CAME = Message(
    code="enquiry_came",
    channel=Channel.IN_APP,
    topic=Topic.ENQUIRIES,
    name=gettext_noop("An enquiry from the website"),
    about=gettext_noop("To those who see all %(clients)s, when a visitor has written by the contact form."),
    subject=gettext_noop("{{ person }} has written by the contact form"),
    body=gettext_noop("{% if topic %}About: {{ topic }}{% endif %}"),
    own_variables=(_PERSON, _TOPIC),
)
ENQUIRY_MESSAGES = (ENQUIRY_FORWARDED, ENQUIRY_CONFIRMED, ENQUIRY_CAME)
SAMPLE_TEXT = gettext_noop("Do you have a place for my daughter? She is six, and Tuesdays suit us best.")


def forwarded_content(*, name: str, topic: str, text: str, reach: tuple[str, ...], url: str) -> Content:
    """What stands in the mail to those who answer, in the language in force. `reach`: address and telephone."""
    return Content(
        values={"person": name, "topic": topic},
        boxes=(Box(" · ".join(each for each in reach if each), text.splitlines()),),
        button_url=url,
        reason=translate(FORWARD_REASON),
    )


def confirmed_content() -> Content:
    """What stands in the mail to the visitor."""
    return Content(reason=translate(CONFIRM_REASON))
