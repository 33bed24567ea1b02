"""Answers on the terminal, and as JSON."""

from __future__ import annotations

import unicodedata
from typing import Any

from retrieval.records import Answer, Article, Hit

_BOLD, _DIM, _LINK, _PLAIN = "\033[1m", "\033[2m", "\033[4;36m", "\033[0m"


def to_json(answer: Answer, milliseconds: float) -> dict[str, Any]:
    """The object that `ask-articles --json` prints for a question."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "hits": [_hit_json(rank, hit) for rank, hit in enumerate(answer.hits, 1)],
        "milliseconds": round(milliseconds, 1),
    }


def _hit_json(rank: int, hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "rank": rank,
        "score": round(hit.score, 4),
        "text": hit.text,
        "highlight": list(hit.highlight) if hit.highlight else None,
        "title": article.title,
        "url": hit.url or article.url,
        "path": article.path,
        "date": article.date.isoformat() if article.date else None,
        "author": article.author,
        "categories": list(article.categories),
        "also_in": [{"title": m.title, "url": m.url, "path": m.path} for m in hit.also_in],
    }


def to_text(answer: Answer, *, colour: bool) -> str:
    """The answer as a person reads it in a terminal."""
    passages = [_hit_text(rank, hit, colour) for rank, hit in enumerate(answer.hits, 1)]
    if answer.answered:
        return "\n".join(passages)
    if not passages:
        return "No article matches.\n"
    head = "No article seems to answer this. The nearest passages:"
    return "\n".join([_style(head, _DIM, colour) + "\n", *passages])


def _hit_text(rank: int, hit: Hit, colour: bool) -> str:
    head = f"{rank}. {_style(_safe(hit.article.title), _BOLD, colour)}"
    lines = [head, f"   {_style(_source(hit.article), _DIM, colour)}"]
    lines += [f"   {line}" for line in _marked(hit, colour).split("\n")]
    if link := hit.url or hit.article.url:
        lines.append(f"   {_style(_safe(link), _LINK, colour)}")
    lines += [f"   also in: {_safe(mention.title)} ({_safe(mention.path)})" for mention in hit.also_in]
    return "\n".join(lines) + "\n"


def _source(article: Article) -> str:
    day = article.date.isoformat()[:10] if article.date else None
    return " · ".join(_safe(part) for part in (day, article.author, article.path) if part)


def _marked(hit: Hit, colour: bool) -> str:
    if hit.highlight is None or not colour:
        return _safe(hit.text, keep="\n")
    start, end = hit.highlight
    inside = "\n".join(_style(_safe(line), _BOLD, True) for line in hit.text[start:end].split("\n"))
    return _safe(hit.text[:start], keep="\n") + inside + _safe(hit.text[end:], keep="\n")


def _safe(text: str, keep: str = "") -> str:
    """`text` without control characters: what an article holds must not steer a terminal."""
    return "".join(c if c in keep or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)


def _style(text: str, style: str, colour: bool) -> str:
    return f"{style}{text}{_PLAIN}" if colour and text else text
