"""The outside world: each channel a Sender with an in-memory twin."""
