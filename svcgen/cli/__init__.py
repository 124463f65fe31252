"""The command line: one file a command; each parses arguments, calls the library and prints."""
