"""Building: what goes into an index, what is done again, what survives."""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from embeddings.errors import EncoderFailed
from retrieval.errors import DamagedIndex, IndexBusy, NoIndex, UnusableArticles, UnusableIndex, WrongFormat, WrongModel
from retrieval.indexing import generations
from retrieval.indexing.build import build_index
from retrieval.indexing.reads import Read
from retrieval.reading.links.site import from_settings
from retrieval.reading.survey import survey
from retrieval.records import Filter
from retrieval.searching.retriever import Retriever


def _manifest(index: Path) -> Path:
    return generations.folder_of(index, generations.live_name(index)) / "manifest.json"


def test_the_report_counts_what_was_done(articles: Path, tmp_path: Path, encoder) -> None:
    report = build_index(articles, tmp_path / "index", encoder=encoder)
    assert (report.articles, report.passages, report.removed, report.skipped) == (4, 7, 0, ())
    assert report.sentences >= report.passages
    assert report.reused == 0
    assert report.embedded == len(encoder.passages) == len(set(encoder.passages))
    assert report.model == "hashing"


def test_only_new_text_is_embedded_again(articles: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    first = build_index(articles, index, encoder=encoder)
    encoder.passages.clear()
    second = build_index(articles, index, encoder=encoder)
    assert encoder.passages == []
    assert (second.embedded, second.passages) == (0, first.passages)
    post = articles / "undated.md"
    post.write_text(
        post.read_text(encoding="utf-8") + "\n今年夏天邮筒会被重新漆成红色，颜色由小学生投票决定。\n", encoding="utf-8"
    )
    third = build_index(articles, index, encoder=encoder)
    assert 0 < third.embedded <= 3
    assert all("红色" in text for text in encoder.passages)


def test_vectors_taken_over_are_the_same(articles: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    build_index(articles, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        before = [hit.text for hit in retriever.search("潮汐表几点贴出来", k=5)]
    for number in range(3):
        (articles / "new.md").write_text(f"渡船第{number}次靠岸。", encoding="utf-8")
        build_index(articles, index, encoder=encoder)
    (articles / "new.md").unlink()
    assert build_index(articles, index, encoder=encoder).embedded == 0
    with Retriever.open(index, encoder=encoder) as retriever:
        assert [hit.text for hit in retriever.search("潮汐表几点贴出来", k=5)] == before


def test_deleted_articles_disappear(articles: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    build_index(articles, index, encoder=encoder)
    (articles / "bread.md").unlink()
    report = build_index(articles, index, encoder=encoder)
    assert (report.articles, report.removed) == (3, 1)
    with Retriever.open(index, encoder=encoder) as retriever:
        assert all(hit.article.path != "bread.md" for hit in retriever.search("rye bread", k=20))


def test_where_nothing_changed_nothing_is_written(articles: Path, tmp_path: Path, encoder) -> None:
    (articles / "binary.md").write_bytes(b"\x89PNG\x00\x00\x00" * 50)
    index = tmp_path / "index"
    first = build_index(articles, index, encoder=encoder)
    second = build_index(articles, index, encoder=encoder)
    assert (second.generation, second.embedded, second.removed) == (first.generation, 0, 0)
    assert (second.articles, second.passages, second.skipped) == (first.articles, first.passages, first.skipped)
    assert second.reused == second.passages + second.sentences
    assert [path.name for path in (index / "generations").iterdir()] == [first.generation]


@pytest.mark.parametrize(
    "options", [{"site": from_settings("https://ferry.example", "p/:title/")}, {"drafts": True}, {"full": True}]
)
def test_other_settings_make_a_new_generation(articles: Path, tmp_path: Path, encoder, options) -> None:
    first = build_index(articles, tmp_path / "index", encoder=encoder)
    assert build_index(articles, tmp_path / "index", encoder=encoder, **options).generation != first.generation


def test_full_embeds_everything_anew(articles: Path, tmp_path: Path, encoder) -> None:
    first = build_index(articles, tmp_path / "index", encoder=encoder)
    assert build_index(articles, tmp_path / "index", encoder=encoder, full=True).embedded == first.embedded


def test_a_broken_article_is_listed_and_the_others_kept(articles: Path, tmp_path: Path, encoder) -> None:
    (articles / "binary.md").write_bytes(b"\x89PNG\x00\x00\x00" * 50)
    (articles / "gone.md").mkdir()
    report = build_index(articles, tmp_path / "index", encoder=encoder)
    assert report.articles == 4
    assert [(skipped.path, skipped.reason) for skipped in report.skipped] == [("binary.md", "binary data, not text")]


BODY = "北汀港的潮汐表从三月四日起每天早上六点贴在灯塔的门上。渔民出海之前可以看到当天的涨潮和退潮时间。"
COPIES = {
    "a.md": ("title: 潮汐\ndate: 2021-03-04\ncategories: [港口]\nauthor: 甲", BODY),
    "b.md": ("title: 潮汐\ndate: 2023-03-04\ncategories: [转载]\nauthor: 乙", BODY),
    "c.md": ("title: 潮汐转载\ndate: 2023-03-04\ncategories: [转载]\nauthor: 乙", BODY),
}


@pytest.mark.parametrize(
    ("where", "paths"),
    [
        (None, [["a.md", "b.md", "c.md"]]),
        (Filter(category="港口"), [["a.md"]]),
        (Filter(category="转载"), [["b.md", "c.md"]]),
        (Filter(author="乙"), [["b.md", "c.md"]]),
        (Filter(after=date(2022, 1, 1)), [["b.md", "c.md"]]),
        (Filter(before=date(2022, 1, 1)), [["a.md"]]),
    ],
)
def test_the_same_text_is_found_under_the_filters_of_each_article(
    write, tmp_path: Path, encoder, where: Filter | None, paths: list[list[str]]
) -> None:
    report = build_index(write(COPIES), tmp_path / "index", encoder=encoder)
    assert report.articles == 3
    assert len(encoder.passages) == len(set(encoder.passages))
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        hits = retriever.search("潮汐表几点贴出来", where=where)
    assert [sorted([hit.article.path, *(other.path for other in hit.also_in)]) for hit in hits] == paths


def test_a_collection_that_began_with_one_article_finds_others_as_well(articles: Path, tmp_path: Path, encoder) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "hello.md").write_text("Hello world.\n", encoding="utf-8")
    build_index(tmp_path / "small", tmp_path / "index", encoder=encoder)
    shutil.copytree(articles, tmp_path / "small", dirs_exist_ok=True)
    build_index(tmp_path / "small", tmp_path / "index", encoder=encoder)
    build_index(tmp_path / "small", tmp_path / "whole", encoder=encoder)
    found = []
    for index in (tmp_path / "index", tmp_path / "whole"):
        with Retriever.open(index, encoder=encoder) as retriever:
            found.append([hit.text for hit in retriever.search("潮汐表 bakery 博物館", k=9)])
    assert found[0] == found[1]


UNREAD = {
    "2020-01-02-toml.md": "+++\ntitle = 'TOML'\n+++\n\n",
    "2020-01-03-late.md": "\n\n---\ntitle: late\n---\n\n",
    "2020-01-04-broken.md": "---\ntitle: a: b\n---\n\n",
    "2020-01-05-whole.md": "---\ntitle: whole\n---\n\n",
}


def test_what_the_site_does_not_read_has_no_address_in_the_index_either(tmp_path: Path, encoder) -> None:
    folder = tmp_path / "_posts"
    folder.mkdir()
    for name, head in UNREAD.items():
        (folder / name).write_text(f"{head}{name} tells of the ferry that leaves at nine.\n", encoding="utf-8")
    site = from_settings("https://ferry.example", "/:year/:title/", generator="jekyll")
    build_index(folder, tmp_path / "index", encoder=encoder, site=site)
    (folder / "2020-01-06-new.md").write_text("---\ntitle: new\n---\n\nA new ferry leaves at ten.\n", encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder=encoder, site=site)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        linked = {article.path for article in retriever.latest(10) if article.url}
    assert linked == {"2020-01-05-whole.md", "2020-01-06-new.md"}
    assert {note.path for note in survey(folder, site).without_url} == UNREAD.keys() - linked


def test_settings_are_the_same_in_every_process() -> None:
    program = (
        "from retrieval.indexing.changes import settings\n"
        "from retrieval.reading.links.hugo_page import Hugo\n"
        "from retrieval.reading.links.site import Site\n"
        "print(settings(Site(Hugo(None, bundles=frozenset(map(str, range(9)))), 'content/'), drafts=False))"
    )
    told = {
        subprocess.check_output([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, text=True)
        for seed in "123"
    }
    assert len(told) == 1


def test_drafts_are_left_out(articles: Path, tmp_path: Path, encoder) -> None:
    (articles / "draft.md").write_text("---\ntitle: x\ndraft: true\n---\nsecret text\n", encoding="utf-8")
    assert build_index(articles, tmp_path / "index", encoder=encoder).articles == 4
    (articles / "_drafts").mkdir()
    (articles / "_drafts" / "b.md").write_text("more secret text", encoding="utf-8")
    assert build_index(articles, tmp_path / "index", encoder=encoder, drafts=True).articles == 6


def test_an_article_without_text_is_an_article(articles: Path, tmp_path: Path, encoder) -> None:
    (articles / "picture.md").write_text("---\ntitle: 一张照片\n---\n<p><img src=x></p>", encoding="utf-8")
    assert build_index(articles, tmp_path / "index", encoder=encoder).articles == 5


def test_only_articles_without_text_make_an_empty_index(tmp_path: Path, encoder) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "picture.md").write_text("<p><img src=x></p>", encoding="utf-8")
    report = build_index(tmp_path / "articles", tmp_path / "index", encoder=encoder)
    assert (report.articles, report.passages) == (1, 0)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        answer = retriever.answer("有什么？")
    assert (answer.answered, answer.hits) == (False, ())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "no such folder"),
        (lambda folder: folder.write_text("x"), "not a folder"),
        (lambda folder: folder.mkdir(), "no article in it"),
        (lambda folder: (folder.mkdir(), (folder / "a.md").write_bytes(bytes(range(256)) * 2)), "no readable article"),
        (lambda folder: (folder.mkdir(), (folder / "a.md").write_text("---\ndraft: true\n---\nx")), "a draft"),
    ],
)
def test_a_folder_without_articles_changes_nothing(make, message: str, articles: Path, tmp_path: Path, encoder) -> None:
    index, other = tmp_path / "index", tmp_path / "other"
    build_index(articles, index, encoder=encoder)
    before = generations.live_name(index)
    make(other)
    with pytest.raises(UnusableArticles, match=message):
        build_index(other, index, encoder=encoder)
    assert generations.live_name(index) == before
    assert [path.name for path in (index / "generations").iterdir()] == [before]


def test_another_models_vectors_are_not_taken_over(articles: Path, tmp_path: Path, encoder) -> None:
    first = build_index(articles, tmp_path / "index", encoder=encoder)
    other = type(encoder)()
    other.name = "other"
    assert build_index(articles, tmp_path / "index", encoder=other).embedded == first.embedded
    with pytest.raises(WrongModel, match="made by the model other, not hashing"):
        Retriever.open(tmp_path / "index", encoder=encoder)


def test_a_failed_rebuild_leaves_the_old_generation(articles: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    build_index(articles, index, encoder=encoder)
    before = generations.live_name(index)

    class Failing(type(encoder)):
        def encode_passages(self, texts):
            raise KeyboardInterrupt

    (articles / "new.md").write_text("新的文章写了一些新的内容，讲的是镇上的新码头。", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        build_index(articles, index, encoder=Failing())
    assert generations.live_name(index) == before
    assert [path.name for path in (index / "generations").iterdir()] == [before]


def test_a_model_whose_server_is_away_is_told_of_as_that(articles: Path, tmp_path: Path, encoder, monkeypatch) -> None:
    monkeypatch.setattr(encoder, "encode_passages", _away)
    with pytest.raises(EncoderFailed, match="hashing: the model gives no vectors: Connection refused"):
        build_index(articles, tmp_path / "index", encoder=encoder)
    with pytest.raises(NoIndex):
        generations.live_name(tmp_path / "index")


def _away(*_: object) -> Iterator[Read]:
    raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which closes sooner or later what was left open."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files are open")
@pytest.mark.parametrize("goes_on", [False, True])
@pytest.mark.parametrize("amid", ["reading", "embedding"])
@pytest.mark.usefixtures("uncollected")
def test_a_failed_rebuild_leaves_no_file_open(
    articles: Path, tmp_path: Path, encoder, monkeypatch, amid: str, goes_on: bool
) -> None:
    """One that is open takes its room on a disk that is full, also when it has been removed."""
    index, options = tmp_path / "index", {}
    if goes_on:
        build_index(articles, index, encoder=encoder)
        (articles / "new.md").write_text("新的文章写了一些新的内容，讲的是镇上的新码头。", encoding="utf-8")
    if amid == "reading":
        options["reading"] = _away
    else:
        monkeypatch.setattr(encoder, "encode_passages", _away)
    with pytest.raises((UnusableIndex, EncoderFailed)):
        build_index(articles, index, encoder=encoder, **options)
    assert [file for file in _open_files() if file.startswith(str(index))] == []


def _open_files() -> list[str]:
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(handle.readlink()))
    return found


def test_what_a_killed_rebuild_left_is_swept(articles: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    litter = index / "generations" / ".unfinished-20200101T000000Z"
    litter.mkdir(parents=True)
    build_index(articles, index, encoder=encoder)
    assert not litter.exists()


def test_old_generations_go(articles: Path, tmp_path: Path, encoder) -> None:
    names = [build_index(articles, tmp_path / "index", encoder=encoder, full=True).generation for _ in range(4)]
    assert sorted(path.name for path in (tmp_path / "index" / "generations").iterdir()) == names[-2:]


def test_two_rebuilds_at_once(articles: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    holding = (
        "import sys, time; from pathlib import Path; from retrieval.indexing.generations import lock\n"
        "with lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holding, str(index)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy, match=f"process {holder.pid}"):
            build_index(articles, index, encoder=encoder)
        holder.kill()
    build_index(articles, index, encoder=encoder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_reported(articles: Path, tmp_path: Path, encoder) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(UnusableIndex, match="cannot be written"):
        build_index(articles, tmp_path / "closed" / "index", encoder=encoder)


def test_an_index_that_is_a_file_is_reported(articles: Path, tmp_path: Path, encoder) -> None:
    (tmp_path / "index").write_text("x")
    with pytest.raises(UnusableIndex, match="cannot be written"):
        build_index(articles, tmp_path / "index", encoder=encoder)


def test_no_index_yet(tmp_path: Path, encoder) -> None:
    with pytest.raises(NoIndex, match="rebuild-embeddings"):
        Retriever.open(tmp_path / "index", encoder=encoder)


@pytest.fixture
def index(articles: Path, tmp_path: Path, encoder) -> Path:
    build_index(articles, tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def test_an_older_format_is_refused(index: Path, encoder) -> None:
    manifest = _manifest(index)
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    with pytest.raises(WrongFormat, match="format 0"):
        Retriever.open(index, encoder=encoder)


@pytest.mark.parametrize("name", ["catalogue.sqlite", "passages.faiss", "sentences.faiss", "offsets.npy"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda file: os.truncate(file, file.stat().st_size // 2)])
def test_a_missing_or_short_file_is_noticed(index: Path, encoder, name: str, damage: Callable[[Path], None]) -> None:
    damage(_manifest(index).parent / name)
    with pytest.raises(DamagedIndex, match=rf"{name}.*rebuild-embeddings"):
        Retriever.open(index, encoder=encoder)


@pytest.mark.parametrize("text", ["", "../../elsewhere", "no-such-generation", "\0"])
def test_a_pointer_that_leads_nowhere_is_noticed(index: Path, encoder, text: str) -> None:
    (index / "CURRENT").write_text(text)
    with pytest.raises(DamagedIndex):
        Retriever.open(index, encoder=encoder)


def _files(index: Path) -> list[Path]:
    return sorted(file for file in _manifest(index).parent.rglob("*") if file.is_file() and file.suffix != ".lock")


def _flip(file: Path, at: int, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1 << bit
    file.write_bytes(data)


def test_a_flipped_bit_is_noticed_wherever_it_is(index: Path) -> None:
    chance = random.Random(7)
    for file in _files(index):
        size = file.stat().st_size
        for at in chance.sample(range(size), min(size, 40)):
            bit = chance.randrange(8)
            _flip(file, at, bit)
            with pytest.raises((DamagedIndex, WrongFormat), match="rebuild-embeddings"):
                generations.load_manifest(index, generations.live_name(index))
            _flip(file, at, bit)
    generations.load_manifest(index, generations.live_name(index))


@pytest.mark.parametrize("name", ["catalogue.sqlite", "passages.faiss", "sentences.faiss", "manifest.json"])
def test_a_rebuild_repairs_a_damaged_index(index: Path, articles: Path, encoder, name: str) -> None:
    with Retriever.open(index, encoder=encoder) as retriever:
        before = retriever.search("灯塔")
    file = _manifest(index).parent / name
    _flip(file, file.stat().st_size // 2, 3)
    report = build_index(articles, index, encoder=encoder)
    assert report.reused == 0
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.search("灯塔") == before


def test_a_damaged_path_is_repaired(index: Path, articles: Path, encoder) -> None:
    file = generations.folder_of(index, generations.live_name(index)) / "catalogue.sqlite"
    file.write_bytes(file.read_bytes().replace(b"tide.md", b"tid\xe5.md"))
    build_index(articles, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        assert "tide.md" in {article.path for article in retriever.latest(10)}


def test_names_and_fields_without_a_utf8_form_are_indexed(tmp_path: Path, encoder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / os.fsdecode(b"\xff\xfe.md")).write_text("灯塔旁边的邮筒漆成了绿色。", encoding="utf-8")
    (folder / "a\nb'\".md").write_text(
        '{"title": "x\\ud800y", "author": "z\\ud800", "tags": ["t\\ud800"]}\n码头有四十个泊位。', encoding="utf-8"
    )
    build_index(folder, tmp_path / "index", encoder=encoder)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        found = {hit.article.path: hit.article for hit in retriever.search("邮筒 码头", k=2)}
        assert retriever.passages_of(os.fsdecode(b"\xff\xfe.md")) == []
    assert set(found) == {"\\xff\\xfe.md", "a\nb'\".md"}
    assert found["a\nb'\".md"].title == "x?y"


def test_dates_without_a_zone_are_the_sites(tmp_path: Path, encoder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\ndate: 2021-05-06 07:08:09\n---\n码头有四十个泊位。", encoding="utf-8")
    (folder / "b.md").write_text("---\ndate: 2021-05-06T07:08:09Z\n---\n邮筒漆成了绿色。", encoding="utf-8")
    site = from_settings("https://ferry.example", "p/:title/", timezone="Asia/Shanghai")
    build_index(folder, tmp_path / "index", encoder=encoder, site=site)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        dates = {hit.article.path: hit.article.date for hit in retriever.search("码头 邮筒", k=2)}
    assert {path: str(found) for path, found in dates.items()} == {
        "a.md": "2021-05-06 07:08:09+08:00",
        "b.md": "2021-05-06 07:08:09+00:00",
    }


def test_a_post_dated_ahead_is_taken_in_when_its_time_has_come(articles: Path, tmp_path: Path, encoder) -> None:
    site = from_settings("https://ferry.example", "/:title.html", generator="jekyll")
    soon = datetime.now(timezone.utc) + timedelta(seconds=1.5)
    (articles / "2021-03-04-ahead.md").write_text(f"---\ndate: {soon.isoformat()}\n---\n明天的船期。", encoding="utf-8")
    index = tmp_path / "index"
    first = build_index(articles, index, encoder=encoder, site=site)
    assert _latest(index, encoder).keys() == {path.name for path in articles.iterdir()} - {"2021-03-04-ahead.md"}
    assert build_index(articles, index, encoder=encoder, site=site).generation == first.generation
    time.sleep(max(0.0, (soon - datetime.now(timezone.utc)).total_seconds()))
    assert build_index(articles, index, encoder=encoder, site=site).embedded
    assert _latest(index, encoder)["2021-03-04-ahead.md"] == "https://ferry.example/ahead.html"


def test_a_post_that_will_expire_goes_when_its_time_has_come(articles: Path, tmp_path: Path, encoder) -> None:
    site = from_settings("https://ferry.example", "/:filename/", generator="hugo")
    soon = datetime.now(timezone.utc) + timedelta(seconds=1.5)
    (articles / "offer.md").write_text(f"---\nexpiryDate: {soon.isoformat()}\n---\n今天的船票。", encoding="utf-8")
    (articles / "gone.md").write_text("---\nexpiryDate: 2021-03-04\n---\n从前的船票。", encoding="utf-8")
    index = tmp_path / "index"
    first = build_index(articles, index, encoder=encoder, site=site)
    assert {"offer.md", "gone.md"} & _latest(index, encoder).keys() == {"offer.md"}
    time.sleep(max(0.0, (soon - datetime.now(timezone.utc)).total_seconds()))
    second = build_index(articles, index, encoder=encoder, site=site)
    assert (second.articles, second.removed, second.embedded) == (first.articles - 1, 1, 0)
    assert "offer.md" not in _latest(index, encoder)
    assert build_index(articles, index, encoder=encoder, site=site).generation == second.generation


@pytest.mark.parametrize(("known", "drafts"), [(True, True), (False, False), (False, True)])
def test_a_post_dated_ahead_is_taken_in_with_drafts_or_without_a_site(
    known: bool, drafts: bool, articles: Path, tmp_path: Path, encoder
) -> None:
    site = from_settings("https://ferry.example", "/:title.html", generator="jekyll") if known else None
    (articles / "2999-03-04-ahead.md").write_text("将来的船期。", encoding="utf-8")
    build_index(articles, tmp_path / "index", encoder=encoder, site=site, drafts=drafts)
    assert _latest(tmp_path / "index", encoder)["2999-03-04-ahead.md"] is None


def _latest(index: Path, encoder) -> dict[str, str | None]:
    with Retriever.open(index, encoder=encoder) as retriever:
        return {article.path: article.url for article in retriever.latest(20)}
