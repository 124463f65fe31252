"""The user's project: what ``svcgen new`` lays out, and how regeneration treats the user's own files."""

CONFIG = "svcgen.toml"
"""The file at a project's root that says what to generate; its presence makes a folder a project."""
