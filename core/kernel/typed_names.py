"""Names that anybody can type and that a mail to anybody's address greets by: no address in them, and nothing that mail programs make a link of."""

import re
import unicodedata

from core.kernel.errors import DomainError
from core.kernel.translation import translate

_ADDRESS = re.compile(r"//|@|\bwww\.", re.IGNORECASE)
_HOST = re.compile(r"[^\W_]\.([^\W\d_]{2,})")
_DOT = re.compile(r"\.(?=\w)")


def holds_address(name: str) -> bool:
    """Whether there is a web or mail address in it, or a bare host (`pills.example`); `Dr.Meier` and `J.R.R.` are names."""
    text = _folded(name)
    return bool(_ADDRESS.search(text)) or any(not label.istitle() for label in _HOST.findall(text))


def require_no_address(*names: str) -> None:
    """DomainError `name_is_address`, at the first name."""
    if any(holds_address(name) for name in names):
        raise DomainError("name_is_address", translate("Write your name, without an address."), field="first_name")


def unlinked(name: str) -> str:
    """The name for a mail: `Dr.Meier` -> `Dr. Meier`, because whatever reads like a host becomes a link."""
    return _DOT.sub(". ", _folded(name))


def _folded(name: str) -> str:
    """With every full stop that stands for a dot in a host written as one (UTS 46)."""
    return unicodedata.normalize("NFKC", name).replace("。", ".")
