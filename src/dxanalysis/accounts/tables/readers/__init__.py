"""Readers of published tables: each makes a checked table of one office's layout."""
