"""Makes the files of public/vendor/: the typeface, reduced to what pages write, and the icons in one file.

    vendor.py FONT ICONS FOLDER
"""

import importlib.util
import pathlib
import re
import sys
import xml.etree.ElementTree

from fontTools import subset

# Latin with its accents, punctuation, money, arrows and the signs that our pages use.
LETTERS = "U+0020-007E,U+00A0-017F,U+0218-021B,U+02C6,U+02DA,U+02DC,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030," \
    "U+2032,U+2033,U+2039,U+203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2215,U+2248,U+2260,U+2264,U+2265"
FEATURES = "calt,case,ccmp,kern,liga,locl,mark,mkmk,tnum"


def typeface(font: pathlib.Path, target: pathlib.Path) -> None:
    """Writes the variable typeface as WOFF2."""
    subset.main([
        str(font), f"--unicodes={LETTERS}", f"--layout-features={FEATURES}", "--flavor=woff2",
        f"--output-file={target}",
    ])


def icons(names: list[str], target: pathlib.Path) -> None:
    """Writes the icons as symbols of one file; how wide their strokes are, the style sheet says."""
    # Found and not imported: only its files are wanted, and FastHTML is not here.
    spec = importlib.util.find_spec("fasthtml_lucide")
    if spec is None or spec.origin is None:
        sys.exit("vendor: the package fasthtml-lucide is not installed; run scripts/setup")
    folder = pathlib.Path(spec.origin).parent / "icons"
    missing = [name for name in names if not (folder / f"{name}.svg").exists()]
    if missing:
        sys.exit(f"vendor: Lucide has no icon {', '.join(missing)}; mend scripts/icons.txt")
    symbols = []
    for name in names:
        root = xml.etree.ElementTree.fromstring((folder / f"{name}.svg").read_text(encoding="utf-8"))
        shapes = "".join(xml.etree.ElementTree.tostring(child, encoding="unicode") for child in root)
        shapes = re.sub(r'(</?)ns\d+:', r"\1", re.sub(r'\s*xmlns(:\w+)?="[^"]*"', "", shapes)).strip()
        symbols.append(f'<symbol id="{name}" viewBox="{root.get("viewBox", "0 0 24 24")}">{shapes}</symbol>')
    licence = "Icons of Lucide (lucide.dev), ISC licence, see LICENSE-lucide.txt"
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {licence} -->\n' + "\n".join(symbols) + "\n</svg>\n",
        encoding="utf-8")
    text = next(folder.parent.glob("LUCIDE-LICENSE*")).read_text(encoding="utf-8")
    (target.parent / "LICENSE-lucide.txt").write_text(text, encoding="utf-8")


def main() -> None:
    """Makes both."""
    font, list_of_icons, folder = (pathlib.Path(argument) for argument in sys.argv[1:])
    typeface(font, folder / "inter.woff2")
    icons([line for line in list_of_icons.read_text().split() if line], folder / "icons.svg")


main()
