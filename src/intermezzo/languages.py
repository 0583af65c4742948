"""Language codes: every usual way to write a language, read as ISO 639-3 + ISO 15924 (``swh-Latn``).

The table ``data/languages.csv`` gives, for each source of data, what the code of that source means: ``zh`` is
Simplified Chinese in XNLI and Traditional Chinese in the treebank UD_Chinese-GSD. File names are no language codes.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from intermezzo.errors import InputError, Problem, nearest

ANY = "any"
ISO_639_3 = "iso639-3"
ENGLISH = "eng-Latn"
# ISO 639-3 keeps qaa to qtz for private use: a language that no list has can be named with one of them.
_PRIVATE = re.compile(r"q[a-t][a-z]-[A-Z][a-z]{3}")


@dataclass(frozen=True)
class Language:
    """A language as Intermezzo writes it: code (``swh-Latn``), English name, a note on what the code covers."""

    code: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class _Table:
    languages: dict[str, Language]
    codes: dict[str, dict[str, str]]
    inverse: dict[str, dict[str, str]]
    unique: dict[str, str]
    canonical: dict[str, str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    text = resources.files("intermezzo").joinpath("data/languages.csv").read_text(encoding="utf-8")
    languages: dict[str, Language] = {}
    codes: dict[str, dict[str, str]] = {}
    inverse: dict[str, dict[str, str]] = {}
    meanings: dict[str, set[str]] = {}
    for row in csv.DictReader(text.split("\n")):
        source, code, meant, name, note = (row[key] for key in ("source", "code", "canonical", "name", "macro_note"))
        if meant not in languages:
            languages[meant] = Language(meant, name)
        if source == ANY and note and code == meant[:3]:
            languages[meant] = Language(meant, name, note)
        codes.setdefault(source, {})[_key(code)] = meant
        inverse.setdefault(source, {}).setdefault(meant, code)
        meanings.setdefault(_key(code), set()).add(meant)
    unique = {code: next(iter(found)) for code, found in meanings.items() if len(found) == 1}
    for language in languages.values():
        unique.setdefault(_key(language.name), language.code)
    return _Table(languages, codes, inverse, unique, {_key(code): code for code in languages})


def _key(text: str) -> str:
    return " ".join(text.replace("_", "-").casefold().split())


def canonical(text: str, source: str = ANY) -> str:
    """The canonical code (``swh-Latn``) of a language in any usual form.

    text: a code of ``source``, a canonical code (``swh-Latn``, ``swh_Latn``), a two- or three-letter code, an English
        name; upper and lower case count as equal.
    source: whose codes they are (a source of the table: xtreme, ud, sib200, tatoeba, ...); its codes win over all else.
    Raises ``InputError`` with the nearest spelling when nothing is meant by it.
    """
    table = _table()
    key = _key(text)
    for found in (table.codes.get(source, {}), table.codes[ANY]):
        if key in found:
            return found[key]
    for known in (table.canonical, table.unique):
        if key in known:
            return known[key]
    private = f"{key[:4]}{key[4:].capitalize()}"
    if _PRIVATE.fullmatch(private):
        return private
    names = [language.name for language in table.languages.values()]
    options = [*table.languages, *(code for code in table.inverse[ANY].values() if len(code) <= 3), *names]
    raise InputError(
        Problem(
            f"unknown language {text!r}",
            allowed="a code or an English name, see `intermezzo languages`; qaa-Latn to qtz-Latn for others",
            near=nearest(text, options),
        )
    )


def source_code(code: str, source: str) -> str:
    """How a source spells a canonical code; the inverse of ``canonical``.

    Where a source has several codes for it, the first of the table. ``any`` spells it canonically, ``iso639-3`` in
    three letters. Raises ``InputError`` for a source that has no such language.
    """
    if source == ANY:
        return code
    if source == ISO_639_3:
        return code[:3]
    table = _table()
    if source not in table.inverse:
        known = (ANY, ISO_639_3, *table.codes)
        raise InputError(
            Problem(
                f"unknown source of codes {source!r}",
                allowed=", ".join(dict.fromkeys(known)),
                near=nearest(source, known),
            )
        )
    if code not in table.inverse[source]:
        raise InputError(Problem(f"{source} has no language {code!r}", allowed=", ".join(of_source(source))))
    return table.inverse[source][code]


def of_source(source: str) -> tuple[str, ...]:
    """The canonical codes that a source of the table has, in its order, each once."""
    return tuple(_table().inverse[source])


def all_languages() -> tuple[Language, ...]:
    """Every language of the table, sorted by code."""
    return tuple(sorted(_table().languages.values(), key=lambda language: language.code))
