"""The words by which people are asked, and the versions of them that were ever shown."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.utils import translation

from branding.queries import current_brand
from core.kernel.translation import translate, translate_plural
from sessions_live.models import ConsentText


def offered() -> list[str]:
    """The languages in which people can be asked."""
    return list(current_brand().languages) or ["en"]


def standard_text(*, language: str, days: int, clients_may_play: bool) -> str:
    """What everybody reads before they answer, with the organization's numbers; paragraphs with an empty line between them."""
    with translation.override(language):
        if clients_may_play:
            others = translate(
                "Whoever signs in for the one whom this %(session)s is for can play it, too. Nobody else can."
            )
        else:
            others = translate("Nobody else can play it.")
        seen = translate(
            "Who can see it: at %(organization_name)s, the person who leads this %(session)s and whoever looks after the same schedule.",
            organization_name=current_brand().name,
        )
        kept = translate_plural(
            "How long it is kept: for %(number)s day after the %(session)s.",
            "How long it is kept: for %(number)s days after the %(session)s.",
            days,
        )
        afterwards = translate("Then it is deleted by itself. A note remains that it existed, and what you answered.")
        return "\n\n".join(
            [
                translate(
                    "What is recorded: your picture, your voice and the screen that you share, from the moment at which you agree. "
                    "What is written in the chat is no part of it."
                ),
                f"{seen} {others}",
                f"{kept} {afterwards}",
                translate(
                    "You are free to say no: you stay in the %(session)s, and nothing of you is recorded. You can change your mind at any "
                    "time during the %(session)s; what was recorded until then stays in the recording."
                ),
            ]
        )


def whole_text(*, language: str, days: int, clients_may_play: bool, additions: Mapping[str, str]) -> str:
    """The standard text, and what the organization has added to it in this language."""
    standard = standard_text(language=language, days=days, clients_may_play=clients_may_play)
    return "\n\n".join(part for part in (standard, additions.get(language, "").strip()) if part)


def version_of(text: str, *, language: str, now: datetime) -> ConsentText:
    """The row that keeps exactly these words; made when they are used for the first time."""
    digest = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
    version, _ = ConsentText.objects.get_or_create(
        digest=digest, defaults={"language": language, "text": text, "first_used_at": now}
    )
    return version


def versions_in_force(
    *, days: int, clients_may_play: bool, additions: Mapping[str, str], now: datetime
) -> list[ConsentText]:
    """What people are asked by from now on, in each language that the organization offers."""
    return [
        version_of(
            whole_text(language=language, days=days, clients_may_play=clients_may_play, additions=additions),
            language=language,
            now=now,
        )
        for language in offered()
    ]
