"""A stored video as an answer, whole or the part that a player asks for (RFC 9110, section 14): seeking works, and nothing is held in memory."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from tenants.storage import open_at

PIECE = 256 * 1024  # bytes
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


class Unsatisfiable(Exception):
    """The part lies outside the file."""


def video_answer(request: HttpRequest, *, name: str, size: int, etag: str, download: str = "") -> HttpResponseBase:
    """The stored file `name` of `size` bytes; under the name `download` when it is to be kept by the reader."""
    quoted = f'"{etag}"'
    try:
        part = asked_part(request.headers.get("Range", ""), request.headers.get("If-Range", quoted), quoted, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part or (0, size - 1)
    headers = {
        "Content-Type": "video/mp4",
        "Content-Length": str(end - start + 1),
        "Content-Disposition": f'{"attachment" if download else "inline"}; filename="{download or "video.mp4"}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "ETag": quoted,
    }
    if part:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    file = open_at(name, start)  # here, because the organization is no longer in force while the answer is sent
    answer = StreamingHttpResponse(_pieces(file, end - start + 1), status=206 if part else 200, headers=headers)
    answer._resource_closers.append(file.close)  # also when nobody reads to the end; as FileResponse does
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


async def _pieces(file: Any, length: int) -> AsyncIterator[bytes]:
    """Read in threads, because neither a disk nor a store waits politely for the loop."""
    while length > 0 and (piece := await asyncio.to_thread(file.read, min(PIECE, length))):
        length -= len(piece)
        yield piece
