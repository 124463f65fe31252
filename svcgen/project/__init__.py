"""The user's project: what ``svcgen new`` lays out, and how regeneration treats the user's own files."""
