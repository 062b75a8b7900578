"""As whom somebody looks at a client's page, in words."""

from django.utils.translation import gettext as _

from core.people.permissions import Relation


def relation_sentence(relations: tuple[Relation, ...]) -> str:
    """As whom one looks at this page, for people who are more than staff."""
    words = {
        Relation.SELF: _("This is you."),
        Relation.GUARDIAN: _("You act for them."),
        Relation.AGENT: _(
            "You are their %(agent)s: you see details and %(invoices)s, and pay; the calendar is theirs."
        ),
    }
    return " ".join(words[each] for each in relations if each in words)
