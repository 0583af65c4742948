"""Features: what a tokenizer makes of examples, as flat arrays that every kind shares.

A *row* is one sequence for the encoder. An example has one row or several (windows of a long text, the choices of a
multiple-choice item); the rows of an example stand together and examples stand in their order.

Arrays (R rows, P pieces in all rows, E examples):

=================  ========  ==============================================================================
``ids``            int32 P   piece ids, special pieces included, no padding
``types``          uint8 P   token type ids (all 0 where the encoder has none)
``row_start``      int64 R+1 row r owns pieces ``row_start[r]:row_start[r + 1]``
``example_start``  int64 E+1 example e owns rows ``example_start[e]:example_start[e + 1]``
``labels``         int32 E   class or index of the right choice; -1 = none (kinds text, pair, choice)
``choice``         int32 R   which choice a row belongs to (choice), which side, 0 = text and 1 = pair (retrieval, bitext)
``word``           int32 P   the word whose first piece stands here and whose tag this row decides; else -1 (tags)
``tag``            int32 P   label id at such pieces, -100 elsewhere (tags)
``char_start``     int32 P   code points of the context covered by the piece; -1 outside the context (span)
``char_end``       int32 P
``start``          int32 R   piece position *within the row* of the first and last gold piece; 0 = no answer here (span)
``end``            int32 R
=================  ========  ==============================================================================

``cut`` counts what did not fit and had to go (never silently): reason -> examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Features:
    """Tokenized examples of one split and language. See the module's table for the arrays."""

    kind: str
    arrays: Mapping[str, Array]
    cut: Mapping[str, int] = field(default_factory=dict)

    @property
    def examples(self) -> int:
        """Number of examples E."""
        return len(self.arrays["example_start"]) - 1

    @property
    def rows(self) -> int:
        """Number of rows R."""
        return len(self.arrays["row_start"]) - 1

    @property
    def pieces(self) -> int:
        """Number of pieces P, padding not counted."""
        return int(self.arrays["row_start"][-1])
