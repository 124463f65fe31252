"""The user's project: what ``svcgen new`` lays out, and what regeneration does to user files."""

CONFIG = "svcgen.toml"
"""The file at a project's root that says what to generate."""
