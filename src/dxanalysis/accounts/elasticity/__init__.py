"""Panel regressions of GRDP on digital indicators: an association with every kind of standard error, its checks and cautions.

Imported on demand, so that the rest of the accounts never loads linearmodels.
"""

from dxanalysis.accounts.elasticity.design import FORMS, Form
from dxanalysis.accounts.elasticity.diagnostics import LeaveOneOut, PanelTest
from dxanalysis.accounts.elasticity.event_study import EventStudy, event_study
from dxanalysis.accounts.elasticity.panel import RegressionPanel, regression_panel
from dxanalysis.accounts.elasticity.production import Investment, perpetual_inventory, production_function
from dxanalysis.accounts.elasticity.reading import Reading
from dxanalysis.accounts.elasticity.regression import regress
from dxanalysis.accounts.elasticity.result import PanelRegression
from dxanalysis.accounts.elasticity.standard_errors import StandardErrors
from dxanalysis.accounts.elasticity.wild_bootstrap import Bootstrap, WildBootstrap

__all__ = [
    "FORMS",
    "Bootstrap",
    "EventStudy",
    "Form",
    "Investment",
    "LeaveOneOut",
    "PanelRegression",
    "PanelTest",
    "Reading",
    "RegressionPanel",
    "StandardErrors",
    "WildBootstrap",
    "event_study",
    "perpetual_inventory",
    "production_function",
    "regress",
    "regression_panel",
]
