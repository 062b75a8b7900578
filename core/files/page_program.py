"""What runs in a process of its own (`core.kernel.bounded`): a PDF with other pages, in another order.

It is given one line of JSON, `{"order": [1, …], "size": …}`, behind it the PDF (`size` bytes) and, if there is one, another PDF whose pages
come last. Pages are copied as they are.
"""

import io
import json

import pypdfium2


def arranged(given: bytes) -> bytes:
    """The new PDF."""
    head, _, content = given.partition(b"\n")
    about = json.loads(head)
    made = pypdfium2.PdfDocument.new()
    made.import_pages(pypdfium2.PdfDocument(content[: about["size"]]), [number - 1 for number in about["order"]])
    if more := content[about["size"] :]:
        made.import_pages(pypdfium2.PdfDocument(more))
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()
