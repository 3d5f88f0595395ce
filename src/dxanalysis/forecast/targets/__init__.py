"""Targets of plans judged: met, missed, how likely, or what is missing."""
