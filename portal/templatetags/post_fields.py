"""The hidden fields of every form that is posted, written by `{% csrf_token %}` itself, so that no form can be without them.

Besides the token against forged requests: the key by which the form is carried out once (`portal/once.py`), and what the form was made from
(`portal/versions.py`), where its page knows it.
"""

from django import template
from django.http import HttpRequest
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.kernel import sent_forms
from portal import once, versions

register = template.Library()


class PostFieldsNode(CsrfTokenNode):
    """Django's field, and ours for whoever is signed in."""

    def render(self, context: Context) -> SafeString:
        """The fields, hidden."""
        token, request = super().render(context), context.get("request")
        if request is None or not _is_signed_in(request):
            return token
        return token + _hidden(once.FIELD, sent_forms.new_key()) + _hidden(versions.FIELD, versions.of_page(request))


@register.tag("csrf_token")
def post_fields(parser: Parser, token: Token) -> PostFieldsNode:
    """In place of Django's own tag."""
    return PostFieldsNode()


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return hasattr(request, "operator") or bool(user and user.is_authenticated)


def _hidden(name: str, value: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value) if value else SafeString()
