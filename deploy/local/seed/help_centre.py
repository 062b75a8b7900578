"""The help centre of the demo at work: an article of the organization's own, one that covers the product's, what readers said, what nobody found."""

from datetime import datetime, timedelta

from django.utils import translation

from core.help import feedback
from core.help.actions import add_article, write_article
from core.help.search import note_miss
from core.help.starters import ArticleText, standard_text
from core.people.models import User
from deploy.local.seed.practices import Practice

PARKING = ArticleText(
    title="Finding us, and where to park",
    summary="The door is on the water side; parking is free for two hours.",
    keywords="address, directions, car, bus, wheelchair, map",
    body="We are at the harbour, next to the old customs house. The door is on the **water side**.\n\n## By car\n\n"
    "Two places in front of the house are kept for %(clients)s. Else park on the quay, free for two hours.\n\n## By bus\n\n"
    "Line 404 stops at *Old Docks*, three minutes on foot.\n\n## With a wheelchair or a pram\n\n"
    "There is a lift behind the second door. {% if phone %}Ring {{ phone }}, and we come down.{% endif %}",
)
SAID = (
    ("join", True, (), ""),
    ("join", True, (), ""),
    ("join", True, (), ""),
    (
        "join",
        False,
        ("not_solved",),
        "The page asked for my microphone, I said yes, and nothing happened. A restart of the browser helped.",
    ),
    ("camera", True, (), ""),
    ("camera", False, ("incomplete",), "What about a Chromebook?"),
    ("cancel", True, (), ""),
    ("cancel", False, ("unhappy",), "48 hours is a lot with a sick child."),
    ("mail", True, (), ""),
)
SEARCHED = ("gift voucher", "gift voucher", "sibling discount", "chromebook")


def fill_help(practice: Practice, *, now: datetime) -> None:
    """As the owner and a few readers do it."""
    owner, language = User.objects.get(staff_member__role="owner"), practice.languages[0]
    with translation.override(language):
        told = {"language": language, "languages": practice.languages, "publish": True, "by": owner}
        add_article(category="start", text=PARKING, now=now - timedelta(days=9), **told)
        standard = standard_text("waiting-room", language)
        own = f"{standard.body}\n\n## Something to drink?\n\nIn our rooms, tea and water stand ready. Help yourself."
        text = ArticleText(standard.title, standard.summary, standard.keywords, own)
        write_article("waiting-room", text=text, now=now - timedelta(days=6), **told)
        for number, (slug, is_helpful, reasons, comment) in enumerate(SAID):
            feedback.answer(
                slug, language=language, key=f"demo-{number}", is_helpful=is_helpful, reasons=reasons, comment=comment,
                by_staff=False, who=f"demo-{number}", now=now - timedelta(hours=7 * number + 1),
            )  # fmt: skip
        for number, words in enumerate(SEARCHED):
            note_miss(words, language=language, now=now - timedelta(hours=number + 2))
