"""Notices: the list behind the bell, and the way to what each one is about."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.kernel.errors import NotFound
from core.notifications import notices
from core.notifications.queries import notices_of
from portal.access import SignedInView

PER_PAGE = 30


class NoticeListView(SignedInView):
    """Everything the person has been told, newest first; POST marks all as read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(notices_of(self.user.pk), PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "notifications/list.html", {"page": page})

    def post(self, request: HttpRequest) -> HttpResponse:
        notices.mark_all_read(self.user.pk)
        return redirect("notifications:list")


class NoticeView(SignedInView):
    """Opening a notice marks it as read and leads to the thing itself (NOT-10)."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        notice = notices_of(self.user.pk).filter(pk=pk).first()
        if notice is None:
            raise NotFound
        notices.mark_read(notice)
        safe = url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
        return redirect(notice.path if notice.path and safe else reverse("notifications:list"))
