from app.cli.alignment import aligned


def test_the_first_column_stands_to_the_left_the_others_to_the_right():
    assert aligned([["label", "rows"], ["good", "1,000"], ["bad", "7"]]) == [
        "label   rows",
        "good   1,000",
        "bad        7",
    ]
