"""``./dev package``: the zip and the template that go to AWS, and the unpacked tree that the local stack runs.

``chalice package`` writes the template, merged with ``infra``'s; uv brings the dependencies for Lambda. What only
Chalice's command line needs is taken out, and everything is compiled: Lambda's code folder is read-only, so every cold
start would compile anew. The Lambda runtime is the Python that packages.
"""

import argparse
import csv
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chalicelib.channels import prices
from infra import site
from infra.template import merge_template

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".build"
CODE = ("app.py", "chalicelib")
TEMPLATE = (".chalice", "infra")
REQUIREMENTS = "requirements.txt"
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
STAGE = "package"  # of .chalice/config.json; where a template is deployed is a parameter of the template

# Chalice's command line needs these; chalice.app, which is all that runs in Lambda, needs none of them.
ONLY_FOR_THE_COMMAND_LINE = (
    "blessed",
    "click",
    "editor",
    "inquirer",
    "jinxed",
    "packaging",
    "pip",
    "pycparser",
    "pyyaml",
    "readchar",
    "runs",
    "setuptools",
    "wcwidth",
    "wheel",
    "xmod",
)
CHALICE_AT_RUN_TIME = {"__init__.py", "app.py", "py.typed"}
# boto3 carries descriptions of more than 400 services.
SERVICES_CALLED = {
    "cognito-idp",
    "connect",
    "dynamodb",
    "dynamodbstreams",
    "kms",
    "lambda",
    "pinpoint-sms-voice-v2",
    "s3",
    "sesv2",
    "sns",
    "sqs",
}

Progress = Callable[[str], None]


class PackageError(Exception):
    """No package was made."""


@dataclass(frozen=True)
class Package:
    """``tree``: the unpacked code, compiled. ``template``: the merged SAM template, whose code is ``archive``."""

    folder: Path

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def archive(self) -> Path:
        return self.folder / "deployment.zip"

    @property
    def template(self) -> Path:
        return self.folder / "sam.json"


def build(progress: Progress = print, price_file: Path = prices.FILE) -> Package:
    """The package of the code as it is now; quick when nothing has changed. ``archive`` is left to ``zipped``.

    ``price_file``: takes the place of the example prices.
    """
    table = _prices(price_file)
    package = Package(BUILD)
    BUILD.mkdir(exist_ok=True)
    with _alone(BUILD / "lock"):
        inputs, stamp = f"{_digest(*CODE, *TEMPLATE, REQUIREMENTS)}\n{table}", BUILD / "inputs"
        if stamp.exists() and stamp.read_text() == inputs and package.tree.is_dir():
            return package
        stamp.unlink(missing_ok=True)
        package.archive.unlink(missing_ok=True)
        dependencies = _dependencies(progress)
        progress("write the template")
        _write_template(package)
        put_together(package.tree, dependencies, table)
        stamp.write_text(inputs)
    return package


def zipped(package: Package) -> Package:
    """With the archive made, too: the same bytes from the same code."""
    if package.archive.exists():
        return package
    part = package.archive.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in package.tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(package.tree)), (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    part.rename(package.archive)
    return package


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(*names: str) -> str:
    digest = hashlib.sha256(sys.version.encode() + Path(__file__).read_bytes())
    for name in names:
        path = ROOT / name
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            if not {"__pycache__", "deployments"} & set(file.parts):
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _dependencies(progress: Progress) -> Path:
    """A folder with what ``requirements.txt`` names, for Lambda, compiled.

    By uv, not by Chalice: it checks every hash, fetches once what does not change, and fails where a dependency has no
    build for Lambda; Chalice would warn, exit 0, and leave the dependency out.
    """
    folder, stamp = BUILD / "dependencies", BUILD / "dependencies.inputs"
    inputs = f"{_digest(REQUIREMENTS)} {sorted(SERVICES_CALLED)}"
    if folder.is_dir() and stamp.exists() and stamp.read_text() == inputs:
        return folder
    stamp.unlink(missing_ok=True)
    progress("install the dependencies for Lambda")
    _remove(folder)
    glibc = "2_17" if sys.version_info < (3, 12) else "2_34"  # Amazon Linux 2, or 2023
    command = [str(UV), "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--python", sys.executable, "--python-platform", f"x86_64-manylinux_{glibc}"]
    command += ["--target", str(folder), "--link-mode", "copy", "-r", str(ROOT / REQUIREMENTS)]
    _run(command)
    _prune(folder)
    progress("compile them")
    _compile(folder, "")
    stamp.write_text(inputs)
    return folder


def _write_template(package: Package) -> None:
    """By Chalice, in a project that has our code but, so that it fetches nothing, no requirements."""
    project = BUILD / "project"
    _remove(project)
    shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("deployments"))
    _copy_code(project)
    (project / REQUIREMENTS).touch()
    merge = project / "merge.json"
    merge.write_text(json.dumps(merge_template()))
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "--project-dir", str(project)]
    _run([*command, "package", "--stage", STAGE, "--merge-template", str(merge), str(project / "out")])
    template = json.loads((project / "out" / "sam.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":  # Chalice tags them with its own stage
            resource["Properties"]["Tags"] = {"application": "burgernet", "stage": {"Ref": "Stage"}}
    package.template.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")


def _prices(file: Path) -> str:
    """The table of prices, once it is sure that previews can reckon with it."""
    try:
        text = file.read_text(encoding="utf-8")
        prices.PriceTable.read(text)
    except (OSError, ValueError) as error:
        raise PackageError(f"{file}: {error}") from None
    return text


def put_together(tree: Path, dependencies: Path, table: str) -> None:
    """``tree``: made anew from the dependencies, our code and the table of prices."""
    fresh = tree.with_name("fresh")
    _remove(fresh)
    shutil.copytree(dependencies, fresh, copy_function=os.link)
    _copy_code(fresh)
    (fresh / prices.FILE.relative_to(ROOT)).write_text(table, encoding="utf-8")
    _compile(fresh / "chalicelib", "chalicelib")
    _compile(fresh, "", levels=0)  # app.py
    _remove(tree)
    fresh.rename(tree)


def _copy_code(folder: Path) -> None:
    shutil.copy(ROOT / "app.py", folder)
    shutil.copytree(ROOT / "chalicelib", folder / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))


def _run(command: list[str]) -> None:
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"}
    run = subprocess.run(command, cwd=BUILD, env=environment, capture_output=True, text=True)  # noqa: S603
    if run.returncode:
        raise PackageError(f"{' '.join(command)}\n{run.stdout}{run.stderr}".strip())


def _prune(tree: Path) -> None:
    for name in ONLY_FOR_THE_COMMAND_LINE:
        for record in tree.glob(f"{name}-*.dist-info/RECORD"):
            _remove_distribution(tree, record)
    for leftover in ("_distutils_hack", "distutils-precedence.pth", "pkg_resources", "bin"):
        _remove(tree / leftover)
    for path in (tree / "chalice").iterdir():
        if path.name not in CHALICE_AT_RUN_TIME:
            _remove(path)
    for path in (tree / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in SERVICES_CALLED:
            _remove(path)


def _remove_distribution(tree: Path, record: Path) -> None:
    with record.open(newline="") as file:
        tops = {row[0].split("/")[0] for row in csv.reader(file)}
    for top in tops - {"..", ""}:
        _remove(tree / top)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _compile(folder: Path, shown_as: str, levels: int | None = None) -> None:
    """``shown_as``: the folder's place in Lambda's task folder, for tracebacks. ``levels``: of folders below it."""
    # A program of its own: the library's worker processes would import our main module once more.
    argv = [sys.executable, "-m", "compileall", "-q", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    argv += ["-s", str(folder), "-p", str(Path("/var/task") / shown_as)]
    argv += [] if levels is None else ["-r", str(levels)]
    # It fails where a dependency carries files for other versions of Python: those are never imported.
    subprocess.run([*argv, str(folder)], stdout=subprocess.DEVNULL)  # noqa: S603


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev package", description="Write .build/deployment.zip, .build/sam.json and .build/site."
    )
    parser.add_argument(
        "--prices",
        type=Path,
        default=prices.FILE,
        metavar="FILE",
        help="your prices, in place of the examples in channels/prices.csv",
    )
    options = parser.parse_args()
    start = time.monotonic()
    try:
        package = zipped(
            build(lambda step: print(f"  {time.monotonic() - start:5.1f} s  {step}", flush=True), options.prices)
        )
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    print(f"{package.archive.relative_to(ROOT)}  {package.archive.stat().st_size / 1e6:.1f} MB for {version}")
    print(f"{package.template.relative_to(ROOT)}        the template that deploys it")
    print(f"{site.build().relative_to(ROOT)}            the pages: aws s3 sync .build/site s3://(output WebBucketName)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
