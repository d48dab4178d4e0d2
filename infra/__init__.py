"""What the functions stand on in AWS, and how they are packed: read by ``./dev package``, never deployed as code."""
