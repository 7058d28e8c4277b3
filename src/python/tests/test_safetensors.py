import json
import struct

import numpy as np
import pytest

from demofl import safetensors


def test_what_was_saved_is_loaded_in_its_order(tmp_path):
    path = str(tmp_path / "m.safetensors")
    tensors = {"z": np.arange(6, dtype=np.float64).reshape(2, 3), "a.ü": np.float32(3), "t": np.arange(6, dtype=np.float32).reshape(3, 2).T}
    safetensors.save(path, tensors)
    loaded = safetensors.load(path)
    assert list(loaded) == list(tensors) and all(a.dtype == np.float32 for a in loaded.values())
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(loaded[name], tensor)
        assert loaded[name].shape == np.shape(tensor)
    assert struct.unpack("<Q", open(path, "rb").read(8))[0] % 8 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["m.safetensors"]


@pytest.mark.parametrize("content", [
    b"", b"1234567", struct.pack("<Q", 2 ** 60) + b"{}",
    struct.pack("<Q", 64) + json.dumps({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode().ljust(64) + b"1234",
    struct.pack("<Q", 64) + json.dumps({"a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}).encode().ljust(64) + b"1234",
])
def test_what_is_no_whole_file_is_refused(tmp_path, content):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError):
        safetensors.load(str(path))
