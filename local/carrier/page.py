"""What lies on the phones and in the inboxes, for somebody who looks with a browser."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

SHOWN = 200  # the newest

_STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
li { margin: 0 0 1rem; list-style: none; padding: .75rem 1rem; border: 1px solid #bbb; border-radius: .5rem }
p { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere } ul { padding: 0 } small { color: #555 }
"""


def page(messages: Sequence[Mapping[str, Any]], total: int) -> str:
    """``messages``: as ``GET /messages`` shows them, the newest first. ``total``: how many there are."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Phones and inboxes</title><style>{_STYLE}</style>'
        f"<h1>Phones and inboxes</h1><p>The newest {len(messages)} of {total} messages. Reload to see more.</p>"
        f"<ul>{''.join(map(_item, messages))}</ul></html>"
    )


def _item(message: Mapping[str, Any]) -> str:
    about = " · ".join(escape(message[name]) for name in ("channel", "to", "at", "status"))
    title = f"<p><strong>{escape(message['subject'])}</strong></p>" if "subject" in message else ""
    link = f'<a href="messages/{escape(message["id"])}/html">as HTML</a>' if message.get("html") else ""
    return f"<li><small>{about}</small>{title}<p>{escape(message['text'])}</p>{link}</li>"
