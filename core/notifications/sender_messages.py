"""What people are told about the sender of mail, by this app itself."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable

CODE_NOTE = gettext_noop("It works once, for half an hour.")
CODE_REASON = gettext_noop(
    "You know nothing of this? Then ignore it: without the code, nothing is sent from your address."
)
TEST_NOTE = gettext_noop(
    "What this mailbox found out about the sender stands in the source of this mail, in the line “Authentication-Results”: spf, dkim and "
    "dmarc should say “pass”."
)
TEST_REASON = gettext_noop("Somebody who looks after our mail has asked for this test.")


def code_content(code: str) -> Content:
    """What the mail with the code for an address says, in the language in force."""
    note = translate(CODE_NOTE)
    return Content(values={"code": code}, code=code, notes=(note,), reason=translate(CODE_REASON), preview=note)


def sender_test_content() -> Content:
    """What the test of the sender says, in the language in force."""
    return Content(notes=(translate(TEST_NOTE),), reason=translate(TEST_REASON))


SENDER_CODE = Message(
    code="sender_code",
    channel=Channel.EMAIL,
    topic=Topic.WORK,
    name=gettext_noop("Code for an address"),
    about=gettext_noop("To an address from which you want to send mail, so that it is proven."),
    subject=gettext_noop("Your code"),
    body=gettext_noop(
        "{{ organization }} wants to send mail from this address. Type this code in the settings, under “Sender”:"
    ),
    own_variables=(Variable("code", gettext_noop("The code; it stands below the text, too"), "482913"),),
    fixed=lambda: code_content("482913"),
)
SENDER_TEST = Message(
    code="sender_test",
    channel=Channel.EMAIL,
    topic=Topic.WORK,
    name=gettext_noop("Test of the sender"),
    about=gettext_noop("To the address that you type for it."),
    subject=gettext_noop("This is a test"),
    body=gettext_noop(
        "Mail of {{ organization }} arrives here. Look at the sender, and reply once to see where replies go."
    ),
    fixed=sender_test_content,
)
SENDER_MESSAGES = (SENDER_CODE, SENDER_TEST)
