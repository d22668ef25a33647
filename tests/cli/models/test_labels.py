import pytest

from app.cli.models.labels import found_labels, given_labels
from app.conversion.errors import SourceInvalid
from app.conversion.source import Source


def test_labels_stand_in_a_file_or_between_commas(write):
    assert given_labels(str(write("names.txt", "rose\nlily of the valley\n\n"))) == ("rose", "lily of the valley")
    assert given_labels("rose, tulip") == ("rose", "tulip")


def test_labels_are_found_in_a_saved_models_folder_or_beside_a_file(tmp_path, write):
    assert found_labels(Source(tmp_path / "a.onnx", "onnx")) == ()
    write("labels.txt", "a\nb")
    assert found_labels(Source(tmp_path / "a.onnx", "onnx")) == ("a", "b")
    folder = write("saved/assets/labels.txt", "c\nd").parent.parent
    assert found_labels(Source(folder, "saved_model")) == ("c", "d")


@pytest.mark.parametrize(
    ("content", "message"),
    [("a\n\nb", "received an empty one"), ("a\nb\na", "received 'a' twice"), (b"\xff\xfe", "one a line in UTF-8")],
)
def test_labels_that_cannot_be_told_apart_are_refused(write, content, message):
    with pytest.raises(SourceInvalid, match=message):
        given_labels(str(write("labels.txt", content)))
