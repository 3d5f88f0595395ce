"""Open, trustworthy analysis of the digital economy of regions."""

__version__ = "0.1.0"
