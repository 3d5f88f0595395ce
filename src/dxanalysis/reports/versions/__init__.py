"""Versions of a report: what they are made from, where they are kept, whether they still stand."""
