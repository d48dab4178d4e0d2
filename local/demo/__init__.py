"""``./dev demo``: one whole alert against the local stack, told as a dispatcher would see it, and checked."""
