"""How long a post is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.channels.post_length import LINK, mastodon_length, x_length


@pytest.mark.parametrize(
    ("text", "on_x", "on_mastodon"),
    [
        ("", 0, 0),
        ("Vermist: Noor, 7 jaar.", 22, 22),
        ("één", 3, 3),
        ("e\u0301e\u0301n", 3, 3),  # composed before it is counted
        ("€ 5", 4, 3),
        ("tas…", 5, 4),
        ("„tas”", 5, 5),
        ("日本", 4, 2),
        ("👀", 2, 1),
        ("https://burgernet.example/een/heel/lang/adres/dat/verder/gaat", LINK, LINK),
        ("Kijk op https://a.nl nu", 8 + LINK + 3, 8 + LINK + 3),
        ("Kijk op politie.nl", 8 + LINK, 8 + LINK),
        ("Bel 0800-0011.", 14, 14),
    ],
)
def test_signs_and_links_count_as_the_networks_count_them(text, on_x, on_mastodon):
    assert (x_length(text), mastodon_length(text)) == (on_x, on_mastodon)


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_words_are_never_shorter_than_one(first, second):
    assert x_length(f"{first} {second}") >= max(x_length(first), 1)
    assert mastodon_length(first) <= x_length(first)
