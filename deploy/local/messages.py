"""The message catalogues: what people read, in every language but English, which stands in the code.

`make messages` reads the sentences out of the sources and brings themes/locale/<language>/LC_MESSAGES/django.po up to date: new ones come in
without a translation, and what is no longer said goes out. Set-up compiles them to the .mo files that run (git-ignored). Both are done
by Babel, because a fresh machine has no GNU gettext.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from branding.rules.sentences import as_in_catalogue

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "themes" / "locale"
APPS = ("billing", "branding", "core", "portal", "sessions_live", "tenants", "themes")
# The console and the gallery of components are read by operators and developers, in English.
LEFT_OUT = (
    "portal/operator/",
    "themes/templates/operator/",
    "themes/templates/layouts/operator.html",
    "themes/templates/gallery/",
    "themes/gallery.py",
    "sessions_live/sfu/",
    "tenants/operators/",
    "core/go_live/",
    "tenants/lifecycle.py",
    "tenants/plans.py",
    "tenants/provisioning.py",
)
TEMPLATES = (".html", ".mjml", ".txt", ".inc")
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    "translate": None, "translate_plural": (1, 2),
}  # fmt: skip
# Headers that say who, when and where: they would change at every run and tell nothing.
IDLE = re.compile(
    r'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By): .*\n',
    re.MULTILINE,
)


def main() -> int:
    """`update` or `compile`; 0 when everything is translated, 1 with the number of gaps when not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("act", choices=("update", "compile"))
    if parser.parse_args().act == "compile":
        made = sum(compile_catalogue(path) for path in catalogues())
        print(f"messages: {made} compiled" if made else "messages: up to date")
        return 0
    said, gaps = said_in_sources(), 0
    for path in catalogues():
        catalogue = updated(path, said)
        path.write_bytes(text_of(catalogue))
        missing = len(list(untranslated(catalogue)))
        gaps += missing
        print(f"messages: {path.parts[-3]}: {len(catalogue)} sentences, {missing} to translate")
    return 1 if gaps else 0


def catalogues() -> list[Path]:
    """The .po files, one for each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def said_in_sources() -> Catalog:
    """Every sentence that the sources mark for translation, with the files that say it."""
    found = Catalog()
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        method: Any = from_python if path.suffix == ".py" else from_template
        with path.open("rb") as file:
            for _line, message, _comments, context in extract(method, file, KEYWORDS):
                found.add(message, locations=[(name, 0)], context=context)
    return found


def sources() -> Iterator[Path]:
    """Python and templates of the apps that speak to an organization's people."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(LEFT_OUT) or "/migrations/" in name or "/static/" in name:
                continue
            if path.suffix == ".py" or (path.suffix in TEMPLATES and "/templates/" in name):
                yield path


def from_python(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Babel's way to read Python, and then what stands inside of f-strings, which it takes for text until Python 3.12."""
    text = file.read()
    yield from extract_python(BytesIO(text), keywords, comment_tags, options)
    for whole in ast.walk(ast.parse(text)):
        for part in ast.walk(whole) if isinstance(whole, ast.JoinedStr) else ():
            if isinstance(part, ast.Call):
                source = BytesIO(ast.unparse(part).encode())
                for _line, *found in extract_python(source, keywords, comment_tags, options):
                    yield part.lineno, *found


def from_template(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Babel's way to read a Django template: Django turns it into calls of gettext, with everything else blanked out."""
    from django.utils.translation import templatize  # noqa: PLC0415 because compiling must not need it

    calls = templatize(file.read().decode())
    # Because Python's tokenizer minds indentation, and a template's means nothing.
    lines = "\n".join(line.strip() for line in calls.splitlines())
    for line, function, message, comments in extract_python(BytesIO(lines.encode()), keywords, comment_tags, options):
        yield line, function, _undoubled(message), comments


def _undoubled(message: Any) -> Any:
    """What templatize has doubled for the format of other values: nouns stand in a catalogue as they do in code."""
    if isinstance(message, tuple | list):
        return tuple(_undoubled(part) for part in message)
    return as_in_catalogue(message) if isinstance(message, str) else message


def updated(path: Path, said: Catalog) -> Catalog:
    """The catalogue with exactly the sentences that are said now, and the translations it had."""
    catalogue = read(path)
    catalogue.update(said, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """The sentences that lack a translation, a plural form of it, or somebody's confirmation."""
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        wanted = catalogue.num_plurals if message.pluralizable else 1
        if message.id and (message.fuzzy or len(forms) < wanted or not all(forms)):
            yield message.id[0] if isinstance(message.id, tuple | list) else message.id


def text_of(catalogue: Catalog) -> bytes:
    """The .po file: sorted by source file, without lines that change by themselves."""
    written = BytesIO()
    catalogue.header_comment = "# " + (catalogue.locale.english_name if catalogue.locale else "")
    catalogue.fuzzy = False
    write_po(written, catalogue, width=110, sort_by_file=True, include_lineno=False)
    return IDLE.sub("", written.getvalue().decode()).encode()


def compile_catalogue(path: Path) -> bool:
    """Write the .mo beside the .po, unless it is newer already; whether it was written."""
    target = path.with_suffix(".mo")
    if target.is_file() and target.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return False
    written = BytesIO()
    write_mo(written, read(path))
    target.write_bytes(written.getvalue())
    return True


if __name__ == "__main__":
    sys.exit(main())
