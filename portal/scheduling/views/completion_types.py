"""The ways in which appointments end, each on a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.roles import Permission
from core.scheduling.actions import save_completion_type
from core.scheduling.models import CompletionType
from core.scheduling.permissions import get_completion_type
from portal.access import SignedInView
from portal.scheduling.forms import CompletionTypeForm
from portal.settings_pages import settings_tabs


class CompletionTypeView(SignedInView):
    """A new completion type, or one that is there."""

    needs = Permission.MANAGE_BILLING

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        return self._page(self._form(pk))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        form = self._form(pk, request.POST)
        if form.is_valid():
            try:
                save_completion_type(form.save(commit=False), by=self.user, now=clock.now())
            except DomainError as error:
                form.add_error(error.field, error.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("scheduling_settings:policy")
        return self._page(form, status=422)

    def _form(self, pk: UUID | None, posted: Any = None) -> CompletionTypeForm:
        kind = get_completion_type(self.user, pk) if pk else CompletionType()
        return CompletionTypeForm(posted, instance=kind, words=self.request.vocabulary)  # type: ignore[attr-defined]

    def _page(self, form: CompletionTypeForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "tabs": settings_tabs(self.request)}
        return render(self.request, "scheduling/completion_type.html", context, status=status)
