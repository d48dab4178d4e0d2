"""What every answer says to the browser about trust: at the edge of production, and at the local origin."""

from collections.abc import Mapping
from typing import Any

# Where staff sign in: at the pages of the user pool, unless another identity provider is in its place.
SIGN_IN: Mapping[str, Any] = {
    "Fn::If": [
        "UsesStaffPool",
        {"Fn::Sub": "https://${StaffDomain}.auth.${AWS::Region}.amazoncognito.com"},
        {"Ref": "SignInUrl"},
    ]
}
RECORDINGS = "https://${RecordingsBucket.RegionalDomainName}"  # where staff listen to what calls will play
PHOTOS = "https://${PhotosBucket.RegionalDomainName}"  # where browsers send photos, and staff see them
# Before it a blank, since it comes behind others; or nothing. The rest of the address does not matter to a policy.
TILES: Mapping[str, Any] = {
    "Fn::If": [
        "HasMapTiles",
        {"Fn::Join": ["", [" https://", {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::Sub": "${MapTiles}///"}]}]}]]},
        "",
    ]
}
HSTS_S = 31_536_000  # a year
UNUSED = ("camera", "display-capture", "payment", "usb")
OWN = ("geolocation", "microphone")  # where a neighbour is, if they say so; a dispatcher's own recording


def content_security_policy(photos: str, sign_in: str, recordings: str, tiles: str) -> str:
    """Scripts, styles and data come from here alone, and none stands in a page itself; nobody may frame one.

    ``photos``, ``sign_in``, ``recordings``: the other origins, of photos with tips, tokens of staff, and sound.
    ``tiles``: the origin of what lies under maps, a blank before it; or nothing.
    """
    return (
        f"default-src 'self'; connect-src 'self' {photos} {sign_in}; img-src 'self' data: {photos}{tiles}; "
        f"media-src {recordings}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": content_security_policy(PHOTOS, "${SignIn}", RECORDINGS, "${Tiles}"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{it}=()" for it in UNUSED), *(f"{it}=(self)" for it in OWN)]),
    # A personal link's token must not travel on to other sites, such as the host of tiles.
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": f"max-age={HSTS_S}; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What CloudFront has fields of its own for; it refuses these as custom headers.
OF_CLOUDFRONT: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "Content-Security-Policy": {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": {
                "Fn::Sub": [
                    HEADERS["Content-Security-Policy"],
                    {"SignIn": SIGN_IN, "Tiles": TILES},
                ]
            }
        }
    },
    "Referrer-Policy": {"ReferrerPolicy": {"ReferrerPolicy": HEADERS["Referrer-Policy"]}},
    "Strict-Transport-Security": {
        "StrictTransportSecurity": {"AccessControlMaxAgeSec": HSTS_S, "IncludeSubdomains": True}
    },
    "X-Content-Type-Options": {"ContentTypeOptions": {}},
    "X-Frame-Options": {"FrameOptions": {"FrameOption": HEADERS["X-Frame-Options"]}},
}


def resources() -> dict[str, Any]:
    """The policy that CloudFront adds to every answer."""
    security: dict[str, Any] = {}
    for setting in OF_CLOUDFRONT.values():
        security |= {name: {**value, "Override": True} for name, value in setting.items()}
    others = [
        {"Header": name, "Value": value, "Override": True}
        for name, value in HEADERS.items()
        if name not in OF_CLOUDFRONT
    ]
    return {
        "WebHeaders": {
            "Type": "AWS::CloudFront::ResponseHeadersPolicy",
            "Properties": {
                "ResponseHeadersPolicyConfig": {
                    "Name": {"Fn::Sub": "burgernet-${Stage}"},
                    "SecurityHeadersConfig": security,
                    "CustomHeadersConfig": {"Items": others},
                }
            },
        }
    }
