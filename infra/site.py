"""The pages as they are deployed: ``web/``, and the files of others that they use, pinned by hash and not committed.

``./dev`` installs into ``.tools/site`` what ``web/third-party/package-lock.json`` pins; the local origin and
``./dev package`` take it from there.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEB = ROOT / "web"
INSTALLED = ROOT / ".tools" / "site" / "node_modules"
SITE = ROOT / ".build" / "site"

# Package -> its files that a page asks for, and its licence. They are served as /third-party/<package>/<name>.
USED: Mapping[str, tuple[str, ...]] = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "LICENSE"),
    "uqr": ("dist/index.mjs", "LICENSE"),
}


def build(target: Path = SITE, web: Path = WEB, installed: Path = INSTALLED) -> Path:
    """Makes ``target`` anew: what ``aws s3 sync`` puts behind CloudFront.

    Raises:
        FileNotFoundError: a file of others is not there.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(web, target, ignore=shutil.ignore_patterns("package*.json"))
    for path, source in third_party(installed).items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    return target


def third_party(installed: Path = INSTALLED) -> dict[str, Path]:
    """Address below the pages -> file."""
    return {
        f"third-party/{package}/{Path(name).name}": installed / package / name
        for package, names in USED.items()
        for name in names
    }
