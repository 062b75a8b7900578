"""The bytes of a resource: as it came, to take away, and smaller pictures of it. Each behind the door of the resource."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from core.files.models import Rendition, StoredFile
from core.kernel.errors import NotFound
from core.resources.models import Resource, ResourceVersion
from core.resources.permissions import CHANGE, get_resource
from portal.access import SignedInView
from portal.files.answers import ASKED_AGAIN, file_answer, rendition_answer


class FileView(SignedInView):
    """As it came, for the page that shows it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        return file_answer(request, _file_of(get_resource(self.user, pk)))


class DownloadView(SignedInView):
    """As it came, under its own name."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        return file_answer(request, _file_of(get_resource(self.user, pk)), download=True)


class PictureView(SignedInView):
    """A smaller picture of it."""

    def get(self, request: HttpRequest, pk: UUID, size: str) -> HttpResponseBase:
        file = _file_of(get_resource(self.user, pk))
        found = Rendition.objects.select_related("key").filter(file=file, kind=size).first()
        if found is None:
            raise NotFound(f"picture {size} of {pk}")
        return rendition_answer(request, found, cache=ASKED_AGAIN)


class VersionView(SignedInView):
    """An earlier file, for the owner."""

    def get(self, request: HttpRequest, pk: UUID, version: int) -> HttpResponseBase:
        found = get_version(get_resource(self.user, pk, to=CHANGE), version)
        return file_answer(request, found.file, download=True)


def get_version(resource: Resource, number: int) -> ResourceVersion:
    """One of its versions. NotFound."""
    found = resource.versions.select_related("file__key").filter(pk=number).first()
    if found is None:
        raise NotFound(f"version {number}")
    return found


def _file_of(resource: Resource) -> StoredFile:
    if resource.file is None:
        raise NotFound(f"file of {resource.pk}")
    return resource.file
