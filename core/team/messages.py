"""What this app tells people."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable

CARD_WAITS = Message(
    code="card_waits",
    channel=Channel.IN_APP,
    topic=Topic.TEAM,
    name=gettext_noop("A public card waits for its release"),
    about=gettext_noop("To those who look after %(staff_members)s, when somebody has written their card."),
    subject=gettext_noop("{{ person }} has written a public card"),
    body=gettext_noop("Readers of the website see it once you release it."),
    own_variables=(Variable("person", gettext_noop("Whose card it is"), "Tess Whelan"),),
)

TEAM_MESSAGES = (CARD_WAITS,)
