"""A stand-in for a generated package, so that support files can be tested where they lie."""
