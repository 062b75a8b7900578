"""What the pages of appointments show of the waiting list."""

from django import template
from django.template.context import Context

from core.waiting_list.permissions import has_waiting_list

register = template.Library()


@register.simple_tag(takes_context=True)
def shows_waiting_list(context: Context) -> bool:
    """Whether the list says anything to this person."""
    return has_waiting_list(context["request"].user)
