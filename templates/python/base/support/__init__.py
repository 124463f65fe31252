"""The run-time kernel of a generated package: nothing here depends on its definition."""
