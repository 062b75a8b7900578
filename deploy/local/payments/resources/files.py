"""Files that go with evidence: https://docs.stripe.com/api/files. Name, size and digest are kept, the bytes are not."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError, required
from deploy.local.payments.ledger import Object

LARGEST = 5_000_000  # bytes
ENDINGS = ("pdf", "jpg", "jpeg", "png")


@endpoint("POST", "/v1/files", "file purpose")
def create_file(call: Call) -> Object:
    if call.params.one_of("purpose", ("dispute_evidence",)) is None:
        raise required("purpose")
    name, size, digest = call.params.needed("file").rsplit(";", 2)
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise ApiError(f"Files of type {ending or 'unknown'} are not supported for dispute_evidence.", param="file")
    if int(size) > LARGEST:
        raise ApiError("The file is too large.", param="file")
    return call.book.new("file", filename=name, purpose="dispute_evidence", size=int(size), type=ending, _sha256=digest)


@endpoint("GET", "/v1/files/{file}")
def retrieve_file(call: Call, file: str) -> Object:
    return call.book.get("file", file, status=404)
