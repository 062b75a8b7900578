"""Files of a client: the list with what brings more, and each of them behind its door."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.files.actions import sealed
from core.files.rules.room import size_words
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.people.permissions import get_client
from core.records import actions, queries
from core.records.models import ClientFile
from core.records.notifications import told_of_files
from core.records.permissions import (
    CLIENT_FILE,
    KEEP,
    REMOVE,
    can_bring_files,
    can_keep_records,
    can_read_shared,
    can_remove_file,
    get_client_file,
)
from portal.access import SignedInView
from portal.client_tabs import tabs_for
from portal.files.answers import file_answer, rendition_answer
from portal.files.fields import FilesField, files_body_limit
from portal.forms import ActionView, FormView
from portal.kind_icons import ICONS
from tenants.bodies import SIGNED_IN_BYTES

PER_PAGE = 30
MOST = 10
# Why a file is not given, and the status that says so.
CLOSED = {
    "file_checking": HTTPStatus.CONFLICT,
    "file_infected": HTTPStatus.GONE,
    "file_unreadable": HTTPStatus.SERVICE_UNAVAILABLE,
}


class FilesForm(forms.Form):
    """Files for the record."""

    files = FilesField(CLIENT_FILE, most=MOST, label=gettext_lazy("Files"))


class ClientFilesView(FormView):
    """Everything that this person may open, and a place for more."""

    edits = False
    template_name = "records/files.html"
    body_limit = files_body_limit(SIGNED_IN_BYTES)
    result: list[ClientFile]

    def load(self, pk: UUID) -> None:
        self.client = get_client(self.user, pk)
        self.keeps = can_keep_records(self.user, self.client)
        self.brings = self.keeps or can_bring_files(self.user, self.client)
        if not self.brings and not can_read_shared(self.user, self.client):
            raise PermissionDenied("not allowed to see this client's files")
        if self.request.method == "POST" and not self.brings:
            raise PermissionDenied("not allowed to add files to this record")

    def get_form(self, *posted: Any) -> FilesForm:
        form = FilesForm(*posted)
        form.fields["files"].for_user(self.user)  # type: ignore[attr-defined]
        return form

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        page = Paginator(queries.files_of(self.client, self.user), PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            **super().get_context_data(form),
            "client": self.client,
            "tabs": tabs_for(self.request, self.client),
            "page": page,
            "rows": [file_row(each, self.user, keeps=self.keeps) for each in page],
            "keeps": self.keeps,
            "brings": self.brings,
            "told": told_of_files(self.client) if self.brings and not self.keeps else None,
        }

    def perform(self, form: FilesForm) -> list[ClientFile]:
        now = clock.now()
        with sealed(form.cleaned_data["files"], purpose=CLIENT_FILE, by=self.user) as files:
            return [actions.add_client_file(self.client, given=each, by=self.user, now=now) for each in files]

    def get_success_message(self) -> str:
        number = len(self.result)
        return ngettext("%(number)s file is added.", "%(number)s files are added.", number) % {"number": number}

    def get_success_url(self) -> str:
        return reverse("client_files:list", args=[self.client.pk])


def file_row(row: ClientFile, user: Any, *, keeps: bool) -> dict[str, Any]:
    """One file in a list; `keeps`: whether this person keeps the record."""
    return {
        "row": row,
        "size": size_words(row.file.size),
        "may_remove": keeps or can_remove_file(user, row),
        "has_preview": row.file.previews == "made",
        "icon": ICONS[row.file.kind],
    }


class FileView(SignedInView):
    """The file itself. That it was opened is kept."""

    is_download = False

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        row = get_client_file(self.user, pk)
        try:
            answer = file_answer(request, row.file, download=self.is_download)
        except DomainError as refusal:
            if refusal.code not in CLOSED:
                raise
            context = {"client": row.client, "row": row, "said": refusal.message}
            return render(request, "records/file_closed.html", context, status=CLOSED[refusal.code])
        if answer.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            self._note_reading(row, answer)
        return answer

    def _note_reading(self, row: ClientFile, answer: HttpResponseBase) -> None:
        """By what is given, and not by what was asked for. Nobody gets a byte of what could not be noted."""
        is_part = answer.status_code == HTTPStatus.PARTIAL_CONTENT
        try:
            actions.client_file_read(row, by=self.user, now=clock.now(), is_part=is_part)
        except BaseException:
            answer.close()
            raise


class DownloadView(FileView):
    """The original under its own name."""

    is_download = True


class PreviewView(SignedInView):
    """A small picture of it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse | HttpResponseBase:
        row = get_client_file(self.user, pk)
        rendition = row.file.rendition("small")
        if rendition is None:
            raise NotFound(f"preview of {pk}")
        return rendition_answer(request, rendition)


class _FileActionView(ActionView):
    """A button about a file, for whoever keeps the record."""

    needed = KEEP

    def load(self, pk: UUID) -> None:
        self.row = get_client_file(self.user, pk, to=self.needed)
        self.client = self.row.client

    def get_success_url(self) -> str:
        return reverse("client_files:list", args=[self.client.pk])


class ShareFileView(_FileActionView):
    """Opened by the client's logins from now on."""

    success_message = gettext_lazy("Shared. They are told that there is something, not what it is.")

    def perform(self) -> None:
        actions.share_client_file(self.row, by=self.user, now=clock.now())


class WithdrawFileView(_FileActionView):
    """Opened by them no longer."""

    success_message = gettext_lazy("The file is not shared any more.")

    def perform(self) -> None:
        actions.withdraw_client_file(self.row, by=self.user, now=clock.now())


class RemoveFileView(_FileActionView):
    """Removed for good, after a question."""

    needed = REMOVE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return render(request, "records/file_removal.html", {"client": self.client, "row": self.row})

    def perform(self) -> None:
        self.name = self.row.file.name
        actions.remove_client_file(self.row, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("“%(name)s” is removed.") % {"name": self.name}
