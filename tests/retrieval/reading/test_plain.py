"""Plain text: wrapped paragraphs are one line again, what has lines of its own keeps them."""

from __future__ import annotations

import textwrap

import pytest

from retrieval.reading import plain, post

ENGLISH = (
    "The harbour office prints the tide table every morning at six, and a volunteer pins it to the lighthouse door "
    "before the first boats leave. Two clerks of the weather station take turns to copy the figures by hand, because "
    "the old printer smears the ink whenever the fog comes in."
)
CHINESE = (
    "港口的潮汐表从今天起贴在灯塔的门上，渔民出海之前都可以看到当天的涨潮和退潮时间，还有第二天的风向预报。"
    "表格由气象站的两名职员轮流抄写，每天清晨五点半贴出，遇到台风就改成每三个小时更新一次。"
)


def _lines(body: str) -> list[str]:
    return [line.text for line in plain.read(body).lines]


def _wrapped(text: str, characters: int) -> str:
    return "\n".join(text[at : at + characters] for at in range(0, len(text), characters))


@pytest.mark.parametrize("width", [64, 72, 79, 98])
def test_a_wrapped_paragraph_is_one_line(width: int) -> None:
    body = f"Tides\n\n{textwrap.fill(ENGLISH, width)}\n\n{textwrap.fill(ENGLISH, width)}\n"
    assert _lines(body) == ["Tides", ENGLISH, ENGLISH]


def test_german_nouns_do_not_part_a_paragraph() -> None:
    text = (
        "Der Wärter der Insel schreibt jeden Morgen um sechs Uhr die Zeiten der Flut an die Tafel, und Frauen der "
        "Fischer lesen sie im Dorf vor. Wenn Nebel über dem Hafen liegt, hängt er Lampen an die Tür des Turms, "
        "damit Kinder und Gäste den Weg über Wiesen und Felder finden."
    )
    assert _lines(f"{textwrap.fill(text, 70)}\n\n{textwrap.fill(text, 70)}") == [text, text]


@pytest.mark.parametrize("characters", [32, 38, 40])
def test_lines_of_han_are_joined_without_a_blank(characters: int) -> None:
    indented = _wrapped(f"　　{CHINESE}", characters)
    body = f"{_wrapped(CHINESE, characters)}\n\n{indented}\n{indented}"
    assert _lines(body) == [CHINESE] * 3


def test_items_and_addresses_beside_wrapped_paragraphs_keep_their_lines() -> None:
    item = textwrap.fill(ENGLISH, 72, initial_indent="- ", subsequent_indent="  ")
    body = f"{textwrap.fill(ENGLISH, 72)}\n\n{item}\n- bread\n- salt\n\nAda Fenn\nQuay Street 12\nNorthport"
    assert _lines(body) == [ENGLISH, f"- {ENGLISH}", "- bread", "- salt", "Ada Fenn", "Quay Street 12", "Northport"]


@pytest.mark.parametrize(
    "body",
    [
        # Verse.
        "The lamp is lit above the bay,\nand every boat that went away\ncomes home before the break of day.\n" * 3,
        "北汀岛上灯初上，东风吹雨过江来。\n渔人不识归家路，一夜潮声到石台。",
        # Records.
        "\n".join(f"2024-01-0{day} 06:00 INFO harbour.tide the water stands {day} metres high" for day in range(1, 9)),
        "\n".join(f"Northport     quay {number}     high water at six     a lamp at its end" for number in range(8)),
        # A paragraph a line.
        f"{CHINESE}\n{CHINESE[:40]}\n{CHINESE}",
        f"{CHINESE[:33]}\n{CHINESE[50:70]}\n{CHINESE[:12]}\n{CHINESE[60:90]}\n{CHINESE[:8]}",
    ],
)
def test_lines_that_nothing_wrapped_stay(body: str) -> None:
    assert _lines(body) == [" ".join(line.split()) for line in body.strip().split("\n")]


def test_a_text_file_is_read_so() -> None:
    assert post.read("a.txt", textwrap.fill(ENGLISH, 72)).text == ENGLISH
    assert post.read("a.txt", "").passages == ()
