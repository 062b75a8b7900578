"""`{% term "client" %}`: the organization's own noun, from the page, the request or the neutral words."""

from typing import Any

from django.template.context import Context
from django.utils.translation import get_language

from branding.rules.vocabulary import Vocabulary, capitalized


def term_for(context: Context, key: str, plural: bool = False, cap: bool = False, article: str = "") -> str:
    """The noun for `key`; `article` is "a" or "the" to have one before it. UnknownTerm for a key that is no term."""
    words = vocabulary_of(context)
    if article:
        noun = words.with_article(key, definite=article == "the", plural=plural)
    else:
        noun = words.get(key, plural=plural)
    return capitalized(noun) if cap else noun


def vocabulary_of(context: Context) -> Any:
    """The vocabulary of the page: an object with `get(key, plural=…)` and `with_article(key, …)`."""
    found = context.get("vocabulary") or getattr(context.get("request"), "vocabulary", None)
    return found or Vocabulary(language=get_language() or "en")
