"""Definitions from one form into another, with a report of what the other form cannot say."""
