"""Sentences that are written with the neutral nouns, in the organization's own."""

from typing import Any

from django import template
from django.template.context import Context

from portal.people.sentences import in_own_words

register = template.Library()


@register.simple_tag(takes_context=True)
def own_words(context: Context, sentence: Any) -> str:
    """`{% own_words row.reason %}`: "per lesson" where the sentence says "per appointment"."""
    return in_own_words(str(sentence), context.get("vocabulary"))
