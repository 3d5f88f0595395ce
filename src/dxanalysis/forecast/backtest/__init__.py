"""How good would the forecasts have been? The past of a panel replayed, questions with known answers, scores beside simple rivals."""

from dxanalysis.forecast.backtest.panel_of_years import TooSmall
from dxanalysis.forecast.backtest.replay import Backtest, backtest, replay, verdict

__all__ = ["Backtest", "TooSmall", "backtest", "replay", "verdict"]
