"""A resource is brought, changed, replaced and deleted by its owner, shared and withdrawn, and put on lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from core.files.actions import keep_file, remove_file
from core.files.actions.files import Given
from core.files.models import StoredFile
from core.kernel import audit, unseen
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.people.actions.changes import require, write_changes
from core.people.models import StaffMember
from core.resources import queries
from core.resources.audit_codes import ResourceAudit
from core.resources.models import (
    LONGEST_DESCRIPTION,
    LONGEST_TAG,
    LONGEST_TITLE,
    MOST_TAGS,
    ListedResource,
    Resource,
    ResourceVersion,
)
from core.resources.permissions import can_change_resource, can_have_resources, can_see_resource, can_withdraw_resource
from core.resources.rules.links import kind_of_link
from core.resources.signals import resource_left

PURPOSE, FRESH_COPY = "resource", "resource_copy"


@transaction.atomic
def add_file(*, given: Given, by: Any, now: datetime, title: str = "", tags: Sequence[str] = ()) -> Resource:
    """Bring a file; without a title it has the file's name. Errors: `too_many_resources`, and those of `keep_file`."""
    check_room(by)
    file = keep_file(given=given, purpose=PURPOSE, by=by, now=now)
    named = title or file.name.rpartition(".")[0] or file.name
    return add_row(
        Resource(kind=file.kind.value, file=file, title=checked_title(named[:LONGEST_TITLE])), tags=tags, by=by, now=now
    )


@transaction.atomic
def add_link(*, address: str, title: str, by: Any, now: datetime, tags: Sequence[str] = ()) -> Resource:
    """Bring a link. Errors: `link_unreadable`, `title_missing`, `too_many_resources`."""
    check_room(by)
    address = address.strip()
    row = Resource(kind=Resource.Kind.LINK, address=address, link_kind=_link_kind(address), title=checked_title(title))
    return add_row(row, tags=tags, by=by, now=now)


@transaction.atomic
def change_resource(
    *, resource: Resource, title: str, description: str, tags: Sequence[str], by: Any, now: datetime, address: str = ""
) -> Resource:
    """Call it otherwise, describe it, file it under tags; a link may lead elsewhere. Errors: `title_missing`, `link_unreadable`, `too_many_tags`."""
    resource = held(resource)
    require(can_change_resource(by, resource))
    require_plain(title, description, *tags)
    values: dict[str, Any] = {
        "title": checked_title(title),
        "description": description.strip()[:LONGEST_DESCRIPTION],
        "tags": checked_tags(tags),
    }
    if resource.kind == Resource.Kind.LINK:
        address = address.strip()
        values |= {"address": address, "link_kind": _link_kind(address)}
    changes = write_changes(resource, values)
    if changes:
        Resource.objects.filter(pk=resource.pk).update(changed_at=now)
        audit.record(ResourceAudit.RESOURCE_CHANGED, by=by, subject=resource, changes=changes)
    return resource


@transaction.atomic
def replace_file(*, resource: Resource, given: Given, by: Any, now: datetime) -> Resource:
    """Put a fresh copy in place of the file; everybody who has the resource has it at once, and the file before stays as a version."""
    resource = held(resource)
    require(can_change_resource(by, resource))
    if resource.file is None:
        raise ConflictError("no_file", translate("A link has no file. Change where it leads instead."))
    before = resource.file
    file = keep_file(given=given, purpose=FRESH_COPY, by=by, now=now)
    _put(resource, file, before, by=by, now=now)
    return resource


@transaction.atomic
def restore_version(*, version: ResourceVersion, by: Any, now: datetime) -> Resource:
    """Take an earlier file again; the present one becomes a version."""
    resource = held(version.resource)
    require(can_change_resource(by, resource))
    found = ResourceVersion.objects.select_for_update().filter(pk=version.pk).select_related("file").first()
    if found is None or resource.file is None:
        raise NotFound(f"version {version.pk}")
    file, before = found.file, resource.file
    found.delete()
    _put(resource, file, before, by=by, now=now)
    return resource


@transaction.atomic
def delete_resource(*, resource: Resource, by: Any) -> None:
    """Delete it for good, with its versions, from everybody's lists."""
    resource = held(resource)
    require(can_change_resource(by, resource))
    files = [
        resource.file,
        *(each.file for each in resource.versions.select_related("file")),
        *queries.files_of_cards(resource),
    ]
    audit.record(ResourceAudit.RESOURCE_DELETED, by=by, subject=resource)
    resource_left.send(sender=Resource, resource=resource, is_deleted=True)
    resource.delete()
    for file in files:
        if file is not None:
            remove_file(file=file, by=by)


@transaction.atomic
def share_resource(*, resource: Resource, by: Any, now: datetime) -> Resource:
    """Put it into the store. Again, it is the same."""
    resource = held(resource)
    require(can_change_resource(by, resource))
    if not resource.is_shared:
        resource.shared_at = now
        resource.save(update_fields=["shared_at"])
        audit.record(ResourceAudit.RESOURCE_SHARED, by=by, subject=resource)
    return resource


@transaction.atomic
def withdraw_resource(*, resource: Resource, by: Any) -> Resource:
    """Take it out of the store, and off the lists of all but its owner. Again, it is the same."""
    resource = held(resource)
    require(can_withdraw_resource(by, resource))
    if resource.is_shared:
        resource.shared_at = None
        resource.save(update_fields=["shared_at"])
        lost, _ = resource.listings.exclude(staff=resource.owner_id).delete()
        audit.record(ResourceAudit.RESOURCE_WITHDRAWN, by=by, subject=resource, changes={"lists": [lost, 0]})
        resource_left.send(sender=Resource, resource=resource, is_deleted=False)
    return resource


@transaction.atomic
def add_to_list(*, resource: Resource, by: Any, now: datetime) -> ListedResource:
    """From the store. It counts for nobody but its owner; again, it is the same."""
    resource = held(resource)
    if not can_see_resource(by, resource):
        raise NotFound(f"resource {resource.pk}")
    row, is_new = ListedResource.objects.get_or_create(staff=by.staff, resource=resource, defaults={"added_at": now})
    if is_new:
        audit.record(ResourceAudit.RESOURCE_LISTED, by=by, subject=resource)
    return row


@transaction.atomic
def take_off_list(*, resource: Resource, by: Any) -> None:
    """What one has added from the store. One's own is deleted instead: `is_own`."""
    require(can_have_resources(by))
    if resource.owner_id == by.staff.pk:
        raise ConflictError("is_own", translate("This is your own. Delete it, if you no longer use it."))
    if ListedResource.objects.filter(staff=by.staff, resource=resource).delete()[0]:
        audit.record(ResourceAudit.RESOURCE_UNLISTED, by=by, subject=resource)


@transaction.atomic
def set_favorite(*, resource: Resource, is_favorite: bool, by: Any) -> None:
    """Mark it on one's own list, or no longer."""
    require(can_have_resources(by))
    row = ListedResource.objects.select_for_update().filter(staff=by.staff, resource=resource).first()
    if row is None:
        raise ConflictError("not_listed", translate("It is not on your list. Add it first."))
    row.is_favorite = is_favorite
    row.save(update_fields=["is_favorite"])


def add_row(resource: Resource, *, tags: Sequence[str], by: Any, now: datetime) -> Resource:
    """Write it for its owner, and put it on their list."""
    resource.owner, resource.created_at, resource.changed_at = by.staff, now, now
    resource.tags = checked_tags(tags)
    resource.save()
    ListedResource.objects.create(staff=by.staff, resource=resource, added_at=now)
    audit.record(ResourceAudit.RESOURCE_ADDED, by=by, subject=resource)
    return resource


def _put(resource: Resource, file: StoredFile, before: StoredFile, *, by: Any, now: datetime) -> None:
    resource.file, resource.kind, resource.changed_at = file, file.kind.value, now
    resource.save(update_fields=["file", "kind", "changed_at"])
    ResourceVersion.objects.create(resource=resource, file=before, replaced_at=now, replaced_by=str(by)[:200])
    audit.record(ResourceAudit.RESOURCE_REPLACED, by=by, subject=resource)


def check_room(by: Any) -> None:
    """Whether they may own one more. One at a time, so that two tabs do not pass the limit together."""
    require(can_have_resources(by))
    StaffMember.objects.select_for_update(of=["self"], no_key=True).get(pk=by.staff.pk)
    queries.check_room(by, 1)


def held(resource: Resource) -> Resource:
    """As it is now. NotFound when somebody has deleted it meanwhile."""
    rows = Resource.objects.select_for_update(of=["self"], no_key=True).select_related("owner", "file")
    found = rows.filter(pk=resource.pk).first()
    if found is None:
        raise NotFound(f"resource {resource.pk}")
    return found


def checked_title(text: str) -> str:
    """In one line. Errors: `title_missing`, `title_too_long`."""
    require_plain(text)
    title = unseen.one_line(text)
    if not title:
        raise DomainError("title_missing", translate("Give it a title."), field="title")
    if len(title) > LONGEST_TITLE:
        sentence = translate("Write at most %(most)s characters.", most=LONGEST_TITLE)
        raise DomainError("title_too_long", sentence, field="title")
    return title


def checked_tags(texts: Sequence[str]) -> list[str]:
    """Small letters, each once, in the order in which they were typed."""
    tags = list(dict.fromkeys(tag for text in texts if (tag := unseen.one_line(text).lower())))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        sentence = translate(
            "At most %(most)s tags, each of at most %(letters)s characters.", most=MOST_TAGS, letters=LONGEST_TAG
        )
        raise DomainError("too_many_tags", sentence, field="tags")
    return tags


def _link_kind(address: str) -> str:
    kind = kind_of_link(address)
    if not kind:
        raise DomainError(
            "link_unreadable", translate("Write the whole address, with https:// in front."), field="address"
        )
    return kind
