"""What counts as digital: recognised definitions as data, and how they fall on a table's sectors."""
