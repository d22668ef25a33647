"""What can be wrong with data; the command line shows the message, never a traceback.

HorngateError
└── DataError
    ├── DataInvalid    the data are there and cannot be used: damaged, of one class, mostly broken rows
    └── DataMissing    no known file of the set is in the folder

RowInvalid             one row is broken: it is counted and named, the others are kept
"""

from app.errors import HorngateError


class DataError(HorngateError):
    """Anything about data that the user can mend."""

    code = "data_error"
    title = "The data cannot be used"


class DataInvalid(DataError):
    """The data cannot be used; the message names the file."""

    code = "data_invalid"
    title = "The data are not valid"


class DataMissing(DataError):
    """A folder lacks the set; the message names the files that were looked for."""

    code = "data_missing"
    title = "The data were not found"


class RowInvalid(Exception):
    """One row is broken; the message is the reason, in the words of a `Problem`, `at` what its place is followed by."""

    def __init__(self, reason: str, at: str = "") -> None:
        super().__init__(reason)
        self.at = at
