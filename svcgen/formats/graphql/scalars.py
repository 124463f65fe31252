"""What scalars are in GraphQL: its own where their range fits, else scalars that are strings."""

from __future__ import annotations

from svcgen.model.types import Scalar

NAMES = {
    Scalar.BOOL: "Boolean",
    Scalar.INT8: "Int",
    Scalar.INT16: "Int",
    Scalar.INT32: "Int",
    Scalar.INT64: "Int64",
    Scalar.UINT8: "Int",
    Scalar.UINT16: "Int",
    Scalar.UINT32: "UInt32",
    Scalar.UINT64: "UInt64",
    Scalar.FLOAT32: "Float",
    Scalar.FLOAT64: "Float",
    Scalar.DECIMAL: "Decimal",
    Scalar.STRING: "String",
    Scalar.BYTES: "Bytes",
    Scalar.TIMESTAMP: "Timestamp",
    Scalar.DATE: "Date",
    Scalar.TIME: "Time",
    Scalar.DURATION: "Duration",
    Scalar.UUID: "UUID",
    Scalar.ANY: "JSON",
}

DOCS = {
    Scalar.INT64: "An integer of 64 bits with a sign, as a string.",
    Scalar.UINT32: "An integer from 0 to 4294967295, as a string.",
    Scalar.UINT64: "An integer from 0 to 18446744073709551615, as a string.",
    Scalar.DECIMAL: "A decimal number of any length, as a string.",
    Scalar.BYTES: "Bytes, as base64.",
    Scalar.TIMESTAMP: "An instant: 2024-02-29T12:30:00Z (RFC 3339).",
    Scalar.DATE: "A day: 2024-02-29 (RFC 3339).",
    Scalar.TIME: "A time of day, without an offset: 12:30:00 (RFC 3339).",
    Scalar.DURATION: "A duration: PT1M30S (ISO 8601).",
    Scalar.UUID: "A UUID in hexadecimal, with hyphens (RFC 9562).",
    Scalar.ANY: "Any JSON value.",
}

SPECIFIED_BY = {
    Scalar.BYTES: "https://www.rfc-editor.org/rfc/rfc4648#section-4",
    Scalar.TIMESTAMP: "https://www.rfc-editor.org/rfc/rfc3339",
    Scalar.DATE: "https://www.rfc-editor.org/rfc/rfc3339",
    Scalar.TIME: "https://www.rfc-editor.org/rfc/rfc3339",
    Scalar.UUID: "https://www.rfc-editor.org/rfc/rfc9562",
    Scalar.ANY: "https://www.rfc-editor.org/rfc/rfc8259",
}
