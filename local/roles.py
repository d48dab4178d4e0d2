"""``python -m local.roles [--check]``: write docs/roles.md from the routes, or say where it has drifted."""

import argparse
import sys
from pathlib import Path

from chalicelib import wiring
from chalicelib.platform.http import Endpoint
from chalicelib.staff.model import KIND_OF, Role
from chalicelib.staff.policy import MEANING, PUBLIC, Scope

FILE = Path(__file__).parent.parent / "docs" / "roles.md"
HEAD = """# Who may do what

Written by `python -m local.roles` from the routes themselves; `./dev check` fails where it is not theirs.
`tests/integration/test_roles.py` calls every route in every role, for the own organisation and for another one.

A member of staff has one or more roles (groups of the user pool) and one organisation (`custom:tenant`). Which areas an
organisation has, an admin says with `PUT /organisations/{id}`. Nobody is admin or auditor and
something else too. Nothing is allowed that does not stand here: 403 `role_missing`.
"""


def written(endpoints: list[Endpoint]) -> str:
    """The whole document."""
    staff = sorted((it for it in endpoints if it.roles), key=lambda it: (it.path, it.method))
    links = sorted(f"{it.method} {it.path}" for it in endpoints if it.link)
    return "\n".join(
        [
            HEAD,
            *_table(["role", "of a"], [[f"`{role}`", KIND_OF.get(role, "network")] for role in Role]),
            "",
            *_table(["scope", "reaches"], [[scope, MEANING[scope]] for scope in Scope]),
            "",
            "## Routes",
            "",
            *_table(["route", "scope", *Role], [_row(endpoint) for endpoint in staff]),
            "",
            "## Without a role",
            "",
            "By the token of a personal link, for the participant whose it is: " + _listed(links) + ".",
            "",
            "By anybody: " + _listed(sorted(PUBLIC)) + ". The tokens in their addresses are personal links too.",
            "",
        ]
    )


def _row(endpoint: Endpoint) -> list[str]:
    return [
        f"`{endpoint.method} {endpoint.path}`",
        endpoint.scope,
        *("yes" if role in endpoint.roles else "" for role in Role),
    ]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows]]


def _listed(routes: list[str]) -> str:
    return ", ".join(f"`{route}`" for route in routes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the committed copy is stale")
    arguments = parser.parse_args()
    text = written(wiring.endpoints())
    if not arguments.check:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{FILE.name} is not what the code says: run python -m local.roles", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
