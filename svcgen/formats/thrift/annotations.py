"""The annotations of .thrift files that mean something to svcgen, and where the model keeps others."""

from __future__ import annotations

ANNOTATIONS = "x-thrift-annotations"
"""The annotation of the model that keeps those for which it has no word."""

DEPRECATED = "deprecated"
"""Its value is the reason."""

EXTENDS = "svcgen.extends"
"""Its value is the service that a service extends, where its methods are all written."""

DEFINITION = "svcgen"
"""Its value is the declaration as the definition language writes it."""
