"""The arithmetic of batches."""

import numpy as np

from app.inference.tensors import cells_of, rows_between, shapes_of, stack


def test_shapes_leave_out_the_rows():
    few, many = ({"x": np.zeros((rows, 3), np.float32)} for rows in (1, 9))
    assert shapes_of(few) == shapes_of(many) == (("x", np.dtype(np.float32), (3,)),)


def test_another_width_dtype_or_name_is_another_shape():
    same = {"x": np.zeros((1, 3), np.float32)}
    others = [{"x": np.zeros((1, 4), np.float32)}, {"x": np.zeros((1, 3), np.int32)}, {"z": same["x"]}]
    assert len({shapes_of(tensors) for tensors in (same, *others)}) == 4


def test_stacking_keeps_the_order_of_the_parts():
    parts = [{"x": np.array([[1], [2]])}, {"x": np.array([[3]])}]
    assert stack(parts)["x"].tolist() == [[1], [2], [3]]


def test_a_single_part_is_not_copied():
    part = {"x": np.array([[1]])}
    assert stack([part]) is part


def test_rows_between_are_a_view_of_every_tensor():
    tensors = {"x": np.arange(4), "y": np.arange(8).reshape(4, 2)}
    part = rows_between(tensors, 1, 3)
    assert part["x"].tolist() == [1, 2]
    assert part["y"].tolist() == [[2, 3], [4, 5]]
    assert np.shares_memory(part["y"], tensors["y"])


def test_cells_are_the_numbers_in_one_row_of_all_tensors():
    assert cells_of(shapes_of({"x": np.zeros((5, 3, 2)), "y": np.zeros(5)})) == 7
    assert cells_of(shapes_of({"x": np.zeros((5, 0))})) == 1
