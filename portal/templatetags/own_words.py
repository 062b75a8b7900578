"""Sentences that are written with the neutral nouns, in the organization's own."""

from typing import Any

from django import template

from core.kernel.wording import named

register = template.Library()


@register.simple_tag
def own_words(sentence: Any) -> str:
    """`{% own_words row.reason %}`: "per lesson" where the sentence says "per appointment"."""
    return named(str(sentence))
