"""The run-time kernel of a generated package; nothing here knows its definition."""
