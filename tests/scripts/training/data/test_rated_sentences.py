import io
import tarfile

import pytest

from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.problems import Problem
from scripts.training.data.rated_sentences import TABLES, read


@pytest.fixture
def pack(tmp_path):
    """Writes the archive; every table has twenty sentences, and the first one `more` lines after them."""

    def pack(more="", tables=TABLES):
        path = tmp_path / "rated_sentences" / "hutto_ICWSM_2014.tar.gz"
        path.parent.mkdir(exist_ok=True)
        with tarfile.open(path, "w:gz") as archive:
            for table in tables:
                rows = "".join(f"{row}\t{(-2.5, 1.0)[row % 2]}\tsentence {row} of {table}\r\n" for row in range(20))
                content = (rows + (more if table == TABLES[0] else "")).encode(errors="surrogateescape")
                member = tarfile.TarInfo(table)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return tmp_path

    return pack


def texts_of(dataset):
    return [*dataset.train.inputs, *dataset.test.inputs]


def test_the_sentences_of_all_tables_are_read_and_a_tenth_is_held_out(pack):
    sentences = read(pack())
    assert (len(sentences.train.targets), len(sentences.test.targets)) == (54, 6)
    assert sentences.problems == ()
    position = sentences.train.inputs.index(f"sentence 1 of {TABLES[2]}")
    assert sentences.labels[sentences.train.targets[position]] == "positive"


def test_a_sentence_that_hardly_praises_or_blames_is_left_out(pack):
    found = texts_of(read(pack("21\t0.9\twell\n22\t-0.9\tso so\n23\t-1.0\ta pity\n")))
    assert {"well", "so so", "a pity"} & set(found) == {"a pity"}


def test_a_broken_line_is_counted_and_named(pack):
    sentences = read(pack("21\tgood\tfilm\n22\n23\t2.0\n24\t2.0\t \n"))
    place = f"rated_sentences/{TABLES[0]}:"
    assert sentences.problems == (
        Problem(f"{place}21", "expected id, rating and sentence with tabs between"),
        Problem(f"{place}22", "expected id, rating and sentence with tabs between"),
        Problem(f"{place}23", "expected a sentence after the rating"),
        Problem(f"{place}24", "empty text"),
    )


def test_an_archive_without_a_table_is_an_error(pack):
    with pytest.raises(DataInvalid, match=r"expected hutto_ICWSM_2014/movie.* fetch it again"):
        read(pack(tables=TABLES[1:]))


def test_a_damaged_archive_is_an_error(pack):
    folder = pack()
    path = folder / "rated_sentences" / "hutto_ICWSM_2014.tar.gz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataInvalid, match="damaged or cut short"):
        read(folder)


def test_a_lacking_archive_is_named(tmp_path):
    with pytest.raises(DataMissing, match=r"lacks hutto_ICWSM_2014\.tar\.gz"):
        read(tmp_path)
