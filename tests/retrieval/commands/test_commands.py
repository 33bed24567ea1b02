"""The commands as they are run: output, exit codes, wrong input."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retrieval.indexing import manifest

MODULES = {
    "rebuild": "retrieval.commands.rebuild",
    "ask": "retrieval.commands.ask",
    "evaluate": "retrieval.commands.evaluate",
}
ROOT = Path(__file__).resolve().parents[3]


def run(command: str, *arguments: str | Path, stdin: str = "", cwd: Path = ROOT, **env: str) -> Any:
    return subprocess.run(
        [sys.executable, "-m", MODULES[command], *map(str, arguments)],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | env,
        check=False,
    )


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Two articles, one broken one, and their index, made by the real model."""
    folder = tmp_path_factory.mktemp("commands")
    articles = folder / "articles"
    articles.mkdir()
    (articles / "tide.md").write_text(
        "---\ntitle: 潮汐表上墙\ndate: 2021-03-04\nauthor: 港口日报\ncategories: [港口]\n---\n\n"
        "北汀港的潮汐表从三月四日起每天早上六点贴在灯塔的门上。渔民出海之前可以看到当天的涨潮和退潮时间。",
        encoding="utf-8",
    )
    (articles / "bread.md").write_text(
        "---\ntitle: Night bakery\ndate: 2022-07-28T11:50:54+08:00\n---\n\n"
        "The bakery on Chandler Street opens at three in the morning and sells rye bread until the ovens are cold.",
        encoding="utf-8",
    )
    (articles / "broken.md").write_bytes(b"\x89PNG\x00\x00\x00" * 50)
    made = run(
        "rebuild",
        articles,
        "--index",
        folder / "index",
        "--json",
        "--site-url",
        "https://news.example.org",
        "--permalink",
        ":year/:title/",
    )
    (folder / "report.json").write_text(made.stdout)
    assert made.returncode == 0, made.stderr
    assert made.stderr.endswith("skipped broken.md: binary data, not text\n")
    return folder


def test_rebuild_reports_as_json(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text())
    assert list(report) == [
        "articles", "passages", "sentences", "embedded", "reused", "removed",
        "seconds", "index", "generation", "model", "skipped",
    ]  # fmt: skip
    assert (report["articles"], report["passages"], report["model"]) == (2, 2, "multilingual-e5-small")
    assert report["skipped"] == [{"path": "broken.md", "reason": "binary data, not text"}]


def test_a_question_gets_its_passage_as_json(folder: Path) -> None:
    asked = run("ask", "潮汐表几点贴出来？", "--index", folder / "index", "-k", "1", "--json")
    answer = json.loads(asked.stdout)
    assert asked.returncode == 0
    assert list(answer) == ["question", "answered", "confidence", "hits", "milliseconds"]
    assert (answer["question"], answer["answered"]) == ("潮汐表几点贴出来？", True)
    (hit,) = answer["hits"]
    assert list(hit) == [
        "rank", "score", "text", "highlight", "title", "url", "path", "date", "author", "categories", "also_in",
    ]  # fmt: skip
    assert "早上六点" in hit["text"][slice(*hit["highlight"])]
    assert hit["url"].startswith("https://news.example.org/2021/tide/#:~:text=")
    assert (hit["rank"], hit["path"], hit["date"]) == (1, "tide.md", "2021-03-04")
    assert (hit["title"], hit["author"], hit["categories"]) == ("潮汐表上墙", "港口日报", ["港口"])


def test_every_line_of_stdin_is_a_question(folder: Path) -> None:
    asked = run("ask", "--index", folder / "index", stdin="潮汐表几点贴出来？\n\n  \nrye bread\n")
    assert asked.returncode == 0
    assert asked.stdout.index("早上六点") < asked.stdout.index("sells rye bread")
    assert "1. 潮汐表上墙\n   2021-03-04 · 港口日报 · tide.md\n" in asked.stdout
    assert asked.stderr == ""


def test_a_line_that_is_no_question_does_not_end_the_others(folder: Path) -> None:
    asked = run("ask", "--index", folder / "index", "--json", stdin="x" * 2_001 + "\nrye bread\n")
    assert asked.returncode == 1
    assert one_line(asked.stderr)
    assert [json.loads(line)["question"] for line in asked.stdout.splitlines()] == ["rye bread"]


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        (["--after", "2022"], ["bread.md"]),
        (["--before", "2021-03"], ["tide.md"]),
        (["--category", "港口"], ["tide.md"]),
        (["--author", "nobody"], []),
    ],
)
def test_filters(folder: Path, options: list[str], paths: list[str]) -> None:
    asked = run("ask", "灯塔 bread", "--index", folder / "index", "--json", *options)
    assert [hit["path"] for hit in json.loads(asked.stdout)["hits"]] == paths


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "x", "-k", "0"],
        ["ask", "x", "-k", "many"],
        ["ask", ""],
        ["ask", "   "],
        ["ask", "x" * 2_001],
        ["ask", "x", "--after", "yesterday"],
        ["ask", "x", "--before", "2022-02-30"],
        ["ask", "x", "--language", "中文"],
        ["ask", "x", "--unknown"],
        ["ask", "x", "y"],
        ["rebuild", ".", "--jobs", "0"],
        ["rebuild", ""],
        ["rebuild", ".", "--permalink", "\udcff"],
        ["rebuild", ".", "--index", ""],
        ["ask", "x", "--index", "file:///srv/index"],
        ["ask", "x", "--index", "milvus://[::1/news"],
        ["ask", "x", "--index", "a\udcff"],
        ["evaluate"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: list[str], tmp_path: Path) -> None:
    ended = run(arguments[0], *arguments[1:], cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert one_line(ended.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rebuild", "nowhere"], "no such folder"),
        (["rebuild", "empty"], "no article in it"),
        (["rebuild", "empty", "--site", "nowhere"], "is not a folder"),
        (["rebuild", "articles", "--model", "./no-such-model"], "no such model folder"),
        (["rebuild", "articles", "--model", "nobody/no-such-model"], "nobody/no-such-model"),
        (["rebuild", "articles", "--ray", "ray://127.0.0.1:1"], "ray://127.0.0.1:1: no cluster answers there"),
        (["rebuild", "articles", "--site-url", "https://x.example.org"], "one needs the other"),
        (["ask", "x", "--index", "nowhere"], "rebuild-embeddings"),
        (["ask", "x", "--index", "empty"], "no index here yet"),
        (["evaluate", "nowhere.jsonl"], "cannot be read"),
        (["evaluate", "wrong.jsonl"], "wrong.jsonl:1: not a question"),
        (["evaluate", "--feedback", "wrong.jsonl"], "cannot be read"),
        (["evaluate", "--feedback", ""], "cannot be read"),
        (["evaluate", "--feedback", "fifo"], "cannot be read"),
        (["ask", "x", "--index", "a\nb\x1b[2J"], "a\\nb\\x1b[2J: no index here yet"),
        (["rebuild", "articles", "--index", "taken"], "something else by the name of journal"),
        (["rebuild", "articles", "--model", "a\nb"], "no such model folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_1(arguments: list[str], words: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("text of an article", encoding="utf-8")
    (tmp_path / "wrong.jsonl").write_text("[]\n")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "journal").write_text("Dear diary")
    os.mkfifo(tmp_path / "fifo")
    ended = run(arguments[0], *arguments[1:], cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert one_line(ended.stderr), ended.stderr
    assert words in ended.stderr
    assert not (tmp_path / "index").exists()


def test_an_index_of_another_model_is_refused(folder: Path, tmp_path: Path) -> None:
    (name,) = (folder / "index" / "CURRENT").read_text().split()
    copy = tmp_path / "index" / "generations" / name
    copy.parent.mkdir(parents=True)
    subprocess.run(["cp", "-r", str(folder / "index" / "generations" / name), str(copy)], check=True)
    (tmp_path / "index" / "CURRENT").write_text(name)
    fields = json.loads((copy / "manifest.json").read_text()) | {"fingerprint": "other", "model": "other-model"}
    fields["sum"] = manifest.sum_of(fields)
    (copy / "manifest.json").write_text(json.dumps(fields))
    ended = run("ask", "x", "--index", tmp_path / "index")
    assert ended.returncode == 1
    assert one_line(ended.stderr)
    assert "other-model" in ended.stderr


def test_settings_come_from_the_environment_and_dotenv(folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"INDEX_DIR={folder / 'index'}\n")
    assert run("ask", "rye bread", cwd=tmp_path).returncode == 0
    assert run("ask", "rye bread", cwd=tmp_path, INDEX_DIR=str(tmp_path / "other")).returncode == 1


@pytest.mark.parametrize(
    "settings",
    [b"INDEX_DIR=\xff\xfe\n", b"A=1\nALLOWED_CHATS='7,8\n", b"INDEX_DIR=a\0b\n", b"INDEX_DIR=milvus://[::1/news\n"],
)
def test_settings_that_cannot_be_read_are_not_passed_over(settings: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(settings)
    ended = run("ask", "rye bread", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert one_line(ended.stderr)


@pytest.mark.parametrize(
    ("streams", "code"),
    [(">/dev/full", 1), (">&-", 0), ("<&-", 0), ("| true", 0)],
)
def test_streams_that_are_closed_or_full(streams: str, code: int, folder: Path) -> None:
    command = f"{sys.executable} -m {MODULES['ask']} --index {folder / 'index'}"
    question = "" if "<" in streams else "'rye bread'"
    ended = subprocess.run(
        f"{command} {question} {streams}",
        shell=True,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    assert one_line(ended.stderr) if code else not ended.stderr


def test_what_the_terminal_cannot_show_is_marked(folder: Path) -> None:
    asked = run("ask", "潮汐表几点贴出来？", "--index", folder / "index", PYTHONIOENCODING="ascii")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "????" in asked.stdout


def test_evaluation_measures_and_draws(folder: Path, tmp_path: Path) -> None:
    questions = [
        {"question": "潮汐表几点贴出来？", "path": "tide.md", "answers": ["早上六点"]},
        {"question": "Which bread is sold at night?", "path": "bread.md", "answers": ["rye bread"]},
        {"question": "珠穆朗玛峰有多高？", "path": None, "answers": []},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in questions))
    ended = run("evaluate", file, "--index", folder / "index", "--report", tmp_path / "report", "--json")
    figures = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert (figures["questions"], figures["answerable"]) == (3, 2)
    assert figures["hit_at_1"] == figures["hit_at_5"] == figures["mrr_at_10"] == figures["highlighted"] == 1.0
    page = (tmp_path / "report" / "index.html").read_text()
    assert page.count("data:image/png") == 3
    # A picture's letters spell it now and then.
    assert "http" not in re.sub(r"base64,[^\"]+", "", page)
    assert "h3, dd { overflow-wrap: anywhere }" in page, "an address in a question makes no page wider than a phone"
    again = run("evaluate", file, "--index", folder / "index", "--report", tmp_path / "report", "--json")
    assert again.returncode == 0, again.stderr


def test_a_report_takes_no_other_pages_place_and_no_time_where_it_cannot_be(folder: Path, tmp_path: Path) -> None:
    file, site = tmp_path / "questions.jsonl", tmp_path / "site"
    file.write_text(json.dumps({"question": "潮汐表几点贴出来？", "path": "tide.md", "answers": ["早上六点"]}))
    site.mkdir()
    (site / "index.html").write_text("<h1>The ferry's own page</h1>")
    for report in (site, file):
        ended = run("evaluate", file, "--index", folder / "index", "--report", report)
        assert ended.returncode == 1
        assert one_line(ended.stderr)
    assert (site / "index.html").read_text() == "<h1>The ferry's own page</h1>"
    assert run("evaluate", file, "--index", folder / "index", "--report", "").returncode == 2


@pytest.mark.parametrize("both", [("--check", "--verify"), ("--check", "--watch"), ("--verify", "--watch")])
def test_what_only_reads_is_not_done_together(folder: Path, both: tuple[str, str]) -> None:
    assert run("rebuild", folder, "--index", folder / "index", *both).returncode == 2


def test_feedback_is_questions(folder: Path, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "feedback.sqlite")
    database.executescript(
        "CREATE TABLE verdict (id, rank, day, question, generation, verdict);"
        "CREATE TABLE shown (id, rank, path, text);"
        "INSERT INTO verdict VALUES ('a', 1, '2024-05-06', 'rye bread', 'g', 'right');"
        "INSERT INTO verdict VALUES ('b', 1, '2024-05-06', 'something else', 'g', 'wrong');"
        "INSERT INTO shown VALUES ('a', 1, 'bread.md', 'sells rye bread'), ('b', 1, 'bread.md', 'sells rye bread');"
    )
    database.close()
    ended = run("evaluate", "--feedback", tmp_path / "feedback.sqlite", "--index", folder / "index", "--json")
    figures = json.loads(ended.stdout)
    assert (figures["questions"], figures["hit_at_1"]) == (1, 1.0)


def test_questions_about_articles_that_are_not_there_are_told(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": "潮汐表几点贴出来？", "path": "posts/tide.md", "answers": ["早上六点"]}))
    ended = run("evaluate", file, "--index", folder / "index")
    assert (ended.returncode, ended.stdout.count("hit at 1")) == (0, 1)
    assert "1 of 1 questions name an article that the index does not have, such as posts/tide.md" in ended.stderr


def test_asking_needs_neither_torch_nor_transformers(folder: Path) -> None:
    code = (
        "import sys; from retrieval.commands.ask import main\n"
        f"assert main(['rye bread', '--index', {str(folder / 'index')!r}]) == 0\n"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers', 'matplotlib'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr


def test_the_whole_way_opens_no_connection(folder: Path) -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from retrieval.commands import ask, rebuild\n"
        f"articles, index = {str(folder / 'articles')!r}, {str(folder / 'offline')!r}\n"
        "sys.exit(rebuild.main([articles, '--index', index]) or ask.main(['rye bread', '--index', index]))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr


def test_verify_names_the_damaged_file_and_the_repair(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(folder / "index", index)
    whole = run("rebuild", "--index", index, "--verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "all as they were written" in whole.stdout
    (catalogue,) = index.glob("generations/*/catalogue.sqlite")
    data = bytearray(catalogue.read_bytes())
    data[len(data) // 2] ^= 1
    catalogue.write_bytes(data)
    damaged = run("rebuild", "--index", index, "--verify", "--json")
    assert damaged.returncode == 1
    assert one_line(damaged.stderr)
    assert "catalogue.sqlite is not what was written" in damaged.stderr
    assert "rebuild-embeddings" in damaged.stderr
    assert run("rebuild", "--index", tmp_path / "nothing", "--verify").returncode == 1


def test_names_of_files_do_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "\x1b[2J\n.md").write_text("text of an article", encoding="utf-8")
    (tmp_path / "\x1b[31m.md").write_bytes(b"\x00binary")
    ended = run("rebuild", tmp_path, "--check")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\\x1b[2J\\n.md" in ended.stdout
    assert "\x1b" not in ended.stdout


@pytest.mark.parametrize("arguments", [["rye bread", "--index", "{index}"], ["--help"]])
def test_a_setting_that_is_not_needed_may_be_wrong(folder: Path, arguments: list[str]) -> None:
    stated = [each.format(index=folder / "index") for each in arguments]
    assert run("ask", *stated, cwd=folder, INDEX_DIR="http://x").returncode == 0
    assert run("ask", "rye bread", cwd=folder, INDEX_DIR="http://x").returncode == 1


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "ascii"])
def test_json_is_whole_whatever_the_output_is_encoded_in(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "潮汐.md").write_text("潮汐表贴在灯塔的门上。", encoding="utf-8")
    found = run("rebuild", tmp_path / "articles", "--check", "--json", PYTHONIOENCODING=encoding)
    assert found.returncode == 0
    assert found.stdout.isascii()
    assert json.loads(found.stdout)["articles"] == 1


@pytest.mark.parametrize("written", ["2022-00", "2022-07-00", "2022-13"])
def test_a_date_that_is_none_is_wrong_usage(written: str) -> None:
    for option in ("--after", "--before"):
        asked = run("ask", "灯塔", option, written)
        assert asked.returncode == 2
        assert "is not a date" in asked.stderr
