"""The hidden fields of every form that is posted, written by `{% csrf_token %}` itself, so that no form can be without them.

Besides the token against forged requests: the key by which the form is carried out once (`portal/once.py`), and what the form was made from
(`portal/versions.py`), where its page knows it; and for whom it is written (`portal/kept_forms.py`).
"""

from django import template
from django.http import HttpRequest
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.kernel import sent_forms
from portal import kept_forms, once, versions

register = template.Library()


class PostFieldsNode(CsrfTokenNode):
    """Django's field, and ours for whoever is signed in."""

    def render(self, context: Context) -> SafeString:
        """The fields, hidden."""
        token, request = super().render(context), context.get("request")
        if request is None or not _is_signed_in(request):
            return token
        fields = {once.FIELD: sent_forms.new_key(), versions.FIELD: versions.of_page(request)}
        fields[kept_forms.OWNER] = kept_forms.owner_field(getattr(request, "operator", None) or request.user)
        return token + format_html_join("", '<input type="hidden" name="{}" value="{}">', _filled(fields))


@register.tag("csrf_token")
def post_fields(parser: Parser, token: Token) -> PostFieldsNode:
    """In place of Django's own tag."""
    return PostFieldsNode()


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return hasattr(request, "operator") or bool(user and user.is_authenticated)


def _filled(fields: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields.items() if value]
