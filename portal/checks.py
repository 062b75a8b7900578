"""System checks of the manifests: what a page would trip over stops start-up instead."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver

from core.people.roles import Permission
from portal import manifests
from portal.manifests import Manifest


@register()
def manifests_are_whole(**_: Any) -> list[Error]:
    """Every URL name, template and permission that a manifest names exists, and no page is entered twice."""
    return [
        error
        for manifest in manifests.registered()
        for error in (*_urls(manifest), *_templates(manifest), *_permissions(manifest))
    ] + list(_twice())


def _urls(manifest: Manifest) -> Iterator[Error]:
    for entry in (*manifest.navigation, *manifest.settings_pages, *manifest.client_tabs):
        if not _is_url_name(entry.url_name):
            yield Error(f"{manifest.app}: there is no URL named {entry.url_name}.", id="portal.E001")


def _templates(manifest: Manifest) -> Iterator[Error]:
    mails = [name for mail in manifest.mails for name in (mail, str(PurePosixPath(mail).with_suffix(".txt")))]
    panels = [panel.template for panel in (*manifest.dashboard_cards, *manifest.client_panels)]
    for name in (*panels, *mails):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield Error(f"{manifest.app}: there is no template {name}.", id="portal.E002")


def _permissions(manifest: Manifest) -> Iterator[Error]:
    for permission in (*manifest.permissions, *(page.permission for page in manifest.settings_pages)):
        if permission not in set(Permission):
            yield Error(f"{manifest.app}: there is no permission {permission}.", id="portal.E003")


def _twice() -> Iterator[Error]:
    for entries in (manifests.navigation(), manifests.settings_pages(), manifests.client_tabs()):
        for url_name, number in Counter(entry.url_name for entry in entries).items():
            if number > 1:
                yield Error(f"{url_name} is entered {number} times.", id="portal.E004")


def _is_url_name(name: str) -> bool:
    """Whether pages of an organization's host have it, whatever its arguments."""
    resolver = get_resolver(settings.ROOT_URLCONF)
    *namespaces, last = name.split(":")
    try:
        for namespace in namespaces:
            _prefix, resolver = resolver.namespace_dict[namespace]
    except KeyError:
        return False
    return bool(resolver.reverse_dict.getlist(last))
