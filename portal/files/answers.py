"""What lies in the store as an answer, whole or the part that is asked for (RFC 9110, section 14): seeking works, and nothing is held in memory.

The view that calls this has opened its own door before. Nothing of a file runs on the organization's host: it comes with its own type, or as
bytes to be saved; the browser may not guess another one; and opened by its address it is in a sandbox that may do nothing.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.files.actions.files import infected
from core.files.contents import opened
from core.files.models import Rendition, StoredFile
from core.files.rules.file_types import OCTETS, Kind
from core.kernel.encryption import InvalidToken
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate

logger = logging.getLogger(__name__)
PIECE = 256 * 1024  # bytes
NOT_KEPT, ASKED_AGAIN = "private, no-store", "private, no-cache"
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
# What browsers show without running anything of it. Everything else is saved.
SHOWN = frozenset({Kind.PICTURE, Kind.PDF, Kind.AUDIO, Kind.VIDEO})
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


class Unsatisfiable(Exception):
    """The part lies outside the file."""


def file_answer(request: HttpRequest, file: StoredFile, *, download: bool = False) -> HttpResponseBase:
    """The file as it came, under its own name when it is to be saved. Errors: `file_checking`, `file_infected`, `file_unreadable`."""
    if file.state == StoredFile.State.INFECTED:
        raise infected(file)
    if not file.is_ready:
        sentence = translate("The file is being looked through for viruses. Try again in a moment.")
        raise ConflictError("file_checking", sentence)
    saved = download or file.kind not in SHOWN
    return stored_answer(
        request,
        source=lambda start: _opened(file, start),
        size=file.size,
        etag=file.stored_as.rpartition("/")[2],
        content_type=OCTETS if saved else file.type.content_type,
        disposition=content_disposition_header(saved, file.name) or "",
    )


def _opened(file: StoredFile, start: int) -> Any:
    try:
        return opened(file, start=start)
    except (InvalidToken, OSError) as error:  # its key is not known, or its bytes are not where they should be
        logger.exception("file %s cannot be read", file.pk)
        sentence = translate("The file cannot be read at the moment. Tell whoever looks after the server.")
        raise DomainError("file_unreadable", sentence) from error


def rendition_answer(request: HttpRequest, rendition: Rendition, *, cache: str = NOT_KEPT) -> HttpResponseBase:
    """A smaller picture of it, which the product has made; with `cache=ASKED_AGAIN` the browser may keep it."""
    return stored_answer(
        request,
        source=lambda start: opened(rendition, start=start),
        size=rendition.size,
        etag=rendition.stored_as.rpartition("/")[2],
        content_type="image/webp",
        disposition="inline",
        cache=cache,
    )


def stored_answer(
    request: HttpRequest,
    *,
    source: Callable[[int], Any],
    size: int,
    etag: str,
    content_type: str,
    disposition: str,
    cache: str = NOT_KEPT,
) -> HttpResponseBase:
    """So many bytes from `source(start)`, which gives something to read and to close, with or without an organization in force."""
    quoted = f'"{etag}"'
    common = {"Cache-Control": cache, "ETag": quoted, "Content-Security-Policy": SANDBOX}
    if request.headers.get("If-None-Match", "") == quoted:
        return HttpResponse(status=304, headers=common)
    try:
        part = asked_part(request.headers.get("Range", ""), request.headers.get("If-Range", quoted), quoted, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part or (0, size - 1)
    headers = {
        **common,
        "Content-Type": content_type,
        "Content-Length": str(end - start + 1),
        "Content-Disposition": disposition,
        "Accept-Ranges": "bytes",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if part:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    content = source(start)  # here, because the organization is no longer in force while the answer is sent
    answer = StreamingHttpResponse(_pieces(content, end - start + 1), status=206 if part else 200, headers=headers)
    answer._resource_closers.append(content.close)  # also when nobody reads to the end; as FileResponse does
    return answer


def asked_part(asked: str, condition: str, etag: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one part that was asked for; None for the whole file. Several parts at once are answered by the whole."""
    found = _ONE_RANGE.match(asked.strip())
    if found is None or condition != etag or found.group() == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if start >= size or end < start:
        raise Unsatisfiable
    return start, end


async def _pieces(content: Any, length: int) -> AsyncIterator[bytes]:
    """Read in threads, because neither a disk nor a store waits politely for the loop."""
    while length > 0 and (piece := await asyncio.to_thread(content.read, min(PIECE, length))):
        length -= len(piece)
        yield piece
