"""Whether messages arrive, known before somebody's life depends on it: a test to an address of ours, on schedule."""
