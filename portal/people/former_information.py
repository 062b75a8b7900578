"""What was noted about a client before: read, and brought back, by whoever may read what is noted now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import audit, clock
from core.people import actions, permissions
from core.people.audit_codes import PeopleAudit
from core.people.permissions import CHANGE, READ_INFORMATION
from portal.access import SignedInView
from portal.forms import ActionView


class FormerInformationView(SignedInView):
    """Every former text, the latest first. Reading them is in the audit."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client = permissions.get_client(self.user, pk, to=READ_INFORMATION)
        former = list(client.former_information.all())
        if former:
            audit.record(PeopleAudit.CLIENT_FORMER_INFORMATION_READ, by=self.user, subject=client)
        may_change = permissions.can_change_client(self.user, client)
        return render(
            request, "people/former_information.html", {"client": client, "former": former, "may_change": may_change}
        )


class BringBackView(ActionView):
    """One of them, noted again."""

    success_message = gettext_lazy("Noted again. What stood there until now is kept, too.")

    def load(self, pk: Any, former: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)
        self.former = permissions.get_former_information(self.user, self.client, former)

    def perform(self) -> None:
        actions.bring_back_information(former=self.former, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.client.pk])
