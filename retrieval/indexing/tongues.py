"""Tongues: which language an article is in, as its ISO 639-1 code."""

from __future__ import annotations

from retrieval.indexing.scripts import Script, script_of

READ = 4_000
"""Characters that are looked at."""
_OWN = {
    Script.CHINESE: "zh",
    Script.JAPANESE: "ja",
    Script.KOREAN: "ko",
    Script.THAI: "th",
    Script.GREEK: "el",
    Script.HEBREW: "he",
}
"""Scripts that stand for one language each, as good as always."""


def language_of(text: str) -> str | None:
    """The language most of `text` is in; None where it has no letters."""
    read = text[:READ]
    script = script_of(read)
    if script in _OWN:
        return _OWN[script]
    if script is Script.OTHER and not any(character.isalpha() for character in read):
        return None
    # Slow to load, and only articles in Latin, Cyrillic, Arabic and Indic scripts need it.
    import py3langid

    return str(py3langid.classify(read)[0])
