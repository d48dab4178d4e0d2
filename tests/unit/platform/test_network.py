"""Whose request it is, whatever headers they make up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.network import UNKNOWN, network, sender

EDGE, VISITOR = "130.176.0.9", "203.0.113.77"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        (f"{VISITOR}, {EDGE}", 1, VISITOR),
        (f"1.2.3.4, {VISITOR}, {EDGE}", 1, VISITOR),
        (f"{VISITOR},  10.0.0.1 , {EDGE}", 2, VISITOR),
        (f"{VISITOR}, {EDGE}", 0, EDGE),
        (EDGE, 1, EDGE),  # went round the proxy: there is nothing to believe
        ("", 1, EDGE),
        (None, 1, EDGE),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(forwarded, proxies, found):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert sender(headers, EDGE, proxies) == found


@given(made_up=st.text(max_size=80))
def test_whatever_somebody_makes_up_stands_before_what_we_wrote(made_up):
    assert sender({"x-forwarded-for": f"{made_up}, {VISITOR}, {EDGE}"}, EDGE, 1) == VISITOR


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (VISITOR, "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::1", "2001:db8:1::/48"),
        ("2001:db8:2::1", "2001:db8:2::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", UNKNOWN),
        ("somebody", UNKNOWN),
    ],
)
def test_addresses_of_one_network_count_together(address, found):
    assert network(address) == found


@given(st.ip_addresses())
def test_every_address_has_a_network(address):
    assert "/" in network(str(address))
