"""Parquet tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from intermezzo.errors import nearest
from intermezzo.tasks.formats._source import Faults, Record, Source
from intermezzo.tasks.formats._table import picked


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records of a Parquet file, rows from 1; option ``where``. A column may be a path into a struct (``a.b``)."""
    import pyarrow  # type: ignore[import-untyped]
    import pyarrow.parquet  # type: ignore[import-untyped]

    faults.file = str(source.path)
    try:
        if source.path.stat().st_size == 0:
            raise faults.stop("the file is empty", allowed="at least one item")
        table = pyarrow.parquet.ParquetFile(source.path)
        names = _columns(source, table.schema_arrow.names, faults)
        number = 0
        for batch in table.iter_batches(batch_size=4096, columns=names):
            for item in batch.to_pylist():
                number += 1
                values = picked(item, source, faults, row=number)
                if values is not None:
                    yield Record(values, row=number)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        first = str(error).split("\n")[0]
        raise faults.stop(f"cannot be read as Parquet: {first}") from None


def _columns(source: Source, there: list[str], faults: Faults) -> list[str]:
    wanted: list[str] = [str(name) for name in source.options.get("where", {})]
    for role, column in source.columns.items():
        for one in column if isinstance(column, tuple) else (column,):
            name: Any = there[one] if isinstance(one, int) and one < len(there) else str(one)
            top = name if name in there else str(name).split(".")[0]
            if top in there:
                wanted.append(top)
            elif not source.may_lack(role):
                faults.add(f"no column {name!r}", field=role, allowed=", ".join(there), near=nearest(str(name), there))
    faults.check()
    return list(dict.fromkeys(wanted))
