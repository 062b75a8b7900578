"""What this app tells people."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable

CONSENT_WITHDRAWN = Message(
    code="consent_withdrawn",
    channel=Channel.IN_APP,
    topic=Topic.LEGAL,
    name=gettext_noop("A consent was withdrawn"),
    about=gettext_noop("To those who look after legal texts, because what rested on the consent must end."),
    subject=gettext_noop("{{ person }} has withdrawn a consent"),
    body=gettext_noop("{{ consent }}{% if client %}, for {{ client }}{% endif %}"),
    own_variables=(
        Variable("person", gettext_noop("Who has withdrawn it"), "Gus Hanley"),
        Variable("consent", gettext_noop("What the consent is called"), gettext_noop("Photos of your work")),
        Variable("client", gettext_noop("For whom"), "Cleo Hanley", may_be_empty=True),
    ),
)

LEGAL_MESSAGES = (CONSENT_WITHDRAWN,)
