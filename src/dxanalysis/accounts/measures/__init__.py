"""The digital share of value added from a table, by each recognised method; one result type, side by side."""
