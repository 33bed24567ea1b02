"""Peers, each as its documentation has it used, over the same passages and with the same model folder.

Run by benchmarks/quality.py with the Python of the peers' own environment, a process for each system:

    python benchmarks/peers.py SYSTEM TASK.json RESULT.json

TASK: {"model": folder, "passages": [text], "questions": [text]}. RESULT: a list of ten passage numbers for each
question, best first. Passages and questions get the model's prompts, and as it is one model, what one system had
embedded is kept beside TASK for the next; where a peer splits text into words by itself, and lets its user say how,
each Han character is one, as is each word of any other script.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

TOP = 10
POOL = 100
"""Candidates of each side that a fusion gets."""
WORDS = r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+"

Ask: TypeAlias = Callable[[str], Sequence[int]]
"""From a question to the numbers of the passages found, best first."""


def main(system: str, task_file: str, result_file: str) -> None:
    """Build, ask everything, write what was found."""
    task = json.loads(Path(task_file).read_text(encoding="utf-8"))
    with _remembered(Path(task_file).with_name("vectors.json")):
        ask = SYSTEMS[system](task["model"], task["passages"])
        found = [[int(number) for number in ask(question)][:TOP] for question in task["questions"]]
    Path(result_file).write_text(json.dumps(found), encoding="utf-8")


@contextmanager
def _remembered(file: Path) -> Iterator[None]:
    """Let sentence-transformers look texts up that it embedded before, under whichever system."""
    import numpy as np
    from sentence_transformers import SentenceTransformer

    texts = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    known: dict[str, Any] = dict(zip(texts, np.load(file.with_suffix(".npy")), strict=True)) if texts else {}
    model: Any = SentenceTransformer
    encode = model.encode

    def look_up(self: Any, *given: Any, **options: Any) -> Any:
        sentences: Any = given[0] if given else options.get("inputs", options.get("sentences"))
        texts = [sentences] if isinstance(sentences, str) else list(sentences)
        prompt = options.get("prompt") or self.prompts.get(options.get("prompt_name") or self.default_prompt_name, "")
        if missing := [text for text in dict.fromkeys(texts) if prompt + text not in known]:
            vectors = encode(self, missing, prompt=prompt or None, normalize_embeddings=True)
            known.update(zip((prompt + text for text in missing), vectors, strict=True))
        found = np.stack([known[prompt + text] for text in texts])
        return found[0] if isinstance(sentences, str) else found

    model.encode = look_up
    yield
    file.write_text(json.dumps(list(known)), encoding="utf-8")
    np.save(file.with_suffix(".npy"), np.stack(list(known.values())) if known else np.empty(0))


def faiss_dense(model: str, passages: list[str]) -> Ask:
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

    return ask


def txtai(**options: Any) -> Callable[[str, list[str]], Ask]:
    """txtai's Embeddings; hybrid where `options` say so."""

    def build(model: str, passages: list[str]) -> Ask:
        from txtai import Embeddings

        prompts = {"query": "query: ", "data": "passage: "}
        embeddings = Embeddings(path=model, method="sentence-transformers", instructions=prompts, **options)
        embeddings.index((number, text, None) for number, text in enumerate(passages))
        return lambda question: [number for number, _ in embeddings.search(question, TOP)]

    return build


def haystack(kind: str) -> Callable[[str, list[str]], Ask]:
    """Haystack's in-memory store: `embedding`, `bm25`, or both `joined` by reciprocal ranks."""

    def build(model: str, passages: list[str]) -> Ask:
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

        return ask

    return build


def llamaindex(model: str, passages: list[str]) -> Ask:
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
    vectors = VectorStoreIndex(nodes, embed_model=embedding).as_retriever(similarity_top_k=POOL)
    lexical = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=min(POOL, len(nodes)), token_pattern=WORDS, skip_stemming=True
    )
    fused = QueryFusionRetriever(
        [vectors, lexical], similarity_top_k=TOP, num_queries=1, mode="reciprocal_rerank", use_async=False
    )
    return lambda question: [int(found.node.node_id) for found in fused.retrieve(question)]


SYSTEMS: dict[str, Callable[[str, list[str]], Ask]] = {
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
