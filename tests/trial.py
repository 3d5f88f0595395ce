"""A small archive that tests build, break and read, with the real rules of the library and made-up place names."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dxanalysis.data.sources import DESCRIPTOR, file_hash, write_descriptor
from dxanalysis.project import Project

ROOT = Path(__file__).parents[1]

INDICATORS = """indicator,name_vi,name_en,definition_vi,definition_en,unit,lower,upper,direction,kind,owner,aggregation,measured_by
coverage,Độ phủ,Coverage,Tỷ lệ hộ có kết nối,Households with a connection,percent,0,100,up,share,NSO,none,
growth,Tăng trưởng,Growth,Tốc độ tăng,Rate of growth,percent,,,up,growth,NSO,none,
level,Quy mô,Level,Giá trị,Value,bn_vnd,0,,up,level,NSO,sum,
"""
REGIONS = """boundary_set,region,name_vi,name_en,kind,parent,valid_from,valid_to
VN,VN,Việt Nam,Viet Nam,nation,,,
63,64,Gia Lai,Gia Lai,province,,,2025-06-30
63,52,Bình Định,Binh Dinh,province,,,2025-06-30
34,52,Gia Lai,Gia Lai,province,,2025-07-01,
"""
SPELLINGS = "boundary_set,region,spelling\nVN,VN,Cả nước\n"
MERGERS = "old_region,new_region,effective,source\n63-64,34-52,2025-07-01,law\n63-52,34-52,2025-07-01,law\n"
SOURCES = """source,title,publisher,url,licence,note
law,Resolution 202/2025/QH15,National Assembly,,public document,
office,Statistical release,NSO,https://example.org/release,"official statistics, cite",
"""
HEADING = "indicator,boundary_set,region,period,value,unit,released_from,released_to,status,source,note\n"
ROWS = """coverage,63,64,2022,50,percent,2023-01-10,2023-01-10,actual,office,
coverage,63,64,2023,55.5,percent,2024-01-10,2024-01-10,estimate,office,
growth,34,52,2025,7.2,percent,2026-01-05,2026-01-05,estimate,office,
"""
TARGET_HEADING = (
    "target,indicator,boundary_set,region,deadline,comparator,value,upper,unit,meaning,"
    "released_from,released_to,source,note\n"
)
TARGETS = "T1,coverage,63,64,2025,>=,80,,percent,at,2022-01-01,2022-01-01,office,\n"


@dataclass(frozen=True, slots=True)
class Archive:
    """data/raw and data/processed of a project in a temporary folder."""

    project: Project

    @property
    def raw(self) -> Path:
        return self.project.raw

    @property
    def processed(self) -> Path:
        return self.project.processed

    def write(self, path: str, content: str | bytes, **entry: object) -> None:
        """Write a raw file and list it with its hash; ``entry`` adds to its descriptor entry."""
        file = self.raw / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.list(path, **entry)

    def list(self, path: str, **entry: object) -> None:
        """List a file with its present hash."""
        descriptor_path = self.raw / DESCRIPTOR
        descriptor = json.loads(descriptor_path.read_text()) if descriptor_path.is_file() else {"resources": []}
        kept = [item for item in descriptor["resources"] if item["path"] != path]
        new = {
            "name": path,
            "path": path,
            "hash": f"sha256:{file_hash(self.raw / path)}",
            "retrieved": "2026-11-23",
            **entry,
        }
        write_descriptor(self.raw, {**descriptor, "resources": [*kept, new]})

    def observations(self, rows: str, path: str = "observations/figures.csv") -> None:
        """Replace the file of observations by the given rows."""
        self.write(path, HEADING + rows)

    def targets(self, rows: str) -> None:
        """Replace the file of targets by the given rows."""
        self.write("targets.csv", TARGET_HEADING + rows)


class Said(NamedTuple):
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]
