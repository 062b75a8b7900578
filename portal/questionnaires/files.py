"""Files that answer a question, each behind its door."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError
from core.records.questionnaires import actions
from core.records.questionnaires.permissions import get_response_file
from portal.access import SignedInView
from portal.files.answers import file_answer
from portal.forms import ActionView
from portal.records.files import CLOSED


class FileView(SignedInView):
    """The file itself, to be saved. That it was opened is kept."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        row = get_response_file(self.user, pk)
        try:
            answer = file_answer(request, row.file, download="save" in request.GET)
        except DomainError as refusal:
            if refusal.code not in CLOSED:
                raise
            context = {"row": row.response.request, "client": row.response.request.client, "said": refusal.message}
            return render(request, "questionnaires/file_closed.html", context, status=CLOSED[refusal.code])
        if answer.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            is_part = answer.status_code == HTTPStatus.PARTIAL_CONTENT
            try:
                actions.response_file_read(row, by=self.user, now=clock.now(), is_part=is_part)
            except BaseException:
                answer.close()
                raise
        return answer


class RemoveFileView(ActionView):
    """Taken back before the form is sent in."""

    success_message = gettext_lazy("The file is taken back.")

    def load(self, pk: UUID) -> None:
        self.file_row = get_response_file(self.user, pk)
        self.request_row = self.file_row.response.request

    def perform(self) -> None:
        actions.remove_response_file(self.file_row, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        page = self.request_row.version.definition.page_of(self.file_row.item_key) + 1
        return reverse("questionnaires:answers", args=[self.request_row.pk, page])
