"""The child's side of a conversion: `python -m app.conversion.child_main SOURCE KIND SIGNATURE FOLDER`.

The last line of standard output is the answer, as JSON: the result, or what was wrong with the source.
"""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from app.conversion.source import Source
from app.errors import HorngateError
from app.repository.manifest import Tensors

LONGEST_ERROR = 1000


def answer(source: Source, folder: Path) -> dict[str, Any]:
    """Convert; gives `signature`, `parity` and `probabilities`, or `error`."""
    from app.conversion.convert import convert  # noqa: PLC0415  # TensorFlow, once its environment is set

    try:
        made = convert(source, folder)
    except HorngateError as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001  # told to the parent, whatever library it came from
        return {"error": f"{source.path.name} cannot be converted: {type(error).__name__}: {error}"[:LONGEST_ERROR]}
    signature = Tensors.of(made.signature).model_dump(mode="json")
    return {"signature": signature, "parity": made.parity_object(), "probabilities": made.probabilities}


def main(arguments: list[str]) -> None:
    """Convert what the arguments name and print the answer."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of each new batch size
    os.environ["KERAS_BACKEND"] = "tensorflow"
    path, kind, signature, folder = arguments
    source = Source(Path(path), "keras" if kind == "keras" else "saved_model", signature)
    print(json.dumps(answer(source, Path(folder))))  # the parent reads it


if __name__ == "__main__":
    main(sys.argv[1:])
