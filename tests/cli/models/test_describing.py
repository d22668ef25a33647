import pytest

from app.cli.models.describing import bytes_in, size_text


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 * 2**20, "5.0 MiB"), (2**42, "4096.0 GiB")]
)
def test_sizes_are_told_in_the_unit_that_suits(size, text):
    assert size_text(size) == text


def test_a_folder_is_as_large_as_all_its_files(write, tmp_path):
    write("a/b", "12")
    write("a/c/d", "345")
    assert bytes_in(tmp_path / "a") == 5
