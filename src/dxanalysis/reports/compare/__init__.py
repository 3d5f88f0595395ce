"""What changed between two versions of a report, why, and how it is told."""
