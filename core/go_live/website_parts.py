"""Pages of the website in the file: written and published where they say something new."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from wagtail import blocks

from branding.models import Brand
from core.go_live.report import Outcome, Report
from core.go_live.wanted import PageWanted, PageWordsWanted
from core.kernel.audit import System
from core.kernel.errors import DomainError
from core.pages import actions, queries
from core.pages.actions.drafts import checked
from core.pages.addresses import SIGN_IN, is_address
from core.pages.models import HomePage, SitePage
from core.pages.sections import KINDS, PictureBlock, TargetBlock


def page(wanted: PageWanted, report: Report, part: str) -> None:
    """One page below the front page, or that itself. What it says in a language that the file leaves out stays.

    Whether it is in the menu changes only where the file says so. Errors: `draft_waits`, because nobody's draft is published by this; `page_hidden`.
    """
    brand = Brand.objects.get(is_current=True)
    if unknown := sorted(set(wanted.texts) - set(dict(settings.LANGUAGES))):
        raise DomainError("language_unknown", f"Not offered: {', '.join(unknown)}.", field="texts")
    by, shown = System(brand.name), f"/{wanted.address}/" if wanted.address else "/"
    words = {language: _words(text, f"texts.{language}") for language, text in wanted.texts.items()}
    known = _known(wanted.address)
    if known is not None:
        _refuse_unpublished(known)
        changes_menu = _changes_menu(known, wanted)
        if _says(known, words) and not changes_menu:
            report.add(part, Outcome.SAME, shown)
            return
        if changes_menu:
            _put_in_menu(known, wanted, words, brand.language, by=by)
    written = known or _added(wanted, words, brand.language, by=by)
    actions.write_page(page=written, words=words, by=by)
    actions.publish_page(page=written, by=by)
    report.add(part, Outcome.MADE if known is None else Outcome.CHANGED, shown)


def _refuse_unpublished(known: Any) -> None:
    """What readers do not see as it was written last is somebody's to publish."""
    if known.live and not known.has_unpublished_changes:
        return
    if queries.goes_live_at(known) is not None:
        message = (
            "A draft of it is published by itself later. Publish it now or take its date away, then run this again."
        )
    elif known.live or known.first_published_at is None:
        message = (
            "Somebody has written a draft of it. Publish it, or an earlier version in its place, then run this again."
        )
    else:
        message = "The page was taken off the website. Publish it or delete it, then run this again."
        raise DomainError("page_hidden", message, field="texts")
    raise DomainError("draft_waits", message, field="texts")


def _changes_menu(known: Any, wanted: PageWanted) -> bool:
    """Whether the file says that it is in the menu, or is not, and it is otherwise. The front page is always."""
    is_said = bool(wanted.address) and "in_menu" in wanted.model_fields_set
    return is_said and known.show_in_menus != wanted.in_menu


def _put_in_menu(
    known: Any, wanted: PageWanted, words: Mapping[str, actions.PageWords], main: str, *, by: System
) -> None:
    language = main if main in words else next(iter(words))
    said = words[language]
    actions.change_page(
        page=known,
        language=language,
        title=said.title,
        description=said.description,
        by=by,
        show_in_menus=wanted.in_menu,
    )


def _known(address: str) -> Any:
    front = queries.home()
    if front is None:
        raise DomainError("site_missing", "This organization has no website.")
    if not address:
        return front
    return SitePage.objects.child_of(front).filter(slug=address.lower()).first()


def _added(wanted: PageWanted, words: Mapping[str, actions.PageWords], language: str, *, by: System) -> SitePage:
    first = words.get(language) or next(iter(words.values()))
    made = actions.add_page(
        parent=HomePage.objects.get(), title=first.title, slug=wanted.address.lower(), language=language, by=by
    )
    if not wanted.in_menu:
        actions.change_page(page=made, language=language, title=first.title, description="", by=by, show_in_menus=False)
    return made


def _words(wanted: PageWordsWanted, field: str) -> actions.PageWords:
    sections = [_section(section, f"{field}.sections.{number}") for number, section in enumerate(wanted.sections)]
    return actions.PageWords(wanted.title, wanted.description, sections)


def _section(wanted: Mapping[str, Any], field: str) -> dict[str, Any]:
    """A section as the actions take it, with every misspelt name refused: the editor's fields would leave it out in silence."""
    kind = wanted.get("type")
    if kind not in KINDS:
        raise DomainError("section_unknown", f"There is no section “{kind}”. Known: {', '.join(KINDS)}.", field=field)
    given = {name: value for name, value in wanted.items() if name != "type"}
    fields = KINDS[kind].child_blocks
    _refuse_unknown(given, fields, field)
    value: dict[str, Any] = {name: given.get(name, child.get_default()) for name, child in fields.items()}
    for name, child in fields.items():
        if isinstance(child, PictureBlock) and given.get(name):
            raise DomainError("picture_here", "Pictures are chosen on the page's own editor.", field=f"{field}.{name}")
        if isinstance(child, TargetBlock) and value[name] and value[name] != SIGN_IN and not is_address(value[name]):
            message = "Write “sign-in”, or an address like https://example.com/ or /contact/."
            raise DomainError("address_invalid", message, field=f"{field}.{name}")
        if isinstance(child, blocks.ListBlock):
            value[name] = _items(given.get(name) or [], child, f"{field}.{name}")
    return {"type": kind, "value": value}


def _items(given: Any, child: blocks.ListBlock, field: str) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise DomainError("items_invalid", "Write a list of items.", field=field)
    parts = child.child_block.child_blocks
    for number, item in enumerate(given):
        _refuse_unknown(item, parts, f"{field}.{number}")
    return [
        {"type": "item", "value": {name: item.get(name, part.get_default()) for name, part in parts.items()}}
        for item in given
    ]


def _refuse_unknown(given: Mapping[str, Any], known: Iterable[str], field: str) -> None:
    if unknown := sorted(set(given) - set(known)):
        message = f"Not known here: {', '.join(unknown)}. Known: {', '.join(known)}."
        raise DomainError("field_unknown", message, field=field)


def _says(page: Any, words: Mapping[str, actions.PageWords]) -> bool:
    """Whether the published page says just this in these languages."""
    present = {text.language: text for text in page.texts.all()}
    return all(
        (text := present.get(language)) is not None
        and (text.title, text.description) == (wanted.title, wanted.description)
        and _plain(text.parts)
        == _plain([{**each, "value": checked(each["type"], each["value"])} for each in wanted.sections])
        for language, wanted in words.items()
    )


def _plain(parts: Iterable[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """Sections without the ids that each has anew."""
    return [(part["type"], {name: _bare(value) for name, value in part["value"].items()}) for part in parts]


def _bare(value: Any) -> Any:
    return [item["value"] for item in value] if isinstance(value, list) else value
