"""System checks of the manifests: what a page would trip over stops start-up instead."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver

from core.help.starters import starter
from core.notifications import messages
from core.people.roles import Permission
from core.setup.models import GUIDE
from portal import manifests
from portal.manifests import Manifest


@register()
def manifests_are_whole(**_: Any) -> list[Error]:
    """Every URL name, template and permission that a manifest names exists, no page is entered twice, and every message is in a manifest."""
    return [
        error
        for manifest in manifests.registered()
        for error in (
            *_urls(manifest),
            *_templates(manifest),
            *_modules(manifest),
            *_permissions(manifest),
            *_help(manifest),
        )
    ] + [*_twice(), *_messages()]


def _urls(manifest: Manifest) -> Iterator[Error]:
    for entry in (*manifest.navigation, *manifest.settings_pages, *manifest.client_tabs, *manifest.setup_steps):
        if not _is_url_name(entry.url_name):
            yield Error(f"{manifest.app}: there is no URL named {entry.url_name}.", id="portal.E001")


def _templates(manifest: Manifest) -> Iterator[Error]:
    names = [panel.template for panel in (*manifest.dashboard_cards, *manifest.client_panels)]
    for name in (*names, *(tab.template for tab in manifest.work_tabs if tab.template)):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield Error(f"{manifest.app}: there is no template {name}.", id="portal.E002")


def _modules(manifest: Manifest) -> Iterator[Error]:
    for tab in manifest.work_tabs:
        if finders.find(tab.module) is None:
            yield Error(f"{manifest.app}: there is no script {tab.module}.", id="portal.E009")


def _permissions(manifest: Manifest) -> Iterator[Error]:
    for permission in (
        *manifest.permissions,
        *(page.permission for page in (*manifest.settings_pages, *manifest.setup_steps)),
    ):
        if permission not in set(Permission):
            yield Error(f"{manifest.app}: there is no permission {permission}.", id="portal.E003")


def _help(manifest: Manifest) -> Iterator[Error]:
    """Help articles of the product that a manifest names exist."""
    for slug in sorted({slug for slugs in manifest.help.values() for slug in slugs}):
        if starter(slug) is None:
            yield Error(f"{manifest.app}: there is no help article {slug}.", id="portal.E008")


def _twice() -> Iterator[Error]:
    for entries in (manifests.navigation(), manifests.settings_pages(), manifests.client_tabs()):
        for url_name, number in Counter(entry.url_name for entry in entries).items():
            if number > 1:
                yield Error(f"{url_name} is entered {number} times.", id="portal.E004")

    for name, number in Counter(tab.name for tab in manifests.work_tabs()).items():
        if number > 1:
            yield Error(f"{number} tabs of the work area are called {name}.", id="portal.E010")

    for key, number in Counter(step.key for step in manifests.setup_steps()).items():
        if number > 1 or key == GUIDE:
            yield Error(f"{number} steps of the setup guide are called {key}.", id="portal.E008")


def _messages() -> Iterator[Error]:
    """A message can be sent only if some app has made it, and edited only if a manifest hands it over: both are the same messages."""
    declared = set(messages.registered())
    for message in messages.made():
        if message not in declared:
            yield Error(f"The message {message} is in no manifest.", id="portal.E005")
    for message in declared:
        for part, written in ((part, getattr(message, part)) for part in message.parts):
            if not written and part not in message.optional_parts:
                yield Error(f"The message {message} has no {part}.", id="portal.E006")
        own = [each.name for each in message.own_variables]
        if len(own) != len(set(own)) or any(
            not each.sample and not each.may_be_empty for each in message.own_variables
        ):
            yield Error(f"The message {message} has a variable twice, or one without a sample.", id="portal.E007")


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
