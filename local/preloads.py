"""``python -m local.preloads``: write into each page which modules it will need, so that they are fetched all at once.

Else a browser learns of them one import after the other: four or five times there and back, before anything is shown.
"""

import re
from pathlib import Path

from local.addresses import ROOT

WEB = ROOT / "web"
_IMPORTED = re.compile(r'^(?:import|export) (?:[^"]* from )?"(\.[^"]+)";$', re.MULTILINE)
_SCRIPT = re.compile(r'^<script type="module" src="(/[^"]+)"></script>\n', re.MULTILINE)
_PRELOADS = re.compile(r'^<link rel="modulepreload".*>\n', re.MULTILINE)


def main() -> None:
    for page in WEB.glob("*.html"):
        page.write_text(written(page))


def written(page: Path) -> str:
    """The page with a line for each module that its script imports, at any depth, nearest first."""
    text = _PRELOADS.sub("", page.read_text())
    found = _SCRIPT.search(text)
    if not found:
        return text
    script = WEB / found[1].removeprefix("/")
    lines = [f'<link rel="modulepreload" href="/{module.relative_to(WEB)}">\n' for module in modules(script)[1:]]
    return text[: found.end()] + "".join(lines) + text[found.end() :]


def modules(script: Path) -> list[Path]:
    """A module and all that it imports, nearest first."""
    known = [script.resolve()]
    for module in known:  # grows meanwhile
        for path in _IMPORTED.findall(module.read_text()):
            imported = (module.parent / path).resolve()
            if imported not in known:
                known.append(imported)
    return known


if __name__ == "__main__":
    main()
