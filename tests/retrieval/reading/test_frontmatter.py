"""Front matter of every form, and every breakage met in real posts."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

import pytest

from retrieval.indexing import fronts
from retrieval.reading import frontmatter, metadata, post
from retrieval.reading.customs import Customs

UTC = timezone.utc


def _title(block: str) -> str:
    front, _ = frontmatter.split(f"---\n{block}\n---\nbody")
    return metadata.title("posts/file-name.md", front)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Tide tables\n---\nbody",
        "\n---\ntitle: Tide tables\n---\nbody",
        "\n  \n---\ntitle: 'Tide tables'\n---\nbody",
        "---\r\ntitle: Tide tables\r\n---\r\nbody".replace("\r\n", "\n"),
        "title: Tide tables\ndate: 2021-03-04\n---\nbody",
        "+++\ntitle = 'Tide tables'\n+++\nbody",
        '{"title": "Tide tables"}\nbody',
        '{\n  "title": "Tide tables", "nested": {"a": 1}}\nbody',
        ';;;\n"title": "Tide tables"\n;;;\nbody',
        "-----\ntitle: Tide tables\n-----\nbody",
        "---\ntitle: Tide tables\n...\nbody",
        "---\ntitle: Tide tables\n\nbody",
        "\ufeff\n---\ntitle: Tide tables\n---\nbody",
        "title: Tide tables\ntags:\n- tide\n- table\n---\nbody",
        '"title": "Tide tables", "tags": ["tide"]\n;;;\nbody',
        '{\n"title": "Tide tables",\n"tags": ["tide"],\n}\nbody',
        "+++\ntitle = Tide tables\ndraft = false\n+++\nbody",
        "+++\ntitle = 'Tide tables'\nauthor = 'it's'\n+++\nbody",
        "---\ntitle\uff1aTide tables\n---\nbody",
        "---\ntitle:Tide tables\n---\nbody",
    ],
)
def test_every_form_is_split_from_the_body(text: str) -> None:
    front, body = frontmatter.split(text)
    assert metadata.title("x.md", front) == "Tide tables"
    assert body.strip() == "body"


@pytest.mark.parametrize(
    "text",
    [
        "body only",
        "---\nno end\nbody",
        "# Heading\n\n---\n\nmore",
        "",
        "---\n\n# Between two rules\n\n---\n\nmore",
        "---\n- a list\n---\nmore",
        "Note: a heading with a colon\n---\nmore",
        "https://tide.example/\n---\nmore",
        "---\nNote: a rule above\n\nmore",
    ],
)
def test_a_body_without_front_matter_is_left_whole(text: str) -> None:
    front, body = frontmatter.split(text)
    assert (dict(front.values), body) == ({}, text)


@pytest.mark.parametrize(
    ("block", "title"),
    [
        ('title: """""""""""\'Harbour opens\'"""""""""""', "Harbour opens"),
        ('title: """""""""\'"Low tide..."\'"""""""""', "Low tide..."),
        ("title: ''Harbour''", "Harbour"),
        ("title: 'it's open'", "it's open"),
        ("title: Harbour: open again", "Harbour: open again"),
        ('title: "say "ahoy" twice"', 'say "ahoy" twice'),
        ("title: 2021-03-12", "2021-03-12"),
        ("title: 1.10", "1.10"),
        ("title: No", "No"),
        ("title: 1:20", "1:20"),
        ("title: 0123", "0123"),
        ("title: A &#123;x&#125; &amp; B", "A {x} & B"),
        ("title: >-\n  Harbour\n  opens\n\n  again", "Harbour opens again"),
        ("title: 'Harbour\n\n  opens'", "Harbour opens"),
        ("title: @harbour", "@harbour"),
        ("title: `code` first", "`code` first"),
        ("title: [brackets] first", "[brackets] first"),
        ("title: Harbour\ntitle: Again: twice", "Harbour"),
        ("title: tabbed\ncategories:\n\t- tide", "tabbed"),
        ("title: C # for sailors", "C # for sailors"),
        ("title: #1 of the tides", "#1 of the tides"),
        ("title: # to be filled in", "file name"),
        ("title: 'Tide' # a comment", "Tide"),
        ("title: &tide tables", "&tide tables"),
        ("title: !tide tables", "!tide tables"),
        ('title: "Ebb" and "Flood"', '"Ebb" and "Flood"'),
        ("title: 'Ebb' 与 'Flood'", "'Ebb' 与 'Flood'"),
        ('title: "Ebb \\"and\\" flood"\nother: a: b', 'Ebb "and" flood'),
        ("title: Ebb\x07tide", "Ebb tide"),
        ("title: Ebb: one\n\n  two\n  three", "Ebb: one two three"),
        ("date: 2021-03-04", "file name"),
        ("title:", "file name"),
    ],
)
def test_titles_read_as_a_person_reads_them(block: str, title: str) -> None:
    assert _title(block) == title


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Thu, 28 Jul 2022 11:50:54 GMT", datetime(2022, 7, 28, 11, 50, 54, tzinfo=UTC)),
        ("2022-07-28 11:50:54", datetime(2022, 7, 28, 11, 50, 54)),
        ("2022-07-28T11:50:54+08:00", datetime(2022, 7, 28, 11, 50, 54, tzinfo=timezone(timedelta(hours=8)))),
        ("2022-07-28 11:50 +0800", datetime(2022, 7, 28, 11, 50, tzinfo=timezone(timedelta(hours=8)))),
        ("2022-07-28", date(2022, 7, 28)),
        ("2022/7/8", date(2022, 7, 8)),
        ("2022年7月28日", date(2022, 7, 28)),
        ("1658977509", datetime(2022, 7, 28, 3, 5, 9, tzinfo=UTC)),
        ("Invalid Date", None),
        ("1970-01-01 00:00:00", None),
        ("2022-02-30", None),
        ("20220728", date(2022, 7, 28)),
        ("2022-07-28 25:00:00", date(2022, 7, 28)),
        ("2022-07-28 11:50 PM", datetime(2022, 7, 28, 23, 50)),
        ("July 28, 2022", date(2022, 7, 28)),
        ("28 Jul 2022", date(2022, 7, 28)),
        ("28/07/2022", date(2022, 7, 28)),
        ("07/08/2022", None),
        (
            "Thu Jul 28 2022 11:50:54 GMT+0800 (China Standard Time)",
            datetime(2022, 7, 28, 11, 50, 54, tzinfo=timezone(timedelta(hours=8))),
        ),
        ("soon", None),
        ("''", None),
    ],
)
def test_dates_keep_their_zone(written: str, expected: object) -> None:
    front, _ = frontmatter.split(f"---\ntitle: x\ndate: {written}\n---\n")
    assert metadata.published(front) == expected


def test_a_date_without_a_zone_is_the_sites() -> None:
    zone = timezone(timedelta(hours=8))
    front, _ = frontmatter.split("---\ndate: 2022-07-28 11:50:54\n---\n")
    assert metadata.published(front, zone) == datetime(2022, 7, 28, 11, 50, 54, tzinfo=zone)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("categories:\n    - tide\n    - harbour - news", ("tide", "harbour - news")),
        ("categories: [tide, harbour]", ("tide", "harbour")),
        ("categories: tide, harbour", ("tide", "harbour")),
        ("categories: [[tide, harbour], [boats]]", ("tide", "harbour", "boats")),
        ("category: tide", ("tide",)),
        ("categories:", ()),
        ("title: a: b\ncategories: [tide, harbour]", ("tide", "harbour")),
        ("title: a: b\ncategories:\n - tide\n - 'harbour'", ("tide", "harbour")),
    ],
)
def test_categories_in_every_shape(written: str, expected: tuple[str, ...]) -> None:
    front, _ = frontmatter.split(f"---\n{written}\n---\n")
    assert metadata.article("x.md", front).categories == expected


@pytest.mark.parametrize(
    ("fields", "categories"),
    [
        ("categories: jekyll update", ("jekyll", "update")),
        ("categories: [jekyll update, news]", ("jekyll update", "news")),
        ("category: jekyll update", ("jekyll update",)),
    ],
)
def test_blanks_separate_categories_where_the_site_has_it_so(fields: str, categories: tuple[str, ...]) -> None:
    front, _ = frontmatter.split(f"---\n{fields}\n---\n")
    assert metadata.article("x.md", front, Customs(blanks_separate=True)).categories == categories


@pytest.mark.parametrize(
    "block",
    [
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "\n".join(
            f"{name}: &{name} [{', '.join(['*' + below] * 9)}]"
            for below, name in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "a: " + "[" * 100_000,
        "a: " + "[" * 3_000 + "]" * 3_000,
        "a: !!python/object/apply:os.system ['true']",
        "a: !unknown {b: c}",
        "a: &a {k: v}\n"
        + "\n".join(
            f"b{n}: &b{n}\n  <<: [*{f'b{n - 1}' if n else 'a'}, *{f'b{n - 1}' if n else 'a'}]" for n in range(40)
        ),
        "a:\n  " + "- " * 45_000 + "b",
        "a:\n  " + "? " * 45_000 + "b",
    ],
    ids=[
        "alias bomb",
        "deep",
        "deep and closed",
        "python tag",
        "unknown tag",
        "merges",
        "lists in a line",
        "keys in a line",
    ],
)
def test_hostile_front_matter_costs_nothing(block: str) -> None:
    front, body = frontmatter.split(f"---\n{block}\n---\nbody")
    assert front.problem
    assert body == "body"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Tide\n{key}: 0x" + "f" * 4_000 + "\n---\nbody",
        "---\ntitle: Tide\n{key}: 1" + ":59" * 2_600 + "\n---\nbody",
        "---\ntitle: Tide\n{key}: 1" + ":59" * 400 + ".5\n---\nbody",
        "---\ntitle: Tide\n{key}: [[-0b1" + "0" * 20_000 + "]]\n---\nbody",
        "+++\ntitle = 'Tide'\n{key} = 0x" + "f" * 4_000 + "\n+++\nbody",
        '{{\n"title": "Tide",\n"{key}": 1' + "0" * 4_000 + "\n}}\nbody",
        "---\ntitle: Tide\n{key}: !!int ''\n---\nbody",
        "---\ntitle: Tide\n{key}: !!bool perhaps\n---\nbody",
        "---\ntitle: Tide\n{key}: !!timestamp soon\n---\nbody",
    ],
    ids=lambda text: repr(text[:40]),
)
@pytest.mark.parametrize("key", ["n", "author", "date", "tags", "draft", "cover"])
def test_a_number_too_large_and_a_value_that_is_none_cost_no_other_field(text: str, key: str) -> None:
    found = post.read("x.md", text.format(key=key))
    assert (found.article.title, found.text) == ("Tide", "body")
    assert found.problem
    assert fronts.unpack(fronts.pack(found.front)) == found.front


@pytest.mark.parametrize(
    ("fields", "unpublished"),
    [
        ("draft: true", True),
        ("published: false", True),
        ("draft: false", False),
        ("title: x", False),
        ("Draft: yes", True),
        ("password: 123456", True),
        ("password: ''", False),
    ],
)
def test_drafts_are_known(fields: str, unpublished: bool) -> None:
    front, _ = frontmatter.split(f"---\n{fields}\n---\n")
    assert metadata.unpublished(front) is unpublished


def test_a_picture_is_a_real_one() -> None:
    front, _ = frontmatter.split(
        "---\nheadimg: 'https://picsum.photos/400/300?random=1'\nthumbnail: https://pictures.example/tide.jpg\n---\n"
    )
    assert metadata.article("x.md", front).image == "https://pictures.example/tide.jpg"


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n" + "      c\n" * 5_000 + "end",
        " \n" * 200_000 + "end",
        "---\na: " + "[" * 50_000 + "\n---\nend",
        "{" * 50_000,
        '{"a": [' + "1, " * 6_000 + "1]}\nend",
        "+++\n" + ".".join("a" * 40_000) + "=1\n+++\nend",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_front_matter_made_to_hang_takes_no_time(text: str) -> None:
    started = time.thread_time()
    front, body = frontmatter.split(text)
    assert time.thread_time() - started < 2
    assert not any(front.values.values())
    assert body


def test_an_entity_of_endless_digits_is_no_character() -> None:
    assert _title("title: '&#" + "9" * 5_000 + "; tide'") == "\ufffd tide"


def test_a_title_is_read_even_where_another_field_is_hostile() -> None:
    assert _title("title: Tide\na: " + "[" * 200_000) == "Tide"


def test_a_doubled_key_is_named() -> None:
    front, _ = frontmatter.split("---\ntitle: Ebb\ntitle: Flood\n---\n")
    assert front.problem == "'title' stands twice; the last one counts"


@pytest.mark.parametrize("table", ["[[resources]]\nsrc = 't.jpg'", "[menu.main]"])
def test_a_key_of_a_toml_table_is_no_doubled_one(table: str) -> None:
    front, _ = frontmatter.split(f"+++\ntitle = 'Tide'\n{table}\ntitle = 'Ebb'\n+++\nbody")
    assert front.problem is None
    assert front.values["title"] == "Tide"


def test_a_doubled_key_of_toml_is_a_problem() -> None:
    front, _ = frontmatter.split("+++\ntitle = 'Tide'\ntitle = 'Ebb'\n+++\nbody")
    assert front.problem is not None
    assert front.values["title"] == "Tide"
