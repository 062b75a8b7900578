"""What documents, comments, docstrings and messages mention, and the words of the code that they can mention."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("billing", "branding", "core", "deploy", "portal", "sessions_live", "tenants", "tests", "themes")
FOLDERS = (*PACKAGES, "docs", "requirements", r"\.ci")
LABELS = (
    "billing",
    "branding",
    "kernel",
    "notifications",
    "people",
    "recordings",
    "scheduling",
    "sessions_live",
    "tenants",
)
ENDINGS = ("py", "js", "css", "html", "mjml", "txt", "md", "c", "toml", "yaml", "conf", "sh", "inc", "typ")
LEFT_OUT = {"node_modules", "vendor", "__pycache__", "var", ".git", ".venv", "migrations"}
PLAIN = {".md", ".toml", ".yaml", ".sh", ".conf", ".example"}

PATH = re.compile(rf"(?<![\w/.:@-])(?:{'|'.join(FOLDERS)})/(?:[\w./*<>…-]|\{{[^}}\s]*\}})*[\w/*>}}]")
FILE = re.compile(rf"`([\w-]+\.(?:{'|'.join(ENDINGS)}))`")
MODULE = re.compile(rf"(?<![\w/.:@\"'-])(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+")
NAMED = re.compile(rf"[`\"]((?:{'|'.join(LABELS)})\.[a-z_]+)[`\"]")
TARGET = re.compile(
    r"`make ([a-z][a-z-]*)|^\s*(?:[A-Z]+=\S+ )?make ([a-z][a-z-]*)(?=$|[ \t]+(?:#|[A-Z]+=))|\b[Rr]un make ([a-z-]+)"
)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
IDENTIFIER = re.compile(
    r"`(?:\w+\.)*((?:[a-z]+_\w+)|(?:[A-Z]\w*[a-z]\w*[A-Z]\w*)|(?:[A-Z][A-Z0-9]*_[A-Z0-9_]+))(?:\([^`]*\))?`"
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w])//[^\n]*|\{#.*?#\}|<!--.*?-->|\{% comment .*?endcomment", re.DOTALL)

Text = tuple[int, str]


@cache
def files() -> dict[str, Path]:
    """Every file of the repository but what set-up makes, by its path from the root."""
    return {str(path.relative_to(ROOT)): path for path in _walk(ROOT)}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in LEFT_OUT and not path.name.endswith("_cache"):
                yield from _walk(path)
        else:
            yield path


@cache
def texts(name: str) -> tuple[Text, ...]:
    """What people read in a file, as (line, text): all of a document; comments, docstrings and messages of code."""
    path = files()[name]
    if path.suffix == ".py":
        return tuple(_of_python(path.read_text(), messages=not name.startswith("tests/")))
    if path.suffix in (".js", ".css", ".c", ".html", ".mjml"):
        source = path.read_text()
        return tuple((source.count("\n", 0, found.start()) + 1, found[0]) for found in COMMENT.finditer(source))
    if path.suffix in PLAIN or path.name in ("Makefile", "Caddyfile", "Containerfile", "pre-commit", "commit-msg"):
        return tuple(enumerate(path.read_text().splitlines(), 1))
    return ()


def _of_python(source: str, *, messages: bool) -> Iterator[Text]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    tree = ast.parse(source)
    documented = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            # A string without a space is a name that the code itself looks up.
            is_message = messages and " " in node.value
            if id(node) in documented or is_message:
                yield node.lineno, node.value


def _docstrings(tree: ast.Module) -> set[int]:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented)]
    firsts = [body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)]
    return {id(first) for first in firsts if isinstance(first, ast.Constant)}


@cache
def strings(name: str) -> frozenset[str]:
    """Every string of a Python file's code, without its docstrings."""
    tree = ast.parse(files()[name].read_text())
    documented = _docstrings(tree)
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documented)
    return frozenset(node.value for node in constants if isinstance(node.value, str))


@cache
def words(name: str) -> frozenset[str]:
    """The words of a file's code, without its comments and docstrings. Of another file than code: none."""
    path = files().get(name)
    if path is None or path.suffix in (".md", ".png", ".ico", ".woff2", ".wasm", ".so", ".po", ".mo"):
        return frozenset()
    source = path.read_text(errors="ignore")
    if path.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        names = frozenset(token.string for token in tokens if token.type == tokenize.NAME)
        return names | frozenset(re.findall(r"\w+", " ".join(strings(name))))
    return frozenset(re.findall(r"\w+", COMMENT.sub("", source)))
