import errno
import os

import click
import pytest

from app.errors import HorngateError
from scripts.console import told_plainly


class Broken(HorngateError):
    code = "broken"
    title = "Broken"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Broken("no luck"), "no luck"),
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "models/m/1/model.onnx"),
            "models/m/1/model.onnx: No space left on device; make room, then run the command again",
        ),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Disk quota exceeded; make room, then run the command again"),
    ],
)
def test_what_can_go_wrong_is_one_line(error, told):
    with pytest.raises(click.ClickException) as caught, told_plainly():
        raise error
    assert caught.value.message == told


def test_what_nobody_foresaw_is_told_in_full():
    with pytest.raises(PermissionError), told_plainly():
        raise PermissionError(errno.EACCES, "Permission denied")
