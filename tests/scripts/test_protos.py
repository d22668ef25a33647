"""What is committed beside the `.proto` files is what the compiler makes of them."""

from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from scripts import protos


def test_compiling_again_gives_what_is_committed(tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools", reason="the compiler is in the dev extra")
    protos.compile_protos(tmp_path)
    made, committed = (
        FileDescriptorSet.FromString((root / protos.DESCRIPTORS).read_bytes()) for root in (tmp_path, protos.REPOSITORY)
    )
    assert made == committed
    stubs = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.pyi"))
    assert len(stubs) == len(list((protos.REPOSITORY / protos.PROTOS).glob("*.proto")))
    assert all((tmp_path / stub).read_text() == (protos.REPOSITORY / stub).read_text() for stub in stubs)


def test_a_file_that_does_not_compile_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("grpc_tools", reason="the compiler is in the dev extra")
    (tmp_path / protos.PROTOS).mkdir(parents=True)
    (tmp_path / protos.PROTOS / "broken.proto").write_text("message {")
    monkeypatch.setattr(protos, "REPOSITORY", tmp_path)
    with pytest.raises(RuntimeError, match=r"broken\.proto; received exit code 1"):
        protos.compile_protos(tmp_path)
    assert "broken.proto" in capfd.readouterr().err
