"""Pages of recordings. Every one fetches through the door of `sessions_live.recordings.permissions`."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.permissions import get_client
from portal.access import SignedInView
from portal.files.answers import stored_answer
from portal.forms import ActionView, FormView
from portal.recordings import presenters
from sessions_live.models import Recording
from sessions_live.recordings.actions import composition, retention
from sessions_live.recordings.permissions import MANAGE, can_manage, get_recording
from sessions_live.recordings.queries import recordings_of_client
from tenants.storage import open_at

PER_PAGE = 25


class RecordingView(SignedInView):
    """Play it; for hosts also what became of it, and the ways on."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        recording = get_recording(self.user, pk)
        context = presenters.page(recording, manages=can_manage(self.user, recording))
        return render(request, "recordings/recording.html", context)


class VideoView(SignedInView):
    """The video itself, for the player. Every reading is in the audit."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        recording = _kept(get_recording(self.user, pk))
        retention.record_playing(recording, by=self.user, now=clock.now())
        return _video_answer(request, recording)


class DownloadView(SignedInView):
    """A copy to take away, for hosts."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        recording = _kept(get_recording(self.user, pk, to=MANAGE))
        retention.record_download(recording, by=self.user)
        return _video_answer(request, recording, download=presenters.download_name(recording))


class ConsentsView(SignedInView):
    """Who answered what, when, to which words."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        recording = get_recording(self.user, pk, to=MANAGE)
        return render(request, "recordings/consents.html", presenters.evidence(recording))


class CompositionView(ActionView):
    """Try again what has failed."""

    success_message = gettext_lazy("The video is being made. You hear when it is ready.")

    def load(self, pk: UUID) -> None:
        self.recording = get_recording(self.user, pk, to=MANAGE)

    def perform(self) -> None:
        composition.try_again(self.recording, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("recordings:recording", args=[self.recording.pk])


class DeletionForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it deleted?"), max_length=retention.LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays on the receipt, with your name and the time."),
    )  # fmt: skip


class DeletionView(FormView):
    """Delete for good; what stays is a receipt."""

    form_class = DeletionForm
    template_name = "recordings/deletion.html"
    edits = False
    success_message = gettext_lazy("The recording is deleted. The receipt stays here.")

    def load(self, pk: UUID) -> None:
        self.recording = get_recording(self.user, pk, to=MANAGE)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), **presenters.page(self.recording, manages=True)}

    def perform(self, form: DeletionForm) -> None:
        retention.delete_recording(self.recording, **form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("recordings:recording", args=[self.recording.pk])


class ClientRecordingsView(SignedInView):
    """All recordings of one client's sessions that this person may see."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = get_client(self.user, pk)
        page = Paginator(recordings_of_client(self.user, client), PER_PAGE).get_page(request.GET.get("page"))
        context = {"client": client, "page": page, "rows": presenters.rows(page)}
        return render(request, "recordings/client.html", context)


def _kept(recording: Recording) -> Recording:
    if recording.state != Recording.State.KEPT:
        raise NotFound(f"video of {recording.pk}")
    return recording


def _video_answer(request: HttpRequest, recording: Recording, *, download: str = "") -> HttpResponseBase:
    """The whole video, or the part that a player asks for; under the name `download` when it is to be kept by the reader."""
    return stored_answer(
        request,
        source=lambda start: open_at(recording.file, start),
        size=recording.size,
        etag=recording.sha256,
        content_type="video/mp4",
        disposition=f'{"attachment" if download else "inline"}; filename="{download or "video.mp4"}"',
    )
