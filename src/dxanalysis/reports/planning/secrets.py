"""Secrets by reference: a report is given the name of an environment variable, never what is in it.

A notebook declares ``token: "Secret" = "OFFICE_TOKEN"`` and calls ``reveal(token)`` where it needs the secret. Plan,
cells and manifest hold the name only. Names follow a rule, so that whoever stores the outputs of a run knows without
being told which variables hold secrets, and masks what is in them (:class:`dxanalysis.reports.scrub.Scrubber`).
"""

from __future__ import annotations

import base64
import itertools
import json
import math
import os
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import quote

from dxanalysis.errors import ParameterError

Secret: TypeAlias = str
"""Annotation of a parameter whose value is the name of an environment variable that holds a secret."""

TYPE_NAME = "Secret"
SHORTEST = 8
"""Characters a secret needs at least: a shorter one could not be masked without hiding ordinary words."""

_ENDINGS = ("TOKEN", "KEY", "SECRET", "PASSWORD", "PASSPHRASE", "CREDENTIAL")
_REFERENCE = re.compile(rf"[A-Z][A-Z0-9_]{{0,63}}_(?:{'|'.join(_ENDINGS)})")
_HOLDS_SECRET = re.compile(rf"(?i)(?:.*[_-])?(?:{'|'.join(_ENDINGS)}|APIKEY|PASSWD|PAT|CREDENTIALS)")
_TELLING_NAME = re.compile(
    r"(?i)(?:.*_)?(?:token|secret|password|passwd|passphrase|credentials?|apikey|(?:api|access|private|secret)_?key)"
)
_KNOWN_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(?:AKIA[0-9A-Z]{16}|gh[a-z]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*|sk-[\w-]{16,}|[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@"
    r"|(?i:password|passwd|token|secret|api_?key)\s*[=:]\s*\S)|-----BEGIN "
)
_LOOKED_AT = 2_000  # characters; a text may be of any length, and looking must not take longer than it is worth
_PIECE = 12
_TURNS = 4
_LONG = 18
_RESTLESS = 0.5  # of a key's characters, three in five differ in kind from the one before; of words run together, two
_TURN = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_WAY_OUT = (
    'put the secret into an environment variable, declare `token: "Secret"` in the notebook, and give the variable\'s '
    'name, such as "OFFICE_TOKEN"'
)


def reveal(name: Secret, environment: Mapping[str, str] | None = None) -> str:
    """Read the secret that a parameter refers to.

    Parameters
    ----------
    name
        Name of the environment variable: capitals, digits and ``_``, ending in ``_TOKEN``, ``_KEY``, ``_SECRET``,
        ``_PASSWORD``, ``_PASSPHRASE`` or ``_CREDENTIAL``.
    environment
        Where to look; the process's own environment where absent.

    Raises
    ------
    ParameterError
        The name is none, or the variable is not set, or what it holds is too short to be masked in outputs. The
        message never holds the secret.
    """
    fault = reference_fault("secret", name)
    if fault:
        raise ParameterError(fault)
    value = (os.environ if environment is None else environment).get(name, "")
    if not value:
        raise ParameterError(f"the environment variable {name} is not set", fix=f"Set {name} before the run")
    if len(value) < SHORTEST:
        raise ParameterError(
            f"the secret in {name} has fewer than {SHORTEST} characters",
            fix="Use a longer one: a short one cannot be masked in outputs without hiding ordinary words",
        )
    return value


def reference_fault(parameter: str, value: object) -> str | None:
    """Why a value is no reference to a secret, or None; the sentence does not repeat the value, which may be one."""
    if not isinstance(value, str):
        return f"{parameter} must be the name of an environment variable, found {type(value).__name__}"
    if _REFERENCE.fullmatch(value) is None or any(_is_random(part) for part in value.split("_")):
        return (
            f"{parameter} must be the name of an environment variable that ends in "
            f"{', '.join(f'_{ending}' for ending in _ENDINGS)}; what was given is not shown, it may be the secret itself: {_WAY_OUT}"
        )
    return None


def literal_fault(parameter: str, value: str) -> str | None:
    """Why a text that is given as it is should be a reference, or None; the sentence does not repeat the text."""
    if value and _TELLING_NAME.fullmatch(parameter):
        return f"{parameter} is named like a secret, and its value would be in every output: {_WAY_OUT}"
    head = value[:_LOOKED_AT]
    if _KNOWN_SHAPES.search(head) or _is_random(head):
        return f"{parameter} looks like a secret (not shown), and it would be in every output: {_WAY_OUT}"
    return None


def values(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Secrets held by variables whose name says so, longest first."""
    found = os.environ if environment is None else environment
    held = {text for name, text in found.items() if _HOLDS_SECRET.fullmatch(name) and len(text) >= SHORTEST}
    return tuple(sorted(held, key=lambda text: (-len(text), text)))


def written_in(text: str, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Names of the variables whose secret stands in a text as it is."""
    found = os.environ if environment is None else environment
    known = values(found)
    return tuple(sorted(name for name, held in found.items() if held in known and held in text))


def spellings(secret: str) -> tuple[str, ...]:
    """How a secret may be written in an output: as it is, quoted, in an address, in hexadecimal, in base64; longest first."""
    found = {secret, *_quoted(secret)}
    raw = secret.encode("utf-8", "surrogateescape")
    found |= {raw.hex(), raw.hex().upper(), *_base64(raw)}
    found |= {line.strip() for line in secret.splitlines() if len(line.strip()) >= 2 * SHORTEST}  # a key in many lines
    return tuple(sorted((text for text in found if len(text) >= SHORTEST), key=lambda text: (-len(text), text)))


def _quoted(secret: str) -> Iterator[str]:
    yield repr(secret)[1:-1]
    yield secret.encode("unicode_escape").decode("ascii")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret, safe="", errors="surrogateescape")
    yield quote(secret, errors="surrogateescape")
    yield secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _base64(raw: bytes) -> Iterator[str]:
    """Give the characters that depend on the secret alone, wherever it stands in what was encoded ("user:secret")."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw + b"\0" * (-(before + len(raw)) % 3)).decode("ascii")
        first = math.ceil(before * 8 / 6)
        certain = whole[first : (before + len(raw)) * 8 // 6]
        yield certain
        yield certain.replace("+", "-").replace("/", "_")


def _is_random(text: str) -> bool:
    """Whether a text has the look of a key: a long piece without a gap in which letters and digits take turns.

    Words, dates and numbers joined by hyphens have their turns at the joints, where they do not count.
    """
    pieces = re.split(r"[^A-Za-z0-9]+", text)
    if any(len(piece) >= _PIECE and len(_TURN.findall(piece)) >= _TURNS for piece in pieces):
        return True
    joined = "".join(pieces)
    kinds = [(c.isdigit(), c.isupper()) for c in joined]
    changes = sum(one != other for one, other in itertools.pairwise(kinds))
    return len(set(kinds)) > 2 and len(joined) >= _LONG and changes >= _RESTLESS * len(joined)
