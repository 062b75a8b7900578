"""Uploads in parts by the tus protocol (version 1.0.0, with creation and termination): what breaks off goes on where it was.

POST says the length, the purpose and the name; PATCH brings the part that begins at `Upload-Offset`; HEAD says how much is here; DELETE takes it
back. A form then names the upload by its id, and the app takes the file (`portal.files.fields`).
"""

import base64
import binascii
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from core.files import actions
from core.files.models import Upload
from core.files.permissions import get_upload
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from portal.access import SignedInView

VERSION = "1.0.0"
PART_BYTES = 4 * 1024 * 1024
_HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_PART = "application/offset+octet-stream"
_STATUSES = {"part_too_long": 413, "storage_full": 507}  # of refusals; any other is 422


class OtherVersion(Exception):
    """Whoever asks does not say that they speak this version of tus."""


class TusView(SignedInView):
    """What both addresses have in common."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            answer = super().dispatch(request, *args, **kwargs)
        except OtherVersion:
            answer = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        except DomainError as refusal:
            status = 409 if isinstance(refusal, ConflictError) else _STATUSES.get(refusal.code, 422)
            answer = JsonResponse({"message": refusal.message, "code": refusal.code}, status=status)
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    def require_version(self) -> None:
        """Behind the door, because whoever may not be here learns nothing. Error: OtherVersion."""
        if self.request.headers.get("Tus-Resumable") != VERSION:
            raise OtherVersion


class UploadsView(TusView):
    """Where an upload begins."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_version()
        length, facts = request.headers.get("Upload-Length", ""), _metadata(request.headers.get("Upload-Metadata", ""))
        if not _is_number(length) or facts is None:
            return HttpResponse("Upload-Length and Upload-Metadata are needed.", status=400, content_type="text/plain")
        upload = actions.begin_upload(
            purpose=facts.get("purpose", "")[:40], name=facts.get("filename", "")[:1000], size=int(length), by=self.user, now=clock.now()
        )  # fmt: skip
        return HttpResponse(status=201, headers={"Location": reverse("files:upload", args=[upload.pk])})

    def options(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return HttpResponse(status=204, headers={"Tus-Version": VERSION, "Tus-Extension": "creation,termination"})


class UploadView(TusView):
    """One upload on its way."""

    body_limit = PART_BYTES + 64 * 1024

    def head(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        upload = get_upload(self.user, pk)
        self.require_version()
        return _offset(upload, status=200)

    def patch(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        upload = get_upload(self.user, pk)
        self.require_version()
        start, size = request.headers.get("Upload-Offset", ""), request.headers.get("Content-Length", "")
        if request.content_type != _PART:
            return HttpResponse(status=415)
        if not _is_number(start) or not _is_number(size):
            return HttpResponse("Upload-Offset and Content-Length are needed.", status=400, content_type="text/plain")
        upload = actions.receive_part(
            upload=upload, start=int(start), size=int(size), content=request, by=self.user, now=clock.now()
        )
        return _offset(upload, status=204)

    def delete(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        upload = get_upload(self.user, pk)
        self.require_version()
        actions.drop_upload(upload=upload, by=self.user)
        return HttpResponse(status=204)


def _offset(upload: Upload, *, status: int) -> HttpResponse:
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return HttpResponse(status=status, headers=headers)


def _metadata(text: str) -> dict[str, str] | None:
    """Names with their values in base 64; None for what is none."""
    facts = {}
    for pair in filter(None, text.split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            facts[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
    return facts


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
