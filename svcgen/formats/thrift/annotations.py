"""The annotations of .thrift files that mean something to svcgen, and where the model keeps others."""

from __future__ import annotations

ANNOTATIONS = "x-thrift-annotations"
"""The annotation of the model that keeps those for which it has no word."""

TYPES = "x-thrift-type-annotations"
"""The annotation that keeps those of types: by their places, ``type`` or ``type.item``."""

CPP_TYPE = "cpp_type"
"""What stands among those of a container for its type in C++; no annotation has this name."""

PARTS = {"list": ("item",), "set": ("item",), "map": ("key", "value")}
"""What the places inside of containers are called."""

XSD = "x-thrift-xsd"
"""The annotation for how a struct or field looks in XML Schema: ``all``; ``optional``, ``nillable``
and ``attributes``, the text of fields.
"""

DEPRECATED = "deprecated"
"""Its value is the reason."""

EXTENDS = "svcgen.extends"
"""Its value is the service that a service extends, where its methods are all written."""

DEFINITION = "svcgen"
"""Its value is the declaration as the definition language writes it."""
