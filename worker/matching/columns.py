"""What stands below the heads of columns, as in the boxes of a form: labels in one line, their values in the next."""

from collections.abc import Iterator, Sequence

from worker.matching.labels import Label
from worker.matching.tokens import Token


def columns_below(
    heads: Sequence[Token], labels: Sequence[Label], below: Sequence[Token]
) -> Iterator[tuple[Label, list[Token]]]:
    """Each label of a line that has nothing behind it, with the words of the line below that stand under it."""
    for k, label in enumerate(labels):
        next_start = labels[k + 1].start if k + 1 < len(labels) else len(heads)
        if next_start == label.end:
            first = heads[label.start]
            left = first.box.left - first.box.height
            right = heads[next_start].box.left if k + 1 < len(labels) else float("inf")
            yield label, [token for token in below if left <= token.box.left < right]
