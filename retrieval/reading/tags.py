"""Tags of the site generators: the text that one leaves on the page.

Sources: https://hexo.io/docs/tag-plugins, https://theme-next.js.org/docs/tag-plugins, https://butterfly.js.org,
https://gohugo.io/shortcodes, https://www.docsy.dev/docs/adding-content/shortcodes, https://mcshelby.github.io/hugo-theme-relearn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape

_SHOWN = ("title", "header", "heading", "summary", "subtitle", "caption", "content", "text", "description")
"""Named arguments that themes print, in the order of their printing."""
_HEADINGS = frozenset("note subnote hideBlock hideToggle timeline timenode folding fold".split())
"""Tags whose text stands over what they enclose."""
_APART = frozenset("galleryGroup blockquote quote include include_relative include_cached poem".split())
"""Tags whose text is a paragraph."""
_EMBEDS = frozenset("youtube vimeo bilibili video audio music iframe tweet gist".split())
"""What names its frame, not the page."""
_POSITIONS: Mapping[str, int] = {"expand": 0, "details": 0, "tab": 0, "notice": 1, "admonition": 1, "link": 1}
"""Where a title stands among arguments without a name."""
_ARGUMENT = re.compile(r"(?:([\w-]+)\s*=\s*)?(?:\"((?:\\.|[^\"\\])*)\"|`([^`]*)`|'([^']*)'|([^\s\"'`=]+))")
_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|\S+")
_ADDRESS = re.compile(r"(?<!\S)(?:https?://|/)\S*")
_NOTE_STYLES = frozenset(
    "default primary success info warning danger blue pink red purple orange green simple modern flat disabled no-icon "
    "icon open".split()
)


def left_by_tag(inside: str, *, own_line: bool) -> str:
    """What `{% inside %}` of Hexo or Jekyll leaves, as Markdown; "" for most."""
    name, _, written = inside.strip(" \t\n-").partition(" ")
    if name in ("else", "elsif", "elseif", "when"):
        return " "
    told = _TOLD.get(name)
    if told is None:
        return ""
    texts = [told(written.strip())]
    if name in _HEADINGS and own_line:
        return _heading(texts)
    return _lines(texts) if name in _APART and own_line else _inline(texts)


def left_by_shortcode(inside: str, *, own_line: bool) -> str:
    """What `{{< inside >}}` of Hugo leaves: the titles and captions among its arguments."""
    name, _, written = inside.strip(" \t\n/").partition(" ")
    texts = _titles(name, _arguments(written))
    if name == "figure":
        return _lines(texts)
    return _heading(texts) if own_line else _inline(texts)


def left_by_comment(name: str) -> str:
    """What `<!-- tab name@icon -->` leaves: the name of the tab."""
    return _heading([name.partition("@")[0]])


def _escaped(texts: Iterable[str]) -> list[str]:
    return [escape(stripped, quote=False) for text in texts if (stripped := text.strip())]


def _inline(texts: Iterable[str]) -> str:
    return " ".join(_escaped(texts))


def _lines(texts: Iterable[str]) -> str:
    kept = "<br>".join(_escaped(texts))
    return f"<br><br>{kept}<br><br>" if kept else ""


def _heading(texts: Iterable[str]) -> str:
    return "".join(f"\n<strong>{text}</strong>\n\n" for text in _escaped(texts))


def _arguments(written: str) -> list[tuple[str, str]]:
    """Arguments and their names; "" for those without one."""
    found = _ARGUMENT.findall(written[:2000])
    return [
        (name.lower(), (double or ticks or single or bare).replace('\\"', '"'))
        for name, double, ticks, single, bare in found
    ]


def _titles(name: str, arguments: list[tuple[str, str]]) -> list[str]:
    if name in _EMBEDS:
        return []
    named = {key: value for key, value in arguments if key}
    bare = [value for key, value in arguments if not key]
    if "src" in named and name != "figure":
        # The title of a picture is shown when it is pointed at.
        named.pop("title", None)
    at = _POSITIONS.get(name, len(bare))
    shown = (*_SHOWN, "attr") if name == "figure" else _SHOWN
    return bare[at : at + 1] + [named[key] for key in shown if key in named]


def _part(number: int) -> Callable[[str], str]:
    """The part of that number between commas."""

    def told(written: str) -> str:
        parts = written.split(",")
        return parts[number] if -len(parts) <= number < len(parts) else ""

    return told


def _behind_comma(written: str) -> str:
    return written.partition(",")[2]


def _behind_slug(written: str) -> str:
    """`slug text true`: the text of a link to a post or a file.

    Without one the page shows the other post's title; its slug is the most that is known of it here.
    """
    slug, *words = _WORD.findall(written) or [""]
    text = re.sub(r"(?:^|\s+)(?:true|false)$", "", " ".join(words))
    return text.strip("'\"") or slug.strip("'\"").partition("#")[0].rpartition("/")[2]


def _before_address(written: str) -> str:
    """`text https://address true title`; an address alone tells nothing."""
    found = _ADDRESS.search(written)
    text = written[: found.start()] if found else ""
    return "" if "/" in text or not found else text.strip().strip("'\"")


def _author(written: str) -> str:
    """`author, source address title`"""
    return _ADDRESS.sub(" ", written).strip(", ")


def _group(written: str) -> str:
    """`name description address picture`: what stands on a group of pictures."""
    return " ".join(word.strip("'\"") for word in _WORD.findall(written)[:2])


def _summary(written: str) -> str:
    """A note's own words among the names of its style."""
    words = re.sub(r"'[^']*'|\"[^\"]*\"", "", written).split()
    return " ".join(word for word in words if word.strip(",") not in _NOTE_STYLES)


def _label(written: str) -> str:
    """NexT's `class@text`, Butterfly's `text colour`."""
    style, at, text = written.partition("@")
    return text if at else style.rsplit(" ", 1)[0]


def _included(written: str) -> str:
    """What an included note or figure prints of its arguments."""
    return " ".join(_titles("", [pair for pair in _arguments(written) if pair[0]]))


_TOLD: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("timenode", "u", "emp", "wavy", "del", "kbd", "psw", "mark", "sub", "sup", "poem"), str),
    **dict.fromkeys(("span", "p", "checkbox", "radio"), _behind_comma),
    **dict.fromkeys(("btn", "button"), _part(1)),
    **dict.fromkeys(("hideInline", "hideBlock", "hideToggle", "timeline", "bubble", "nota", "cb"), _part(0)),
    **dict.fromkeys(("post_link", "asset_link"), _behind_slug),
    **dict.fromkeys(("blockquote", "quote"), _author),
    **dict.fromkeys(("note", "subnote"), _summary),
    **dict.fromkeys(("include", "include_relative", "include_cached"), _included),
    "folding": _part(-1),
    "galleryGroup": _group,
    "fold": _label,
    "label": _label,
    **dict.fromkeys(("link", "a", "anchor"), _before_address),
}
"""What a tag tells, from its arguments."""
