"""How much published figures move, and whether they move by chance."""
