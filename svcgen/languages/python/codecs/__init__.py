"""What a codec adds to a Python project: one module a codec, each with ``plan``."""
