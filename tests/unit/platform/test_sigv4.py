"""Our signature is botocore's, for whatever we send."""

from datetime import UTC, datetime

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.sigv4 import signed_headers

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
VALUES = st.lists(TEXT, min_size=1, max_size=3).map("  ".join)
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "X-Amz-Target", "x-amz-meta-a", "Accept"]), VALUES, max_size=3
)


@given(
    access=TEXT,
    secret=TEXT,
    token=st.none() | TEXT,
    service=st.sampled_from(["dynamodb", "sns", "ses"]),
    region=st.sampled_from(["eu-west-1", "eu-central-1"]),
    host=st.sampled_from(["127.0.0.1:4566", "sns.eu-west-1.amazonaws.com"]),
    path=st.sampled_from(["/", "/v2/email/outbound-bulk-emails"]),
    headers=HEADERS,
    body=st.binary(max_size=100),
)
def test_the_signature_is_botocores(access, secret, token, service, region, host, path, headers, body):
    credentials = ReadOnlyCredentials(access, secret, token)
    theirs = AWSRequest("POST", f"http://{host}{path}", headers=dict(headers), data=body)
    SigV4Auth(credentials, service, region).add_auth(theirs)
    at = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    ours = signed_headers(credentials, service, region, host, path, headers, body, at)
    assert ours == dict(theirs.headers.items())
