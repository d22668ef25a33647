import pytest

from app.cli.doctor.limits import Limits

MEMINFO = "MemTotal:       1000 kB\nMemFree: 1 kB\n"


@pytest.fixture
def root(tmp_path):
    """A root folder with these files."""

    def make(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Limits(tmp_path)

    return make


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"proc__meminfo": MEMINFO}, 1_024_000),
        ({"proc__meminfo": MEMINFO, "sys__fs__cgroup__memory_dot_max": "max\n"}, 1_024_000),
        ({"proc__meminfo": MEMINFO, "sys__fs__cgroup__memory_dot_max": "500\n"}, 500),
        ({"sys__fs__cgroup__memory__memory_dot_limit_in_bytes": "9223372036854771712"}, None),
        ({"sys__fs__cgroup__memory__memory_dot_limit_in_bytes": "700"}, 700),
        ({"proc__meminfo": "nothing"}, None),
    ],
)
def test_memory_is_the_least_that_anything_allows(root, files, expected):
    assert root(**files).memory_bytes() == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"sys__fs__cgroup__cpu_dot_max": "max 100000\n"}, None),
        ({"sys__fs__cgroup__cpu_dot_max": "150000 100000\n"}, 1.5),
        (
            {"sys__fs__cgroup__cpu__cpu_dot_cfs_quota_us": "-1", "sys__fs__cgroup__cpu__cpu_dot_cfs_period_us": "100"},
            None,
        ),
        (
            {"sys__fs__cgroup__cpu__cpu_dot_cfs_quota_us": "50", "sys__fs__cgroup__cpu__cpu_dot_cfs_period_us": "100"},
            0.5,
        ),
    ],
)
def test_the_share_of_cores_is_read_from_either_version(root, files, expected):
    assert root(**files).cpu_share() == expected


def test_this_machine_tells_its_memory():
    assert (Limits().memory_bytes() or 0) > 2**20
