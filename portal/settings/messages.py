"""The words of every message: which there are, and which of them the organization has changed (NOT-07)."""

from collections.abc import Iterable
from dataclasses import astuple
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from branding.queries import current_brand, vocabulary
from branding.rules.vocabulary import capitalized
from core.kernel.errors import NotFound
from core.kernel.translation import translate
from core.notifications import messages
from core.notifications.messages import Channel, Message, Topic, word_variables
from core.notifications.models import MessageVersion
from core.notifications.queries import versions_in_force
from core.people.roles import Permission
from portal.access import SignedInView
from portal.settings_pages import settings_menu

ICONS = {Channel.EMAIL: "mail", Channel.IN_APP: "bell"}


class MessageListView(SignedInView):
    """Every message, by what it is about, with the state of its words in each language."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        query, only = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
        known = versions_in_force()
        rows = [_row(message, known) for message in messages.registered()]
        found = [row for row in rows if _is_found(row, query) and (only != "changed" or row["is_changed"])]
        context = {
            "groups": _groups(found),
            "query": query,
            "state": only,
            "states": _states(only, query),
            "settings_menu": settings_menu(request),
        }
        return render(request, "settings/messages.html", context)


class MessageMixin:
    """Pages about one message in one of the organization's languages."""

    needs = Permission.MANAGE_ORGANIZATION
    request: HttpRequest
    message: Message

    def load(self, channel: str, code: str, **_rest: Any) -> None:
        """The message with this channel and code; NotFound where there is none."""
        found = messages.find(channel, code)
        if found is None:
            raise NotFound
        self.message = found

    @property
    def language(self) -> str:
        """The one asked for, where the organization offers it."""
        asked, languages = self.request.GET.get("language", ""), offered()
        return asked if asked in languages else languages[0]

    def address(self, name: str = "message", *more: Any) -> str:
        """The address of a page about this message in this language."""
        return message_url(self.message, self.language, name, *more)


def offered() -> list[str]:
    """The languages in which messages go out."""
    return list(current_brand().languages) or ["en"]


def message_url(message: Message, language: str, name: str = "message", *more: Any) -> str:
    """The address of a page about a message in a language."""
    path = reverse(f"settings:{name}", args=[message.channel.value, message.code, *more])
    return f"{path}?language={language}"


def variables_of(message: Message, language: str) -> list[dict[str, Any]]:
    """What the words can speak of, for the picker: how it is written, what it means, and whether it may be empty."""
    found = [
        _variable(each.name, translate(each.meaning), each.may_be_empty, each.can_be_written)
        for each in message.variables
    ]
    words = vocabulary(language)
    for term in message.words:
        for name, (plural, cap) in word_variables(term).items():
            word = words.get(term, plural=plural)
            meaning = _("Your word for it: %(word)s") % {"word": capitalized(word) if cap else word}
            found.append(_variable(name, meaning, False, True))
    return found


def _variable(name: str, meaning: str, may_be_empty: bool, can_be_written: bool) -> dict[str, Any]:
    written = f"{{{{ {name} }}}}" if can_be_written else "…"
    part = f"{{% if {name} %}}{written}{{% endif %}}"
    return {
        "code": f"{{{{ {name} }}}}" if can_be_written and not may_be_empty else part,
        "meaning": meaning,
        "may_be_empty": may_be_empty,
    }


def _row(message: Message, known: dict[tuple[str, str, str], MessageVersion]) -> dict[str, Any]:
    names = dict(settings.LANGUAGES)
    states = []
    for language in offered():
        version = known.get((message.channel.value, message.code, language))
        own = version if version is not None and not version.is_standard else None
        states.append(
            {"language": names.get(language, language), "version": own, "url": message_url(message, language)}
        )
    return {
        "message": message,
        "name": translate(message.name),
        "about": translate(message.about),
        "icon": ICONS[message.channel],
        "channel": message.channel.label,
        "url": message_url(message, offered()[0]),
        "states": states,
        "is_changed": any(state["version"] for state in states),
    }


def _is_found(row: dict[str, Any], query: str) -> bool:
    """Whether every word of the query stands in what the row shows, or in the standard words."""
    message: Message = row["message"]
    shown = [row["name"], row["about"], row["channel"], message.topic.label, *astuple(message.standard())]
    text = " ".join(shown).casefold()
    return all(word in text for word in query.casefold().split())


def _groups(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[Topic, list[dict[str, Any]]] = {topic: [] for topic in Topic}
    for row in rows:
        found[row["message"].topic].append(row)
    return [{"label": topic.label, "rows": theirs} for topic, theirs in found.items() if theirs]


def _states(only: str, query: str) -> list[dict[str, Any]]:
    kept = {"q": query} if query else {}
    return [
        {
            "label": label,
            "url": "?" + urlencode({**kept, **({"state": code} if code else {})}),
            "current": code == only,
        }
        for code, label in (("", _("All")), ("changed", _("Changed")))
    ]
