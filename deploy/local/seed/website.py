"""The organization's website, made through the product's own actions: pages in two languages, articles, one draft."""

from typing import Any

from branding.queries import active_branches
from core.pages import actions, queries
from core.pages.models import HomePage
from core.people.models import User
from deploy.local.seed.pictures import landscape
from deploy.local.seed.practices import Practice
from deploy.local.seed.website_texts import DRAFTS, TEXTS

OPENED = ("services", "team", "contact", "articles")
OF_BRANCH = "limerick"  # the front page of the branch


def fill_website(practice: Practice, colors: tuple[str, str], *, by: User) -> None:
    """Every page of the practice's texts, published; the draft is not."""
    filled = {name: _picture(practice, colors, name, by) for name in ("@picture", "@second")}
    home = HomePage.objects.get()
    made: dict[str, Any] = {"home": home}
    texts = TEXTS[practice.slug]
    for slug in (*OPENED, *(key for key, language in texts if "/" in key or (key, language) == (OF_BRANCH, "en"))):
        title, _description, _parts = texts[slug, "en"]
        above, _, last = slug.rpartition("/")
        parent = made[above] if above else home
        made[slug] = actions.add_page(parent=parent, title=title, slug=last, language=practice.languages[0], by=by)
    filled["@contact"] = f"page:{made['contact'].pk}"
    for (slug, language), (title, description, parts) in texts.items():
        _write(made[slug], language, title, description, [(kind, _filled(value, filled)) for kind, value in parts], by)
    for page in made.values():
        actions.publish_page(page=page, by=by)
    if OF_BRANCH in made:
        actions.set_branches_of_front_page(page=made[OF_BRANCH], branches=active_branches().values(), by=by)
    title, slug = DRAFTS[practice.slug]
    actions.add_page(parent=home, title=title, slug=slug, language=practice.languages[0], by=by)


def _write(page: Any, language: str, title: str, description: str, parts: list[Any], by: User) -> None:
    """Replace what the page says in a language."""
    page.refresh_from_db()  # because else its first language would stand above every other
    for part in queries.text_to_write(queries.draft_of(page), language).parts:
        actions.remove_section(page=page, language=language, section=part["id"], by=by)
        page.refresh_from_db()
    for kind, value in parts:
        actions.add_section(page=page, language=language, kind=kind, value=value, by=by)
    actions.change_page(page=page, language=language, title=title, description=description, by=by)


def _filled(value: dict[str, Any], filled: dict[str, str]) -> dict[str, Any]:
    return {name: filled.get(given, given) if isinstance(given, str) else given for name, given in value.items()}


def _picture(practice: Practice, colors: tuple[str, str], name: str, by: User) -> str:
    upload = landscape(*colors, seed=f"{practice.slug}{name}")
    return str(actions.keep_picture(upload=upload, by=by).pk)
