"""What was agreed to for a client, on their page."""

from django.http import HttpRequest

from core.legal import permissions, queries
from core.people.models import Client
from portal.legal_links import path_of
from portal.panels import Panel


def consents(request: HttpRequest, client: Client) -> Panel | None:
    """The latest answer of each person to each consent; nothing where there is none, or for others than staff."""
    if not permissions.can_see_answers_for_clients(request.user):  # type: ignore[arg-type]
        return None
    answers = queries.answers_for(client)
    if not answers:
        return None
    titles = queries.titles_as_answered(answers)
    rows = [
        {"title": titles[row.pk], "answer": row, "url": path_of(row.version.text.slug, row.version.number)}
        for row in answers
    ]
    return Panel("legal/_panel.html", {"rows": rows})
