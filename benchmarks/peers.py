"""What a peer finds and costs; run by benchmarks/quality.py with the Python of the peers' own environment:

    python -m benchmarks.peers SYSTEM TASK.json RESULT.json

TASK: {"model": folder, "passages": [text], "questions": [text], "folder": where the index is saved, "started": when}.
RESULT: {"found": ten passage numbers for each question, best first, "build_seconds": from the start of the process to
an index on disk, "question_seconds": of each question, "memory_bytes": the most the process held}. Passages and
questions get the model's prompts; where a peer splits text into words by itself, and lets its user say how, each Han
character is one, as is each word of any other script.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.memory import peak

TOP = 10
POOL = 100
"""Candidates of each side that a fusion gets."""
WORDS = r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+"

Ask: TypeAlias = Callable[[str], Sequence[int]]
"""From a question to the numbers of the passages found, best first."""
Build: TypeAlias = Callable[[str, list[str]], "Built"]
"""From a model's folder and passages to an index."""


@dataclass(frozen=True)
class Built:
    """An index in memory."""

    ask: Ask
    save: Callable[[str], object]
    """Writes it into a folder, as the system would have it there."""


def main(system: str, task_file: str, result_file: str) -> None:
    """Build, ask everything, write what was found and what it cost."""
    task = json.loads(Path(task_file).read_text(encoding="utf-8"))
    built = SYSTEMS[system](task["model"], task["passages"])
    built.save(task["folder"])
    result: dict[str, Any] = {"build_seconds": time.time() - task["started"], "found": [], "question_seconds": []}
    for question in task["questions"]:
        started = time.perf_counter()
        found = built.ask(question)
        result["question_seconds"].append(time.perf_counter() - started)
        result["found"].append([int(number) for number in found][:TOP])
    result["memory_bytes"] = peak()
    Path(result_file).write_text(json.dumps(result), encoding="utf-8")


def faiss_dense(model: str, passages: list[str]) -> Built:
    """One vector a passage, exact inner product."""
    import faiss
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model)
    vectors = encoder.encode(["passage: " + text for text in passages], normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)

    def ask(question: str) -> Sequence[int]:
        vector = encoder.encode(["query: " + question], normalize_embeddings=True)
        return list(index.search(vector, TOP)[1][0])

    return Built(ask, lambda folder: faiss.write_index(index, f"{folder}/passages.faiss"))


def txtai(**options: Any) -> Build:
    """txtai's Embeddings; hybrid where `options` say so."""

    def build(model: str, passages: list[str]) -> Built:
        from txtai import Embeddings

        prompts = {"query": "query: ", "data": "passage: "}
        embeddings = Embeddings(path=model, method="sentence-transformers", instructions=prompts, **options)
        embeddings.index((number, text, None) for number, text in enumerate(passages))
        return Built(lambda question: [number for number, _ in embeddings.search(question, TOP)], embeddings.save)

    return build


def haystack(kind: str) -> Build:
    """Haystack's in-memory store: `embedding`, `bm25`, or both `joined` by reciprocal ranks."""

    def build(model: str, passages: list[str]) -> Built:
        from haystack import Document
        from haystack.components.embedders import SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore(bm25_tokenization_regex=WORDS, embedding_similarity_function="dot_product")
        documents = [Document(id=str(number), content=text) for number, text in enumerate(passages)]
        if kind != "bm25":
            shape: dict[str, Any] = {"model": model, "normalize_embeddings": True, "progress_bar": False}
            embedder = SentenceTransformersDocumentEmbedder(prefix="passage: ", **shape)
            asker = SentenceTransformersTextEmbedder(prefix="query: ", **shape)
            embedder.warm_up()
            asker.warm_up()
            documents = embedder.run(documents)["documents"]
        store.write_documents(documents)
        pool = TOP if kind != "joined" else POOL
        lexical = InMemoryBM25Retriever(store, top_k=pool)
        dense = InMemoryEmbeddingRetriever(store, top_k=pool)
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)

        def ask(question: str) -> Sequence[int]:
            lists = []
            if kind != "bm25":
                lists.append(dense.run(query_embedding=asker.run(question)["embedding"])["documents"])
            if kind != "embedding":
                lists.append(lexical.run(query=question)["documents"])
            found = lists[0] if len(lists) == 1 else joiner.run(documents=lists)["documents"]
            return [int(document.id) for document in found]

        return Built(ask, lambda folder: store.save_to_disk(f"{folder}/documents.json"))

    return build


def llamaindex(model: str, passages: list[str]) -> Built:
    """LlamaIndex's vectors and BM25, fused by reciprocal ranks, with no questions made up by a language model."""
    from llama_index.core import Settings, VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.retrievers.bm25 import BM25Retriever

    Settings.llm = MockLLM()
    embedding = HuggingFaceEmbedding(model, query_instruction="query: ", text_instruction="passage: ")
    nodes = [TextNode(id_=str(number), text=text) for number, text in enumerate(passages)]
    index = VectorStoreIndex(nodes, embed_model=embedding)
    vectors = index.as_retriever(similarity_top_k=POOL)
    lexical = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=min(POOL, len(nodes)), token_pattern=WORDS, skip_stemming=True
    )
    fused = QueryFusionRetriever(
        [vectors, lexical], similarity_top_k=TOP, num_queries=1, mode="reciprocal_rerank", use_async=False
    )

    def save(folder: str) -> None:
        index.storage_context.persist(folder)
        lexical.persist(f"{folder}/bm25")

    return Built(lambda question: [int(found.node.node_id) for found in fused.retrieve(question)], save)


SYSTEMS: dict[str, Build] = {
    "faiss, one vector a passage": faiss_dense,
    "txtai, dense": txtai(),
    "txtai, hybrid": txtai(hybrid=True),
    "haystack, embedding": haystack("embedding"),
    "haystack, bm25": haystack("bm25"),
    "haystack, joined": haystack("joined"),
    "llamaindex, fused": llamaindex,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
