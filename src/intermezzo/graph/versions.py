"""Meaning versions of the job types: part of every identity.

Raise a number by hand when the code of that job type gives other results for the same meaning; golden tests fail when
results move and the number did not. (The numbers stand here and not beside the code because planning must not load it.)
"""

from __future__ import annotations

JOB_VERSIONS = {"tokenize": 1, "train": 1, "predict": 1, "score": 1}
