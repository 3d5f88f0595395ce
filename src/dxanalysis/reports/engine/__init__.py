"""How one notebook is executed."""
