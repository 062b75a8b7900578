"""Sentences that are written with the neutral nouns, in the organization's own."""

from typing import Any

from django import template

from core.kernel.translation import in_own_words

register = template.Library()


@register.simple_tag
def own_words(sentence: Any) -> str:
    """`{% own_words row.reason %}`: "per lesson" where the sentence says "per appointment"."""
    return in_own_words(str(sentence))
