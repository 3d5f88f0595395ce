from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from dxanalysis.accounts.tables.readers.statistics_office import read_statistics_office
from dxanalysis.errors import DataError

# Made up, in the layout that the office's publications describe.
TABLE = """BẢNG CÂN ĐỐI LIÊN NGÀNH NĂM 2019|||||||||||||
Đơn vị tính: Triệu đồng|||||||||||||
|Ngành sản phẩm|Nông nghiệp|Điện tử|Dịch vụ|Tổng tiêu dùng trung gian|Tiêu dùng của hộ gia đình|Chi tiêu của Chính phủ|Tích lũy TSCĐ|Thay đổi tồn kho|Xuất khẩu|Tổng sử dụng cuối cùng|Nhập khẩu|Giá trị sản xuất
Mã|Tên ngành|1|2|3|TDTG|C|G|I|TK|E|TSDCC|M|GO
1|Nông nghiệp|100,5|20|30,5|151|500|-|40|-10,5|300|829,5|80,5|900
2|Điện tử|10|1.000|90|1.100|400|50|300|25|2.000|2.775|875|3.000
3|Dịch vụ|89,5|380|229,5|699|1.000|600|100|-|151|1.851|50|2.500
|Tổng chi phí trung gian|200|1.400|350|1.950||||||||
VA1|Thu nhập của người lao động|500|600|1.200|2.300||||||||
VA2|Thuế sản xuất|20|100|150|270||||||||
VA3|Khấu hao tài sản cố định|30|300|200|530||||||||
VA4|Thặng dư sản xuất|150|600|600|1.350||||||||
VA|Giá trị tăng thêm|700|1.600|2.150|4.450||||||||
GO|Giá trị sản xuất|900|3.000|2.500|6.400||||||||
Nguồn: ví dụ|||||||||||||"""


def workbook(folder: Path, text: str = TABLE) -> Path:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append([cell or None for cell in line.split("|")])
    book.save(folder / "IO2019.xlsx")
    return folder / "IO2019.xlsx"


def test_a_table_with_vietnamese_headings_and_numbers(tmp_path: Path) -> None:
    table = read_statistics_office(workbook(tmp_path), year=2019, classification="nso3")
    assert (table.sectors, table.labels[1], table.kind) == (("1", "2", "3"), "Điện tử", "product")
    assert (str(table.unit), table.decimals, table.layout) == ("million VND", 1, "competitive")
    assert table.demands == ("households", "government", "investment", "inventories", "exports")
    assert table.components == ("compensation", "taxes_on_production", "depreciation", "surplus")
    np.testing.assert_array_equal(table.flows[0], [100.5, 20, 30.5])
    np.testing.assert_array_equal(table.imports, [80.5, 875, 50])
    np.testing.assert_array_equal(table.final[2], [1000, 600, 100, 0, 151])
    assert table.gdp == 4450


def test_a_printed_total_that_is_wrong_is_found(tmp_path: Path) -> None:
    wrong = TABLE.replace("|2.000|2.775|", "|2.000|2.757|")
    with pytest.raises(
        DataError, match=r"'Tổng sử dụng cuối cùng' does not add up(?s:.)*row 6, column L.*'2.757'; expected 2,775"
    ):
        read_statistics_office(workbook(tmp_path, wrong), year=2019, classification="nso3")


def test_a_heading_of_another_year_is_asked_about(tmp_path: Path) -> None:
    other = TABLE.replace("Thay đổi tồn kho", "Tích lũy khác")
    with pytest.raises(DataError, match=r"column J: found 'TK'(?s:.)*columns=\{'TK': \.\.\.\}"):
        read_statistics_office(workbook(tmp_path, other), year=2019, classification="nso3")
    path = workbook(tmp_path, other)
    table = read_statistics_office(path, year=2019, classification="nso3", columns={"TK": "inventories"})
    assert table.demands[3] == "inventories"
