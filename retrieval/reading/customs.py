"""Customs: what a site makes of its posts beyond what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Customs:
    """How a site reads its posts; without a site, as most do."""

    zone: tzinfo | None = None
    """Of dates that name none."""
    hard_breaks: bool = False
    """Whether every newline in a paragraph of Markdown is a line break, as with Hexo."""
    blanks_separate: bool = False
    """Whether categories, and tags, that are one string are separated by blanks, as with Jekyll."""


USUAL = Customs()
"""Without a site."""
