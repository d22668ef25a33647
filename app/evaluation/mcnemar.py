"""McNemar's test: whether two models that were judged on the same rows differ."""

import math


def exact_p_value(only_first: int, only_second: int) -> float:
    """The two-sided p-value of the exact test; 1 where no row tells the two apart.

    Of the rows that just one of the two has right, as many would be each one's, were they equally good. McNemar,
    Psychometrika 12 (1947), 153–157.
    """
    rows, fewer = only_first + only_second, min(only_first, only_second)
    log_halves = math.lgamma(rows + 1) - rows * math.log(2)
    tail = math.fsum(
        math.exp(log_halves - math.lgamma(count + 1) - math.lgamma(rows - count + 1)) for count in range(fewer + 1)
    )
    return min(1.0, 2 * tail)
