"""What people are told about signing in, and about what could not be done."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable

ONCE = gettext_noop("The link works once. Your present password stays until you choose another one.")
CODE_NOTE = gettext_noop("It works once, for ten minutes. Give it to nobody: nobody here will ask you for it.")
INVITATION_REASON = gettext_noop("If you did not expect this, you can ignore it: without a password nothing happens.")
RESET_REASON = gettext_noop("You did not ask for this? Then somebody typed your address; you need not do anything.")
CODE_REASON = gettext_noop(
    "You did not try to sign in? Then somebody typed your address; without the code they stay outside."
)
SENDER_REASON = gettext_noop("You get this because you look after the sender of our mail.")
HOST_REASON = gettext_noop("You get this because you look after the web addresses here.")
NOTICE_REASON = gettext_noop("You get this whenever the way you sign in changes.")

# What was changed about a sign-in, as its mail says it.
EVENTS = {
    "password_changed": gettext_noop("Your password was changed"),
    "password_reset": gettext_noop("Your password was changed"),
    "password_set": gettext_noop("Your password was changed"),
    "totp_activated": gettext_noop("An authenticator app was added to your login"),
    "totp_deactivated": gettext_noop("The authenticator app was removed from your login"),
    "webauthn_added": gettext_noop("A passkey was added to your login"),
    "webauthn_removed": gettext_noop("A passkey was removed from your login"),
    "recovery_codes_generated": gettext_noop("New recovery codes were made for your login"),
    "device_signed_out": gettext_noop("You signed out a device"),
    "new_device": gettext_noop("Somebody signed in with your login on a device that it had not been used on"),
    "sessions_ended": gettext_noop("You signed out everywhere else"),
}
OTHER_EVENT = gettext_noop("Your sign-in was changed")


def signs_in_as(address: str, until: str) -> tuple[str, ...]:
    """What stands below the button of an invitation."""
    return (
        translate("You will sign in as %(address)s.", address=address),
        translate("The link works once, until %(until)s.", until=until),
    )


INVITATION = Message(
    code="invitation",
    channel=Channel.EMAIL,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Invitation"),
    about=gettext_noop("To everybody whom you invite, with a button to choose a password."),
    subject=gettext_noop(
        "{% if by_person %}{{ inviter }} has invited you to {{ organization }}{% else %}Welcome to {{ organization }}{% endif %}"
    ),
    body=gettext_noop(
        "Hello {{ name }},\n\n"
        "{% if clients %}You will act for {{ clients }}.{% endif %}\n\n"
        "{% if role %}Your role: {{ role }}.{% if role_about %} {{ role_about }}{% endif %}{% endif %}\n\n"
        "Choose a password, and you are in."
    ),
    button=gettext_noop("Choose a password"),
    own_variables=(
        Variable("inviter", gettext_noop("Who invites"), gettext_noop("Max Example")),
        Variable(
            "by_person",
            gettext_noop("Whether somebody invites in person"),
            gettext_noop("yes"),
            True,
            can_be_written=False,
        ),
        Variable(
            "clients",
            gettext_noop("For whom they will act; empty for people who work with you"),
            gettext_noop("Kim Example"),
            may_be_empty=True,
        ),
        Variable("role", gettext_noop("Their role; empty for everybody else"), may_be_empty=True),
        Variable("role_about", gettext_noop("What their role may do, in a sentence"), may_be_empty=True),
    ),
    fixed=lambda: Content(
        notes=signs_in_as("mia@example.com", translate("tomorrow, 10:00")),
        reason=translate(INVITATION_REASON),
        preview=translate("Choose a password, and you are in."),
    ),
)

PASSWORD_RESET = Message(
    code="password_reset",
    channel=Channel.EMAIL,
    topic=Topic.SIGN_IN,
    name=gettext_noop("New password"),
    about=gettext_noop("To whoever asks for a new password, with a link that works once."),
    subject=gettext_noop("A new password for {{ organization }}"),
    heading=gettext_noop("Choose a new password"),
    body=gettext_noop("Hello {{ name }},\n\nwith this link you choose a new password."),
    button=gettext_noop("Choose a new password"),
    fixed=lambda: Content(notes=(translate(ONCE),), reason=translate(RESET_REASON), preview=translate(ONCE)),
)

LOGIN_CODE = Message(
    code="account_code",
    channel=Channel.EMAIL,
    topic=Topic.SIGN_IN,
    name=gettext_noop("One-time code"),
    about=gettext_noop("To whoever signs in by a code."),
    subject=gettext_noop("{{ code }} is your code for {{ organization }}"),
    heading=gettext_noop("Your code"),
    body=gettext_noop("Type this code to sign in:"),
    own_variables=(Variable("code", gettext_noop("The code; it stands below the text, too"), "482913"),),
    fixed=lambda: Content(
        code="482913", notes=(translate(CODE_NOTE),), reason=translate(CODE_REASON), preview=translate(CODE_NOTE)
    ),
)

SECURITY_NOTICE = Message(
    code="account_notice",
    channel=Channel.EMAIL,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Change of the sign-in"),
    about=gettext_noop("To whoever’s password, passkey or second factor was changed."),
    subject="{{ event }}",
    heading="{{ event }}",
    body=gettext_noop(
        "Hello {{ name }},\n\n{{ at }}{% if address %}, {{ address }}{% endif %}\n\n"
        "If it was you, all is well. If not, choose a new password at once."
    ),
    button=gettext_noop("Choose a new password"),
    own_variables=(
        Variable("event", gettext_noop("What was changed"), gettext_noop("Your password was changed")),
        Variable("at", gettext_noop("When"), gettext_noop("tomorrow, 10:00")),
        Variable("address", gettext_noop("From which network address"), "198.51.100.7", may_be_empty=True),
    ),
    fixed=lambda: Content(reason=translate(NOTICE_REASON)),
)

HOST_CHANGED = Message(
    code="account_host",
    channel=Channel.EMAIL,
    topic=Topic.SIGN_IN,
    name=gettext_noop("New address of the portal"),
    about=gettext_noop("To whoever has a passkey, when the portal moves to another address."),
    subject=gettext_noop("Your passkey needs a successor"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{{ organization }} is reached at {{ host }} now. Your passkey belongs to the address before, and browsers do "
        "not offer it here. Sign in by your password or a code, and add a passkey for the new address. Where you are asked for the old "
        "one, the address before still takes it."
    ),
    button=gettext_noop("Add a passkey"),
    own_variables=(Variable("host", gettext_noop("The new address"), "portal.example.com"),),
    fixed=lambda: Content(reason=translate(NOTICE_REASON)),
)

HOST_GOES = Message(
    code="account_host_goes",
    channel=Channel.EMAIL,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Address of a passkey is given back"),
    about=gettext_noop("To whoever has a passkey that works only at a web address that you give back."),
    subject=gettext_noop("Make a new passkey"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if until %}{{ organization }} gives up the address {{ old_host }}. Your passkey was made there and works at no "
        "other address; it is taken until {{ until }}.{% endif %}{% unless until %}{{ organization }} is not reached at {{ old_host }} any more. "
        "Your passkey was made there and works at no other address.{% endunless %}\n\nSign in at {{ host }} and add a passkey for it. Where you "
        "are asked for the old one and cannot use it, a recovery code takes its place."
    ),
    button=gettext_noop("Add a passkey"),
    own_variables=(
        Variable("host", gettext_noop("The address that stays"), "portal.example.com"),
        Variable("old_host", gettext_noop("The address that goes"), "old.example.com"),
        Variable(
            "until",
            gettext_noop("Until when it is still there; empty when it is gone"),
            gettext_noop("Monday, 14 December, 12:00"),
            may_be_empty=True,
        ),
    ),
    fixed=lambda: Content(reason=translate(NOTICE_REASON)),
)

INVITATION_ASKED = Message(
    code="invitation_asked",
    channel=Channel.IN_APP,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Somebody asks for an invitation"),
    about=gettext_noop("To those who can let somebody in again."),
    subject=gettext_noop("{{ person }} asks for a new invitation"),
    body=gettext_noop("Their access is switched off, or nobody under their login is active."),
    own_variables=(Variable("person", gettext_noop("Who asks"), gettext_noop("Mia Example")),),
)

_WHAT = Variable("what", gettext_noop("What it is about"), gettext_noop("Mail: invitation"))
_WHY = Variable("why", gettext_noop("Why, in a sentence"), gettext_noop("The receiving server refused the message."))

NOT_DONE = Message(
    code="promise_failed",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Something could not be done"),
    about=gettext_noop("To whoever asked for it, or answers for it: a mail that has not left, for example."),
    subject=gettext_noop("{% if address %}Mail to {{ address }} has not left{% else %}Not done: {{ what }}{% endif %}"),
    body="{{ what }}. {{ why }}",
    own_variables=(
        _WHAT,
        _WHY,
        Variable("address", gettext_noop("To which address, where it is a mail"), "mia@example.com", may_be_empty=True),
    ),
)

NOT_ARRIVED = Message(
    code="mail_bounced",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("A mail did not arrive"),
    about=gettext_noop("To whoever caused the mail, when the receiving server sends it back."),
    subject=gettext_noop("Mail to {{ address }} did not arrive"),
    body="{{ what }}. {{ why }}",
    own_variables=(_WHAT, _WHY, Variable("address", gettext_noop("To which address"), "mia@example.com")),
)

_EVENT = Variable("event", gettext_noop("What has happened"), gettext_noop("Everything that is needed is right again."))
_MEANING = Variable(
    "meaning", gettext_noop("What it means, and what to do"), gettext_noop("Everything that is needed is right again.")
)

SENDER_NEWS = Message(
    code="sender_news",
    channel=Channel.EMAIL,
    topic=Topic.WORK,
    name=gettext_noop("News of the sender"),
    about=gettext_noop("To those who look after the sender of mail, when it stops working or works again."),
    subject="{{ event }}",
    body=gettext_noop("Hello {{ name }},\n\n{{ meaning }}"),
    button=gettext_noop("Look at the sender"),
    own_variables=(_EVENT, _MEANING),
    fixed=lambda: Content(reason=translate(SENDER_REASON)),
)


def _sender_notice(state: str, name: str) -> Message:
    return Message(
        code=f"sender_{state}",
        channel=Channel.IN_APP,
        topic=Topic.WORK,
        name=name,
        about=gettext_noop("To those who look after the sender of mail."),
        subject="{{ event }}",
        body="{{ meaning }}",
        own_variables=(_EVENT, _MEANING),
    )


# What has happened → the notice.
SENDER_NOTICES = {
    "broken": _sender_notice("broken", gettext_noop("The sender does not work")),
    "attention": _sender_notice("attention", gettext_noop("The sender needs a hand")),
    "verified": _sender_notice("verified", gettext_noop("The sender works again")),
}
_HOST = Variable("host", gettext_noop("Which web address"), "portal.example.com")
_PROBLEM = Variable(
    "problem",
    gettext_noop("What is wrong, in a sentence"),
    gettext_noop("A record of the domain is wrong."),
    may_be_empty=True,
)

HOST_NEWS = Message(
    code="host_notice",
    channel=Channel.EMAIL,
    topic=Topic.WORK,
    name=gettext_noop("A web address needs attention"),
    about=gettext_noop("To those who look after web addresses, when one stops working."),
    subject=gettext_noop("{{ host }} needs attention"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if problem %}{{ problem }}{% endif %}\n\n"
        "{% if is_answered %}It is still answered. Mend its records soon, so that it stays so."
        "{% else %}It is not answered until its records are mended. Until then, links lead to your other web address.{% endif %}"
    ),
    button=gettext_noop("See its records"),
    own_variables=(
        _HOST,
        _PROBLEM,
        Variable(
            "is_answered", gettext_noop("Whether it is still answered"), gettext_noop("yes"), True, can_be_written=False
        ),
    ),
    fixed=lambda: Content(reason=translate(HOST_REASON)),
)
HOST_NOTICE = Message(
    code="host_state",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("State of a web address"),
    about=gettext_noop("To those who look after web addresses, when one works or stops working."),
    subject=gettext_noop("{% if is_live %}{{ host }} is live{% else %}{{ host }} needs attention{% endif %}"),
    body="{% if problem %}{{ problem }}{% endif %}",
    own_variables=(
        _HOST,
        _PROBLEM,
        Variable("is_live", gettext_noop("Whether it works"), may_be_empty=True, can_be_written=False),
    ),
)
HOST_LOSS = Message(
    code="host_loss",
    channel=Channel.EMAIL,
    topic=Topic.WORK,
    name=gettext_noop("A web address belongs to somebody else"),
    about=gettext_noop("To those who look after web addresses, when somebody else has proved one."),
    subject=gettext_noop("{{ host }} is no longer yours"),
    body=gettext_noop(
        "Hello {{ name }},\n\nthe DNS of {{ host }} had moved away, and somebody else has shown by a record that it is theirs. It no longer leads "
        "to you; links lead to {{ other_host }}.\n\nYou still look after this domain, and did not want that? Set its records again and connect it "
        "once more."
    ),
    button=gettext_noop("See your web addresses"),
    own_variables=(_HOST, Variable("other_host", gettext_noop("Where links lead now"), "practice.example.net")),
    fixed=lambda: Content(reason=translate(HOST_REASON)),
)
HOST_LOSS_NOTICE = Message(
    code="host_loss",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("A web address belongs to somebody else"),
    about=gettext_noop("To those who look after web addresses, when somebody else has proved one."),
    subject=gettext_noop("{{ host }} is no longer yours"),
    body=gettext_noop(
        "Somebody else has shown by a DNS record that it is theirs, after its DNS had moved away from you."
    ),
    own_variables=(_HOST,),
)
BROKEN_OFF = Message(
    code="form_broken_off",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("A form was broken off"),
    about=gettext_noop("To whoever sent it, because nobody else knows what it was to do."),
    subject=gettext_noop("Something that you sent was broken off"),
    body=gettext_noop("It may have been done, or not: look what is there."),
)
TEXTS_HELD = Message(
    code="texts_held",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name=gettext_noop("Text messages do not leave"),
    about=gettext_noop(
        "To those who look after the account, once a day: the limit is reached, it is refused, or the provider is away."
    ),
    subject=gettext_noop("Text messages do not leave today"),
    body="{{ why }}",
    own_variables=(
        Variable("why", gettext_noop("Why"), gettext_noop("The limit of text messages for one day was reached.")),
    ),
)

MESSAGES = (
    INVITATION,
    PASSWORD_RESET,
    LOGIN_CODE,
    SECURITY_NOTICE,
    HOST_CHANGED,
    HOST_GOES,
    INVITATION_ASKED,
    NOT_DONE,
    NOT_ARRIVED,
    SENDER_NEWS,
    *SENDER_NOTICES.values(),
    HOST_NEWS,
    HOST_LOSS,
    HOST_LOSS_NOTICE,
    HOST_NOTICE,
    BROKEN_OFF,
    TEXTS_HELD,
)
