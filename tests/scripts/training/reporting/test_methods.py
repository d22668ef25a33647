from scripts.training.reporting.blocks import Heading, Paragraph, Table
from scripts.training.reporting.methods import ways_of_training

RUN = {"accuracy": 0.91, "bytes": 4000, "batch_milliseconds": {"1": 0.5, "32": 4.0}}
REPORT = {
    "teachers": [{"name": "topic_teacher"}, {"name": "models/topic/1"}],
    "folds": {
        "count": 2,
        "folds": [{"rows": 100, "best_epoch": 2, "val_accuracy": 0.9, "val_loss": 0.3}] * 2,
        "mean": {"val_accuracy": 0.9, "val_loss": 0.3},
        "standard_deviation": {"val_accuracy": 0.01, "val_loss": 0.02},
    },
    "pruning": {"sparsity": 0.8, "bytes": 1000, "compressed_bytes": 300},
    "quantisation": {"onnx": {"float32": RUN, "int8": {**RUN, "accuracy": 0.9}, "mcnemar": {"p_value": 0.04}}},
}


def test_nothing_is_said_of_what_was_not_switched_on():
    assert list(ways_of_training({})) == []


def test_every_method_has_its_section():
    blocks = list(ways_of_training(REPORT))
    titles = [block.text for block in blocks if isinstance(block, Heading)]
    assert titles == ["Teachers", "Cross-validation", "Pruning", "In eight bits"]
    told = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert "`topic_teacher`, `models/topic/1`" in told
    assert "80.0% of the weights" in told


def test_folds_end_with_mean_and_spread_and_eight_bits_stand_below_the_whole():
    folds, bits = (block for block in ways_of_training(REPORT) if isinstance(block, Table))
    assert folds.rows[0] == ["fold 1", "100", "0.9000", "0.3000"]
    assert folds.rows[-1][2:] == ["0.9000 ± 0.0100", "0.3000 ± 0.0200"]
    assert bits.head == ["runtime", "accuracy", "bytes", "batch of 1", "batch of 32", "p"]
    assert bits.rows == [
        ["onnx, float32", "0.9100", "4,000", "0.500 ms", "4.000 ms", ""],
        ["onnx, int8", "0.9000", "4,000", "0.500 ms", "4.000 ms", "0.04"],
    ]


def test_a_runtime_that_could_not_be_measured_leaves_no_empty_table():
    assert not any(isinstance(block, Table) for block in ways_of_training({"quantisation": {}}))
