"""Two files, line by line translations of each other; side file ``pair`` is the English one.

With a side file ``gold`` the English file stands in an order of its own: line i of ``gold`` is the row (from 0) of the
sentence that English line i translates (XTREME's form of Tatoeba), and records follow the English order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from intermezzo.tasks.formats import _source
from intermezzo.tasks.formats._source import Faults, Record, Source


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records with text (the language) and pair (English). Files of unequal length and blank lines are faults."""
    texts, pairs = _side(source.path, faults), _side(source.others["pair"], faults)
    faults.file = str(source.path)
    if len(texts) != len(pairs):
        other = source.others["pair"]
        raise faults.stop(f"has {len(texts)} lines, {other.name} has {len(pairs)}", allowed="equal numbers of lines")
    order = _gold(source.others["gold"], len(texts), faults) if "gold" in source.others else range(len(texts))
    faults.check()
    for number, place in enumerate(order):
        yield Record({"text": texts[place], "pair": pairs[number]}, line=place + 1)


def _side(path: Path, faults: Faults) -> list[str]:
    found = []
    for number, line in _source.lines(path, faults):
        if not line.strip():
            faults.add("blank line", line=number, allowed="one sentence a line")
        found.append(line)
    return found


def _gold(path: Path, size: int, faults: Faults) -> list[int]:
    order: list[int] = []
    for number, line in _source.lines(path, faults):
        if line.isascii() and line.isdigit() and int(line[:18]) < size:
            order.append(int(line))
        else:
            faults.add(f"is {line[:40]!r}", line=number, allowed=f"a row from 0 to {size - 1}")
    if not faults.problems and len(order) != size:
        raise faults.stop(f"has {len(order)} lines", allowed=f"{size}, one a sentence")
    return order
