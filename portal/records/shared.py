"""A note as those read it with whom it is shared."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.errors import NotFound
from core.people.permissions import is_active_staff
from core.records import actions, queries
from core.records.permissions import get_share
from portal.access import SignedInView

SHOWN = 8


class SharedNoteView(SignedInView):
    """The words as they were shared. That they were read is kept, so that whoever wrote them knows."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        share = get_share(self.user, pk)
        actions.note_read(share.note, share=share, by=self.user)
        return render(
            request, "records/shared_note.html", {"share": share, "note": share.note, "client": share.note.client}
        )


class SharedView(SignedInView):
    """What was shared last with a login of a client, or with an agent: the dashboard's card, and a page of its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if is_active_staff(self.user):
            raise NotFound("staff read records, and not what is shared")
        context = {
            "shares": list(queries.latest_shares(self.user)[:SHOWN]),
            "goals": list(queries.goals_shared_with(self.user)[:SHOWN]),
        }
        template = "records/_shared_card.html" if request.htmx else "records/shared.html"  # type: ignore[attr-defined]
        return render(request, template, context)
