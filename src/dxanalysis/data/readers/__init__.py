"""Readers of raw files, one file a format. Each returns rows with their line numbers and every fault it met."""
