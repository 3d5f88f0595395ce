"""Classifications of industries and how their sectors fall on ISIC Rev.4."""

from dxanalysis.accounts.classifications.classification import (
    Classification,
    known_classifications,
    load_classification,
    overlap,
)

__all__ = ["Classification", "known_classifications", "load_classification", "overlap"]
