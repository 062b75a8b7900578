"""What an app adds to the portal, in one object: `MANIFEST` in `portal/<app>/manifest.py`, or in `<app>/manifest.py` of a bolt-on app.

A bolt-on is an installed app with such a module; nothing else in the product knows of it. All manifests are read once at start-up. What two
apps name alike stops the start at once; what a page would trip over (a URL name, a template, a permission that does not exist) is a system
check. Entries of one kind are ordered by `position` over all apps.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from pkgutil import iter_modules
from typing import Any, Protocol, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

import portal
from branding.rules import nouns
from core.files import purposes
from core.files.purposes import Purpose
from core.kernel import audit, reasons
from core.notifications import layout, messages
from core.notifications.messages import Content, Message
from core.people import deletion
from core.people.models import Client, User
from core.people.roles import Permission
from portal.panels import Panel
from portal.setup_steps import SetupStep
from portal.work_tabs import WorkTab
from tenants import nightly_jobs
from tenants.nightly_jobs import Job as NightlyJob

T = TypeVar("T", bound="Positioned")
MessagePreview = Callable[[User], Content | None]
LookSample = Callable[[HttpRequest], dict[str, Any]]
FootLinks = layout.FootLinks


class Positioned(Protocol):
    """Whatever stands among others of its kind."""

    @property
    def position(self) -> int: ...


@dataclass(frozen=True, slots=True)
class EntryName:
    """The name of an entry: as a heading, and as short as the phone's bar needs it (empty: the same)."""

    heading: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the side navigation, for whom `allowed` says.

    `term` names a noun of the vocabulary (shown in the plural), `label` is for what has none; `name` is for what is called differently by reader.
    `entrance` gives the address of the first page of a section that this person may open; everything below `url_name` belongs to the section.
    """

    url_name: str
    icon: str
    position: int
    allowed: Callable[[User], bool]
    label: Any = ""
    term: str = ""
    name: Callable[[User, Any], Any] | None = None
    group: str = ""
    entrance: Callable[[User], str] | None = None


class SettingsGroup(TextChoices):
    """Under which heading of the settings' menu a page stands, in order."""

    LOOK = "look", _("Look and words")
    PRACTICE = "practice", _("How you work")
    REACH = "reach", _("Web and mail")
    OVERSIGHT = "oversight", _("Oversight")


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page of the settings, for roles with the permission."""

    url_name: str
    label: Any
    position: int
    permission: Permission
    group: SettingsGroup


@dataclass(frozen=True, slots=True)
class ClientTab:
    """One tab of a client's page; the URL takes the client's id."""

    url_name: str
    position: int
    allowed: Callable[[User, Client], bool]
    label: Any = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class DashboardCard:
    """What an app shows on the signed-in home; `panel` returns None when it has nothing for this person. `template` is the one it shows."""

    panel: Callable[[HttpRequest], Panel | None]
    template: str
    position: int


@dataclass(frozen=True, slots=True)
class ClientPanel:
    """What an app shows on a client's page, as `DashboardCard`."""

    panel: Callable[[HttpRequest, Client], Panel | None]
    template: str
    position: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that one app adds.

    `setup_steps` are what an organization does before it is live; `permissions` are those that its pages ask for; `vocabulary` maps a new
    noun to its words by preset and language; `messages` are those that it sends, and `message_previews` what each would say about the latest
    thing that somebody may see, or None; `nightly_jobs` run once a night in each organization, with `now`, and `long_nightly_jobs` after
    those of all organizations; a deletion guard returns the sentence that speaks against deleting a client, or None; `help` maps the
    beginning of a page's URL name to the addresses of the help articles that fit it, the best first; `look_samples` are what the template
    of a sample in the brand studio shows; `work_tabs` stand beside the pictures of a live room; `mail_foot` gives links that stand at the
    foot of every mail, in the language in force; `upload_purposes` are what people bring files for.
    """

    app: str
    navigation: tuple[NavigationEntry, ...] = ()
    settings_pages: tuple[SettingsPage, ...] = ()
    client_tabs: tuple[ClientTab, ...] = ()
    client_panels: tuple[ClientPanel, ...] = ()
    dashboard_cards: tuple[DashboardCard, ...] = ()
    setup_steps: tuple[SetupStep, ...] = ()
    deletion_guards: tuple[Callable[[Client], str | None], ...] = ()
    audit_codes: tuple[type[audit.AuditCode], ...] = ()
    reason_codes: tuple[type[reasons.ReasonCode], ...] = ()
    permissions: tuple[Permission, ...] = ()
    vocabulary: Mapping[str, Mapping[str, Mapping[str, nouns.Noun]]] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    message_previews: Mapping[Message, MessagePreview] = field(default_factory=dict)
    nightly_jobs: tuple[NightlyJob, ...] = ()
    long_nightly_jobs: tuple[NightlyJob, ...] = ()
    help: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    look_samples: Mapping[str, LookSample] = field(default_factory=dict)
    work_tabs: tuple[WorkTab, ...] = ()
    mail_foot: FootLinks | None = None
    upload_purposes: tuple[Purpose, ...] = ()


_manifests: list[Manifest] = []


def load() -> None:
    """Read every manifest and hand its parts to whom they concern. Called once, when all apps are there."""
    for module in manifest_modules(config.name for config in apps.get_app_configs()):
        register(import_module(module).MANIFEST)


def register(manifest: Manifest) -> None:
    """Add one app. ImproperlyConfigured when another one has its name, or something of it."""
    if manifest.app in {other.app for other in _manifests}:
        raise ImproperlyConfigured(f"two manifests call their app {manifest.app}")
    try:
        for codes in manifest.audit_codes:
            audit.register(codes)
        for reason_codes in manifest.reason_codes:
            reasons.register(reason_codes)
        for key, presets in manifest.vocabulary.items():
            nouns.register(key, presets)
        for message in manifest.messages:
            messages.register(message)
        for purpose in manifest.upload_purposes:
            purposes.register(purpose)
    except RuntimeError as error:
        raise ImproperlyConfigured(f"{manifest.app}: {error}") from error
    for guard in manifest.deletion_guards:
        deletion.register(guard)
    if manifest.mail_foot is not None:
        layout.register_foot(manifest.mail_foot)
    for job in manifest.nightly_jobs:
        nightly_jobs.register(job)
    for job in manifest.long_nightly_jobs:
        nightly_jobs.register(job, is_long=True)
    _manifests.append(manifest)


def registered() -> tuple[Manifest, ...]:
    """Every app's manifest."""
    return tuple(_manifests)


def navigation() -> list[NavigationEntry]:
    return _in_order(manifest.navigation for manifest in _manifests)


def settings_pages() -> list[SettingsPage]:
    return _in_order(manifest.settings_pages for manifest in _manifests)


def client_tabs() -> list[ClientTab]:
    return _in_order(manifest.client_tabs for manifest in _manifests)


def client_panels() -> list[ClientPanel]:
    return _in_order(manifest.client_panels for manifest in _manifests)


def dashboard_cards() -> list[DashboardCard]:
    return _in_order(manifest.dashboard_cards for manifest in _manifests)


def work_tabs() -> list[WorkTab]:
    return _in_order(manifest.work_tabs for manifest in _manifests)


def setup_steps() -> list[SetupStep]:
    return _in_order(manifest.setup_steps for manifest in _manifests)


def message_preview(message: Message) -> MessagePreview | None:
    """What makes the message's content of something real, if its app can."""
    return next((each.message_previews[message] for each in _manifests if message in each.message_previews), None)


def look_sample(sample: str) -> LookSample | None:
    """What a sample in the brand studio shows, if an app draws it."""
    return next((each.look_samples[sample] for each in _manifests if sample in each.look_samples), None)


def help_for(view_name: str) -> tuple[str, ...]:
    """The addresses of the help articles that fit a page; those of the longest beginning of its URL name that an app has named."""
    fitting = {name: slugs for each in _manifests for name, slugs in each.help.items() if view_name.startswith(name)}
    return fitting[max(fitting, key=len)] if fitting else ()


def _in_order(parts: Iterable[Iterable[T]]) -> list[T]:
    return sorted((entry for part in parts for entry in part), key=attrgetter("position"))


def manifest_modules(app_names: Iterable[str]) -> Iterator[str]:
    """Where manifests are: in the portal's apps, then in those of the apps that have one."""
    apps = [f"portal.{found.name}" for found in iter_modules(portal.__path__) if found.ispkg]
    for package in dict.fromkeys((*apps, *app_names)):
        if find_spec(f"{package}.manifest") is not None:
            yield f"{package}.manifest"
