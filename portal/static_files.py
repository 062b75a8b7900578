"""The house's own files.

ServeStatic is asynchronous and stands between middleware that is not: each page would go into its event loop and out of it again, from thread to
thread. Only files go through it here.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from servestatic.middleware import ServeStaticMiddleware


class StaticFilesMiddleware:
    """Answers addresses below `STATIC_URL`, where a file is there; everything else goes on as it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._file: Any = async_to_sync(ServeStaticMiddleware(_missing))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        try:
            return self._file(request)  # type: ignore[no-any-return]
        except Http404:
            return self.get_response(request)


async def _missing(_request: HttpRequest) -> HttpResponseBase:
    raise Http404
