"""Uploads: every organization under a folder or prefix of its own, never guessable, never served without a permission check."""

from typing import Any

from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

from tenants import context


class OrganizationFiles(FileSystemStorage):
    """Files below MEDIA_ROOT/<schema in force>/. They have no public address: a view behind a door streams them."""

    @property
    def base_location(self) -> str:  # type: ignore[override]  # not cached as in the parent: the organization changes
        return str(self._value_or_setting(self._location, _media_root()) / context.current_organization().schema_name)

    @property
    def location(self) -> str:  # type: ignore[override]
        return self.base_location

    def url(self, name: str | None) -> str:
        raise ValueError("stored files have no address of their own; link to the view behind the door")


class OrganizationBucket(S3Storage):
    """The same on an S3-compatible store: private objects under the organization's prefix."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_acl="private", querystring_auth=True, file_overwrite=False, **options)

    @property
    def location(self) -> str:
        return context.current_organization().schema_name

    @location.setter
    def location(self, value: str) -> None:
        """Ignored: the prefix is the organization in force."""


def _media_root() -> Any:
    from django.conf import settings  # read late, because tests move it

    return settings.MEDIA_ROOT
