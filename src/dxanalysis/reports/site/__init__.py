"""The pages that lead to every report."""
