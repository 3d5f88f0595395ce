"""Quarterly (or monthly) paths of yearly figures: Denton, Denton-Cholette, Chow-Lin, Fernandez, Litterman and plain regression."""

from dxanalysis.accounts.quarterly.disaggregate import disaggregate
from dxanalysis.accounts.quarterly.options import CONVERSIONS, METHODS
from dxanalysis.accounts.quarterly.result import Coefficient, Disaggregated, Regression, Rho

__all__ = ["CONVERSIONS", "METHODS", "Coefficient", "Disaggregated", "Regression", "Rho", "disaggregate"]
