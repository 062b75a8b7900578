"""What both sides are told about a request for a time: by mail and behind the bell, each from its own view."""

from collections.abc import Callable

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable
from core.scheduling.messages import LOGIN_REASON, sample_time

ASKED_TIMES = gettext_noop("Times that would suit")
PROPOSED_TIMES = gettext_noop("Proposed times")
STANDS_NOTE = gettext_noop("Until it is settled, the %(appointment)s stands as it is.")
STAFF_REASON = gettext_noop("You receive this because you look after this schedule.")

_FACTS = (
    Variable(
        "service",
        gettext_noop("What it is about; empty where your mail names nobody"),
        gettext_noop("Assessment"),
        may_be_empty=True,
    ),
    Variable(
        "clients",
        gettext_noop("For whom; empty where your mail names nobody"),
        gettext_noop("Kim Example"),
        may_be_empty=True,
    ),
    Variable(
        "practitioner", gettext_noop("With whom; empty for anybody"), gettext_noop("Max Example"), may_be_empty=True
    ),
    Variable("moves", gettext_noop("Whether it is about another time for what is booked"), may_be_empty=True, can_be_written=False),
    Variable(
        "words",
        gettext_noop("What was written with it; empty where your mail names nobody"),
        gettext_noop("Could it be an hour later?"),
        may_be_empty=True,
    ),
)  # fmt: skip


def _fixed(*, for_staff: bool, has_times: bool, title: str) -> Callable[[], Content]:
    def content() -> Content:
        boxes = [Box(translate(title), [str(sample_time())])] if has_times else []
        return Content(boxes=boxes, reason=translate(STAFF_REASON if for_staff else LOGIN_REASON))

    return content


def _mail(code: str, *, for_staff: bool, has_times: bool = True, title: str = ASKED_TIMES, **words: str) -> Message:
    return Message(
        code=code,
        channel=Channel.EMAIL,
        topic=Topic.APPOINTMENTS,
        button=gettext_noop("Look at it"),
        own_variables=_FACTS,
        words=("appointment",),
        fixed=_fixed(for_staff=for_staff, has_times=has_times, title=title),
        **words,
    )


def _notice(code: str, **words: str) -> Message:
    return Message(
        code=code,
        channel=Channel.IN_APP,
        topic=Topic.APPOINTMENTS,
        own_variables=_FACTS,
        words=("appointment",),
        body="{% if words %}{{ words }}{% endif %}",
        **words,
    )


_TO_STAFF = gettext_noop("To whoever looks after the schedule, when somebody asks for a time or for another one.")
_KEPT = gettext_noop("To whoever looks after the schedule, when none of the proposed times suits.")
_WITHDRAWN = gettext_noop("To whoever looks after the schedule, when somebody no longer asks.")
_EXPIRED_STAFF = gettext_noop("To whoever looks after the schedule, when all times have passed without an answer.")
_PROPOSED = gettext_noop("To every login of those who ask, when you propose other times.")
_DECLINED = gettext_noop("To every login of those who ask, when you decline.")
_EXPIRED = gettext_noop("To every login of those who ask, when all times have passed.")
_SUBJECT_ASKED = gettext_noop(
    "{% if moves %}Another time is asked for{% else %}{{ Appointment_word }} asked for{% endif %}{% if clients %}: {{ clients }}{% endif %}"
)

REQUEST_ASKED = _mail(
    "request_asked",
    for_staff=True,
    name=gettext_noop("Somebody asks for a time"),
    about=_TO_STAFF,
    subject=_SUBJECT_ASKED,
    heading=gettext_noop("A time is asked for"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if clients %}{{ clients }} asks{% else %}somebody asks{% endif %} for "
        "{% if moves %}another time{% else %}a time{% endif %}{% if service %} ({{ service }}){% endif %}."
        "{% if words %}\n\n“{{ words }}”{% endif %}"
    ),
)
REQUEST_KEPT = _mail(
    "request_kept",
    for_staff=True,
    name=gettext_noop("No proposed time suits"),
    about=_KEPT,
    subject=gettext_noop("Another time than yours is needed{% if clients %}: {{ clients }}{% endif %}"),
    heading=gettext_noop("Another time than yours is needed"),
    body=gettext_noop(
        "Hello {{ name }},\n\nthe request stands, and waits for an answer again.{% if words %}\n\n“{{ words }}”{% endif %}"
    ),
)
REQUEST_WITHDRAWN = _mail(
    "request_withdrawn",
    for_staff=True,
    name=gettext_noop("A request is withdrawn"),
    about=_WITHDRAWN,
    subject=gettext_noop("Withdrawn request{% if clients %}: {{ clients }}{% endif %}"),
    heading=gettext_noop("A request is withdrawn"),
    body=gettext_noop("Hello {{ name }},\n\nthese times are not asked for any more. There is nothing left to do."),
)
REQUEST_EXPIRED_STAFF = _mail(
    "request_expired_staff",
    for_staff=True,
    name=gettext_noop("A request expired, to you"),
    about=_EXPIRED_STAFF,
    subject=gettext_noop("Expired request{% if clients %}: {{ clients }}{% endif %}"),
    heading=gettext_noop("A request has expired"),
    body=gettext_noop("Hello {{ name }},\n\nall its times have passed, and nothing was agreed."),
)
REQUEST_PROPOSED = _mail(
    "request_proposed",
    for_staff=False,
    title=PROPOSED_TIMES,
    name=gettext_noop("Other times are proposed"),
    about=_PROPOSED,
    subject=gettext_noop("Other times for your {{ appointment_word }}"),
    heading=gettext_noop("Would one of these times suit?"),
    body=gettext_noop(
        "Hello {{ name }},\n\nwe propose these times. Choose one, and it is yours if nobody else has taken it by then."
        "{% if words %}\n\n“{{ words }}”{% endif %}"
    ),
)
REQUEST_DECLINED = _mail(
    "request_declined",
    for_staff=False,
    name=gettext_noop("A request is declined"),
    about=_DECLINED,
    subject=gettext_noop("About the time that you asked for"),
    heading=gettext_noop("We cannot offer you this time"),
    body=gettext_noop(
        "Hello {{ name }},\n\nunfortunately we cannot offer you one of the times that you asked for.{% if words %}\n\n“{{ words }}”{% endif %}"
    ),
)
REQUEST_EXPIRED = _mail(
    "request_expired",
    for_staff=False,
    name=gettext_noop("A request expired"),
    about=_EXPIRED,
    subject=gettext_noop("The times that you asked for have passed"),
    heading=gettext_noop("Your request has expired"),
    body=gettext_noop(
        "Hello {{ name }},\n\nall times of your request have passed, and nothing was agreed. You can ask for others."
    ),
)

REQUEST_ASKED_NOTICE = _notice(
    "request_asked", name=gettext_noop("Somebody asks for a time"), about=_TO_STAFF, subject=_SUBJECT_ASKED
)
REQUEST_KEPT_NOTICE = _notice(
    "request_kept",
    name=gettext_noop("No proposed time suits"),
    about=_KEPT,
    subject=gettext_noop("Another time than yours is needed{% if clients %}: {{ clients }}{% endif %}"),
)
REQUEST_WITHDRAWN_NOTICE = _notice(
    "request_withdrawn",
    name=gettext_noop("A request is withdrawn"),
    about=_WITHDRAWN,
    subject=gettext_noop("Withdrawn request{% if clients %}: {{ clients }}{% endif %}"),
)
REQUEST_EXPIRED_STAFF_NOTICE = _notice(
    "request_expired_staff",
    name=gettext_noop("A request expired, to you"),
    about=_EXPIRED_STAFF,
    subject=gettext_noop("Expired request{% if clients %}: {{ clients }}{% endif %}"),
)
REQUEST_PROPOSED_NOTICE = _notice(
    "request_proposed",
    name=gettext_noop("Other times are proposed"),
    about=_PROPOSED,
    subject=gettext_noop("Other times for your {{ appointment_word }} are proposed"),
)
REQUEST_DECLINED_NOTICE = _notice(
    "request_declined",
    name=gettext_noop("A request is declined"),
    about=_DECLINED,
    subject=gettext_noop("The times that you asked for cannot be offered"),
)
REQUEST_EXPIRED_NOTICE = _notice(
    "request_expired",
    name=gettext_noop("A request expired"),
    about=_EXPIRED,
    subject=gettext_noop("The times that you asked for have passed"),
)

# What happened → the mail and the notice. The first go to whoever answers, the others to those who ask.
TO_STAFF = {
    "asked": (REQUEST_ASKED, REQUEST_ASKED_NOTICE),
    "kept": (REQUEST_KEPT, REQUEST_KEPT_NOTICE),
    "withdrawn": (REQUEST_WITHDRAWN, REQUEST_WITHDRAWN_NOTICE),
    "expired": (REQUEST_EXPIRED_STAFF, REQUEST_EXPIRED_STAFF_NOTICE),
}
TO_ASKERS = {
    "proposed": (REQUEST_PROPOSED, REQUEST_PROPOSED_NOTICE),
    "declined": (REQUEST_DECLINED, REQUEST_DECLINED_NOTICE),
    "expired": (REQUEST_EXPIRED, REQUEST_EXPIRED_NOTICE),
}


def _text(code: str, *, name: str, subject: str) -> Message:
    return Message(
        code=code,
        channel=Channel.SMS,
        topic=Topic.APPOINTMENTS,
        name=name,
        about=gettext_noop("To the mobile number of every login that wants it."),
        subject=subject,
        own_variables=(
            Variable("link", gettext_noop("Where one answers, or sees it"), "https://example.org/requests/"),
        ),
        words=("appointment",),
    )


# What happened → the text message to those who ask. What is accepted is told like every booking and move.
TEXTS = {
    "proposed": _text(
        "request_proposed",
        name=gettext_noop("Other times are proposed"),
        subject=gettext_noop("{{ organization }}: other times for your {{ appointment_word }} are proposed. Choose one: {{ link }}"),
    ),
    "declined": _text(
        "request_declined",
        name=gettext_noop("A request is declined"),
        subject=gettext_noop("{{ organization }}: the times that you asked for cannot be offered. {{ link }}"),
    ),
}  # fmt: skip
MESSAGES = (*(message for pair in (*TO_STAFF.values(), *TO_ASKERS.values()) for message in pair), *TEXTS.values())
