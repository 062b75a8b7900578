"""What other hosts answer, and what stands in where an organization cannot be asked."""

import re
from collections.abc import Iterator
from html import unescape

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.checks import Facts, Finding, check, foreign, made_of, others_in, told, vendor_in


@check("K-62", Kind.CONSOLE)
def console(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    return (Finding(answer.where, str(answer.status)) for answer in answers if answer.status != 404)


@check("K-63", *Kind)
def other_organizations(facts: Facts, captures: list[Capture]) -> Iterator[Finding]:
    for capture in captures:
        text = capture.document_facts if capture.kind == Kind.DOCUMENT else capture.text
        if capture.kind == Kind.MAIL:
            text = "\n".join((text, capture.mail_part("plain"), capture.mail_part("html")))
        yield from told(capture, others_in(facts, text))


@check("K-65", Kind.OTHER_HOST)
def other_hosts(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        moved = answer.status in (301, 308) and not foreign(facts, answer.place, answer.header("location"))
        if not moved and "noindex" not in answer.header("x-robots-tag"):
            yield Finding(answer.where, str(answer.status))


@check("K-67", Kind.FALLBACK)
def fallbacks(facts: Facts, texts: list[Capture]) -> Iterator[Finding]:
    for text in texts:
        yield from told(text, (*vendor_in(facts, text.text), *made_of(text.text)))


@check("K-38", Kind.CALL)
def calls(facts: Facts, settings: list[Capture]) -> Iterator[Finding]:
    for setting in settings:
        yield from told(setting, (*vendor_in(facts, setting.text), *made_of(setting.text)))


@check("K-31", Kind.STATEMENT)
def statements(facts: Facts, names: list[Capture]) -> Iterator[Finding]:
    for name in names:
        yield from told(name, vendor_in(facts, name.text))


@check("K-68", Kind.BRANCH)
def branches(facts: Facts, captures: list[Capture]) -> Iterator[Finding]:
    for capture in captures:
        text = unescape(capture.text).replace("\\", "")
        if capture.role not in text:
            yield Finding(capture.where, f"{capture.role}?")
        if re.search(rf"(?<!\w){re.escape(facts.name)}(?!\w)", text.replace(capture.role, "")):
            yield Finding(capture.where, facts.name)
