"""``python -m local.origin``: start the origin."""

import argparse
from functools import partial
from pathlib import Path

from infra.site import third_party
from local.demo.play import play
from local.loopback import loopback_url, serve
from local.origin.app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.origin", description="Serves the pages and the API.")
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--api", type=loopback_url, required=True, help="base address of the API's stage")
    parser.add_argument("--carrier", type=loopback_url, help="shown under /carrier")
    parser.add_argument("--photos", type=loopback_url, help="origin of the bucket of photos")
    parser.add_argument("--tiles", default="", help="origin of what lies under maps")
    parser.add_argument("--web", type=Path, default=Path("web"), help="folder of the pages")
    arguments = parser.parse_args()
    if not arguments.web.is_dir():
        parser.error(f"--web: there is no folder {arguments.web}")
    carrier = arguments.carrier or ""
    story = partial(play, arguments.api, carrier) if carrier else None
    app = create_app(
        arguments.web, arguments.api, carrier, third_party(), arguments.photos or "", arguments.tiles, story
    )
    serve(app, arguments.port, "origin")


if __name__ == "__main__":
    main()
