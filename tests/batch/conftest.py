import pytest

from derm_xai.batch.cases import read_cases


@pytest.fixture
def cases(tmp_path):
    """What reads the cases of a table, given as text."""

    def read(text: str):
        (tmp_path / "cases.csv").write_bytes(text.encode("utf-8-sig"))
        return list(read_cases(tmp_path / "cases.csv"))

    return read
