"""The words of every message: which there are, and which of them the organization has changed (NOT-07)."""

from collections.abc import Iterable
from dataclasses import astuple
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branding.models import Branch
from branding.queries import active_branches, current_brand, offered_language, vocabulary
from branding.rules.vocabulary import capitalized
from core.kernel.errors import NotFound
from core.kernel.translation import translate
from core.notifications import messages
from core.notifications.messages import Channel, Message, Topic, word_variables
from core.notifications.models import OwnWords
from core.notifications.queries import versions_in_force
from core.people.roles import Permission
from portal.access import SignedInView
from portal.settings_pages import settings_menu

ICONS = {Channel.EMAIL: "mail", Channel.IN_APP: "bell", Channel.PUSH: "smartphone", Channel.SMS: "message-square"}


class MessageListView(SignedInView):
    """Every message, by what it is about, with the state of its words in each language."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        query, only = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
        branch = asked_branch(request)
        known = versions_in_force(branch)
        rows = [_row(message, known, branch) for message in messages.registered()]
        found = [row for row in rows if _is_found(row, query) and (only != "changed" or row["is_changed"])]
        context = {
            "groups": _groups(found),
            "query": query,
            "state": only,
            "states": _states(only, query, branch),
            "branch": branch,
            "branches": branch_choices(branch),
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
        """The one asked for, else the reader's, where the organization offers it."""
        asked = self.request.GET.get("language", "")
        return asked if asked in offered() else language_to_open()

    @property
    def branch(self) -> Branch | None:
        """Whose words: of a branch that is met, or of the organization."""
        return asked_branch(self.request)

    def address(self, name: str = "message", *more: Any) -> str:
        """The address of a page about this message in this language, of the same branch."""
        return message_url(self.message, self.language, name, *more, branch=self.branch)


def asked_branch(request: HttpRequest) -> Branch | None:
    """The branch that the address names, if it is met. NotFound for any other."""
    asked = request.GET.get("branch", "")
    if not asked:
        return None
    found = next((branch for key, branch in active_branches().items() if str(key) == asked), None)
    if found is None:
        raise NotFound
    return found


def branch_choices(chosen: Branch | None) -> list[dict[str, Any]]:
    """Whose words can be written; nothing without branches."""
    found = [
        {"key": str(key), "label": branch.label, "chosen": chosen is not None and chosen.pk == key}
        for key, branch in active_branches().items()
    ]
    return [{"key": "", "label": _("Everywhere"), "chosen": chosen is None}, *found] if found else []


def offered() -> list[str]:
    """The languages in which messages go out."""
    return list(current_brand().languages) or ["en"]


def language_to_open() -> str:
    """In which language a message is shown to whoever asks for none: their own, else the organization's first."""
    return offered_language(get_language() or "")


def message_url(
    message: Message, language: str, name: str = "message", *more: Any, branch: Branch | None = None
) -> str:
    """The address of a page about a message in a language."""
    path = reverse(f"settings:{name}", args=[message.channel.value, message.code, *more])
    return f"{path}?language={language}" + (f"&branch={branch.pk}" if branch else "")


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


def _row(message: Message, known: dict[tuple[str, str, str], OwnWords], branch: Branch | None) -> dict[str, Any]:
    names = dict(settings.LANGUAGES)
    states = []
    for language in offered():
        version = known.get((message.channel.value, message.code, language))
        own = version if version is not None and not version.is_standard else None
        states.append(
            {
                "language": names.get(language, language),
                "version": own,
                "url": message_url(message, language, branch=branch),
            }
        )
    return {
        "message": message,
        "name": translate(message.name),
        "about": translate(message.about),
        "icon": ICONS[message.channel],
        "channel": message.channel.label,
        "url": message_url(message, language_to_open(), branch=branch),
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


def _states(only: str, query: str, branch: Branch | None) -> list[dict[str, Any]]:
    kept = {"q": query} if query else {}
    if branch is not None:
        kept["branch"] = str(branch.pk)
    return [
        {
            "label": label,
            "url": "?" + urlencode({**kept, **({"state": code} if code else {})}),
            "current": code == only,
        }
        for code, label in (("", _("All")), ("changed", _("Changed")))
    ]
