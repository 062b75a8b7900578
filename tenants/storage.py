"""Uploads: every organization under a folder or prefix of its own, never guessable, never served without a permission check."""

import errno
import os
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from storages.backends.s3 import S3Storage

from core.kernel.errors import NO_ROOM, DomainError
from core.kernel.translation import translate
from tenants import context

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class StorageFullError(DomainError):
    """There is no room for the file. Nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__("storage_full", translate(NO_ROOM))


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

    def _save(self, name: str, content: Any) -> str:
        """As in the parent, but a disk that runs full leaves no half of a file. Error: `storage_full`."""
        try:
            return super()._save(name, content)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            Path(self.path(name)).unlink(missing_ok=True)  # the name was free, so what is there now is ours
            raise StorageFullError from error

    def open_at(self, name: str, start: int) -> Any:
        """The bytes of a file from `start` on: something to read from and to close."""
        file = self.open(name, "rb")
        file.seek(start)
        return file

    def used_bytes(self) -> int:
        """How much the organization in force keeps, in bytes."""
        return sum(
            (Path(folder) / file).lstat().st_size for folder, _, files in os.walk(self.location) for file in files
        )


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

    def open_at(self, name: str, start: int) -> Any:
        """As above; the store is asked for that part only, because a video is large. FileNotFoundError as on a disk."""
        key = self._normalize_name(name)
        try:
            return self.bucket.Object(key).get(Range=f"bytes={start}-")["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            raise FileNotFoundError(name) from error

    def used_bytes(self) -> int:
        """How much the organization in force keeps, in bytes."""
        return sum(kept.size for kept in self.bucket.objects.filter(Prefix=f"{self.location}/"))


def open_at(name: str, start: int) -> Any:
    """The bytes of a stored file from `start` on: something to read from and to close."""
    return default_storage.open_at(name, start)  # type: ignore[attr-defined]


def used_bytes() -> int:
    """How much the organization in force keeps in the default storage, in bytes."""
    return default_storage.used_bytes()  # type: ignore[attr-defined]


def _media_root() -> Any:
    return settings.MEDIA_ROOT  # read at each call, because tests move it
