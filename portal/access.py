"""Who may reach a page at all. Rights over things are decided behind doors, not here."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views import View

from core.people.models import User
from core.people.roles import Permission
from portal.open_texts import ask_first
from portal.second_factor import factor_first
from portal.sign_in_first import sign_in_first


class SignedInView(LoginRequiredMixin, View):
    """A page for people with a login; `self.user` is the person. With `needs`, only for roles that carry the permission."""

    needs: Permission | None = None
    request: HttpRequest

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and self.needs is not None and not request.user.may(self.needs):  # type: ignore[union-attr]
            raise PermissionDenied
        if request.user.is_authenticated and (asked := factor_first(request) or ask_first(request)) is not None:
            return asked
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def handle_no_permission(self) -> HttpResponse:  # type: ignore[override]
        return sign_in_first(self.request)
