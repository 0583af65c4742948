"""Parts of speech of Universal Dependencies, in the languages of XTREME.

CoNLL-U is read as syntactic words; XTREME's processed files hold surface tokens (a contraction is one token with one
tag), so that scores on the two are not comparable.
"""

from intermezzo.languages import of_source
from intermezzo.tasks.task import Layout, Task

# Test sentences of UD 2.5, all treebanks of a language together (as the ``datasets`` library reads XTREME).
TEST = {
    **{"afr-Latn": 425, "arb-Arab": 1_680, "bul-Cyrl": 1_116, "deu-Latn": 22_458, "ell-Grek": 2_809, "eng-Latn": 5_440},
    **{"spa-Latn": 3_147, "est-Latn": 3_760, "eus-Latn": 1_799, "pes-Arab": 600, "fin-Latn": 4_422, "fra-Latn": 9_465},
    **{"heb-Hebr": 491, "hin-Deva": 2_684, "hun-Latn": 449, "ind-Latn": 1_557, "ita-Latn": 3_518, "jpn-Jpan": 2_372},
    **{"kaz-Cyrl": 1_047, "kor-Hang": 4_276, "mar-Deva": 47, "nld-Latn": 1_471, "por-Latn": 2_681, "rus-Cyrl": 11_336},
    **{"tam-Taml": 120, "tel-Telu": 146, "tha-Thai": 1_000, "tgl-Latn": 55, "tur-Latn": 4_785, "urd-Arab": 535},
    **{"vie-Latn": 800, "yor-Latn": 100, "cmn-Hant": 5_528},
}

TASK = Task(
    id="udpos",
    kind="tags",
    roles=("intermediate", "target"),
    languages=of_source("ud"),
    metrics=("f1", "precision", "recall", "token_accuracy"),
    labels=tuple("ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()),
    sources=(
        Layout(
            files={
                split: f"UD_*/{{lang}}_*-ud-{split}.conllu|ud-treebanks-v2.5/UD_*/{{lang}}_*-ud-{split}.conllu"
                f"|{{lang}}_*-ud-{split}.conllu"
                for split in ("train", "dev", "test")
            },
            format="conllu",
            codes="ud",
        ),
        Layout(
            files={"train": "train-{lang}.tsv", "dev": "dev-{lang}.tsv", "test": "test-{lang}.tsv"},
            format="conll",
            codes="ud",
            options={"separator": "tab", "unlabelled": ("test",)},
        ),
    ),
    official_rows={
        "train eng-Latn": 21_253,
        "dev eng-Latn": 3_974,
        **{f"test {language}": rows for language, rows in TEST.items()},
    },
    licence="by treebank: CC BY-SA 4.0 and others; some CC BY-NC-SA (Turkish-IMST, Tamil-TTB)",
    non_commercial=True,
    citation="Nivre et al. 2020, Universal Dependencies v2, LREC; Hu et al. 2020, XTREME, ICML",
)
