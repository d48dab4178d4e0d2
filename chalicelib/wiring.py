"""The composition root: the only place that chooses real stores, channels and clocks.

A ``System`` is everything that the entry points of ``app.py`` call. ``system()`` is the one of this container, made at
the first call. ``using`` puts another in its place: the whole product in memory, for tests and benchmarks.
"""
