"""What industries draw from and give to each other: Leontief and Ghosh systems, multipliers, linkages, extraction, jobs."""
