"""A PDF with other pages: made in a process of its own, because a file may be made to hurt whoever opens it."""

import json
from collections.abc import Sequence

from core.kernel import bounded
from core.kernel.errors import DomainError
from core.kernel.translation import translate

MOST_BYTES = 80_000_000  # of both together
MEGABYTES, SECONDS, PATIENCE = 1200, 20, 60


def arranged(content: bytes, order: Sequence[int], more: bytes = b"") -> bytes:
    """The pages of `content` in this order, from 1 on, and behind them those of `more`. Errors: `pdf_too_large`, `pdf_unreadable`."""
    if len(content) + len(more) > MOST_BYTES:
        raise DomainError("pdf_too_large", translate("The PDF is too large for this. Split it before you bring it."))
    head = json.dumps({"order": list(order), "size": len(content)}).encode()
    try:
        return bounded.run(
            "core.files.page_program:arranged", head + b"\n" + content + more,
            megabytes=MEGABYTES, seconds=SECONDS, patience=PATIENCE,
        )  # fmt: skip
    except (bounded.Exhausted, bounded.Failed) as error:
        sentence = translate("The PDF cannot be taken apart: it is protected by a password, or broken.")
        raise DomainError("pdf_unreadable", sentence) from error
