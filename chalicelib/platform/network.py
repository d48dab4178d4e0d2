"""Where a request comes from: the address of whoever sent it, and the network that it lies in."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

IPV4_PREFIX, IPV6_PREFIX = 24, 48  # what one household, office or phone company's gateway mostly shares
UNKNOWN = "unknown"


def sender(headers: Mapping[str, str], peer: str, proxies: int) -> str:
    """The address of whoever sent a request.

    ``peer``: who connected to API Gateway, which writes that at the end of ``X-Forwarded-For``. ``proxies``: how many
    of ours stand in front of it, each of which wrote down whom it heard. What stands before those anybody can make up.
    """
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",")]
    return hops[-1 - proxies] if proxies and len(hops) > proxies else peer


def network(address: str) -> str:
    """``192.0.2.0/24``, ``2001:db8:1::/48``; an IPv4 address written as IPv6 counts as what it is."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(known, IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    prefix = IPV6_PREFIX if isinstance(known, IPv6Address) else IPV4_PREFIX
    return str(ip_network((known, prefix), strict=False))
