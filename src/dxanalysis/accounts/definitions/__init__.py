"""What counts as digital: recognised definitions as data, and how they fall on a table's sectors."""

from dxanalysis.accounts.definitions.definition import (
    Code,
    Coverage,
    Definition,
    cover,
    definition,
    load_definition,
    registry,
    unsettled,
)

__all__ = ["Code", "Coverage", "Definition", "cover", "definition", "load_definition", "registry", "unsettled"]
