"""The unit of a table: a currency and how many of it one printed unit stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dxanalysis.errors import ParameterError

_WORDS: Final = {"": 1.0, "one": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_WRITTEN: Final = re.compile(r"\s*(?:(?P<scale>[a-z]*)\s+)?(?P<currency>[A-Z]{3})\s*")


@dataclass(frozen=True, slots=True)
class Money:
    """A currency (ISO 4217) and a scale: ``Money("VND", 1e9)`` is billions of dong."""

    currency: str
    scale: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read "million USD", "billion VND" or "EUR".

        Raises
        ------
        ParameterError
            When the text is not a scale word and an ISO 4217 code.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None or (found["scale"] or "") not in _WORDS:
            raise ParameterError(
                f"{text!r} is not a unit of money",
                fix="Write a scale and a currency code, such as 'million USD' or 'billion VND'",
            )
        return cls(found["currency"], _WORDS[found["scale"] or ""])

    def __str__(self) -> str:
        word = next((name for name, scale in _WORDS.items() if scale == self.scale and name != "one"), None)
        return f"{self.scale:g} {self.currency}" if word is None else f"{word} {self.currency}".strip()

    def factor_to(self, other: Money) -> float:
        """What a figure in this unit is multiplied by to be in the other.

        Raises
        ------
        ParameterError
            When the currencies differ: an exchange rate is data, not a unit.
        """
        if self.currency != other.currency:
            raise ParameterError(
                f"figures in {self} cannot be put beside figures in {other}",
                fix="Bring both to one currency with an exchange rate of a named source first",
            )
        return self.scale / other.scale
