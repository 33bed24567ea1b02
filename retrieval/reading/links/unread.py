"""Front matter that a person understands and the site's generator does not: no page is where it says.

Observed with Hexo 8.1.2, Jekyll 4.3.1 and Hugo 0.168.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from retrieval.reading.frontmatter import FrontMatter

Generator: TypeAlias = Literal["Hexo", "Jekyll", "Hugo"]

_FORMS: Mapping[Generator, frozenset[str]] = {
    "Hexo": frozenset(["---", ";;;", "none"]),
    "Jekyll": frozenset(["---", "..."]),
    "Hugo": frozenset(["---", "+++", "{"]),
}
_ABOVE: Mapping[Generator, frozenset[str]] = {"Hexo": frozenset(["", "\n"]), "Jekyll": frozenset([""])}
"""White space that may stand above; Hugo takes any."""
_BROKEN: Mapping[Generator, str] = {
    "Hexo": "Hexo makes no page of it",
    "Jekyll": "Jekyll passes over it, and the address changes with the day of the build",
    "Hugo": "Hugo does not build the site",
}


def unread(front: FrontMatter, generator: Generator) -> str | None:
    """Why `generator` does not read `front`, or reads something else; None if it reads the same."""
    if front.problem is not None and not (generator == "Jekyll" and "stands twice" in front.problem):
        return f"its front matter is broken ({front.problem}): {_BROKEN[generator]}"
    if front.form not in _FORMS[generator]:
        return f"{generator} does not know this form of front matter"
    if generator in _ABOVE and front.above not in _ABOVE[generator]:
        return f"{generator} does not read front matter below blank lines; remove them"
    return None
