"""The table of messages is that of the .proto files."""

import pathlib
import shutil
import subprocess

import pytest
from google.protobuf import descriptor_pb2

from demofl import _messages

PROTOS = pathlib.Path(__file__).resolve().parents[3] / "protos"


@pytest.mark.skipif(shutil.which("protoc") is None or not PROTOS.is_dir(), reason="needs protoc and a checkout")
def test_messages_are_those_of_the_proto_files(tmp_path):
    out = tmp_path / "set"
    subprocess.run(["protoc", f"-I{PROTOS}", f"--descriptor_set_out={out}", "--include_imports", "demofl/v1/trainer.proto"], check=True)
    compiled = {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file}

    for ours in _messages.FILES[:2]:
        theirs = compiled[ours.name]
        for message in theirs.message_type:
            for field in message.field:
                field.ClearField("json_name")
        assert list(ours.message_type) == list(theirs.message_type)
        assert [name for name in compiled if name != "demofl/v1/trainer.proto"] == ["demofl/v1/tensor.proto"]


def test_service_is_that_of_the_proto_file():
    from demofl._service import TRAINER

    text = (PROTOS / "demofl" / "v1" / "trainer.proto").read_text()
    assert TRAINER == "demofl.v1.Trainer" and "service Trainer {" in text
    assert "rpc Describe(DescribeRequest) returns (TrainerDescription)" in text
    assert "rpc Train(stream TrainRequest) returns (stream TrainReply)" in text
