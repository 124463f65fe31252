"""Speed beside peers, as ratios of medians of interleaved rounds. ``python -m benchmarks [NAME…]``.

A module here with a function ``contests`` takes part. Nothing here is a test: figures depend on the
machine, ratios less so; read them on a quiet one.
"""
