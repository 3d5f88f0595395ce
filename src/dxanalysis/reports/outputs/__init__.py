"""From the record of a run to what readers open."""
