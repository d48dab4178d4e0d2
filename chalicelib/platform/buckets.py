"""What several keepers of files do with a bucket."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def delete_under(client: "S3Client", bucket: str, prefix: str) -> int:
    """Delete every object whose key begins so; how many that were. The bucket keeps no versions."""
    gone = 0
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            client.delete_object(Bucket=bucket, Key=found["Key"])
            gone += 1
    return gone
