"""The default model as an ordinary sentence-transformers folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from embeddings.card import Card
from embeddings.weights import Floats, Shape, Weights

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The data file's name of a layer's part -> BertModel's."""


def write_settings(folder: Path, shape: Shape, card: Card) -> None:
    """The small files: architecture, pooling, prompts, and how the tokenizer is called."""
    for name, content in _settings(shape, card).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_tokenizer(folder: Path, tokenizer: Tokenizer) -> None:
    """`tokenizer.json`, compact: it is read at every start."""
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), encoding="utf-8")


def write_weights(folder: Path, weights: Weights, wrote: Callable[[int], object]) -> None:
    """`model.safetensors`, in float32; `wrote` hears how many bytes after each piece.

    Written piece by piece, because the embedding table alone takes 384 MB and safetensors' own writer would hold
    it twice. Format: https://huggingface.co/docs/safetensors (length of the header, header, tensors).
    """
    header = _header(weights.shape)
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for piece in _pieces(weights):
            wrote(file.write(np.ascontiguousarray(piece, "<f4").data))


def weights_size(shape: Shape) -> int:
    """Bytes of all tensors."""
    return sum(4 * int(np.prod(dimensions)) for _, dimensions in _tensors(shape))


def _header(shape: Shape) -> bytes:
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    start = 0
    for name, dimensions in _tensors(shape):
        stop = start + 4 * int(np.prod(dimensions))
        entries[name] = {"dtype": "F32", "shape": dimensions, "data_offsets": [start, stop]}
        start = stop
    text = json.dumps(entries, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % 8)


def _tensors(shape: Shape) -> Iterator[tuple[str, list[int]]]:
    """Name and dimensions, in the order in which `_pieces` gives the values."""
    hidden = shape.hidden
    yield "embeddings.word_embeddings.weight", [shape.vocabulary, hidden]
    yield "embeddings.position_embeddings.weight", [shape.positions, hidden]
    yield "embeddings.token_type_embeddings.weight", [shape.types, hidden]
    yield from _norm("embeddings.LayerNorm", hidden)
    for layer in range(shape.layers):
        for part, name in _LAYER.items():
            path = f"encoder.layer.{layer}.{name}"
            yield from _norm(path, hidden) if part.endswith("ln") else _linear(path, *_size(part, shape))
    yield from _linear("pooler.dense", hidden, hidden)


def _norm(path: str, hidden: int) -> Iterator[tuple[str, list[int]]]:
    yield f"{path}.weight", [hidden]
    yield f"{path}.bias", [hidden]


def _linear(path: str, outputs: int, inputs: int) -> Iterator[tuple[str, list[int]]]:
    yield f"{path}.weight", [outputs, inputs]
    yield f"{path}.bias", [outputs]


def _size(part: str, shape: Shape) -> tuple[int, int]:
    """(outputs, inputs) of a layer's part."""
    outputs = shape.intermediate if part == "fi" else shape.hidden
    return outputs, shape.intermediate if part == "fo" else shape.hidden


def _pieces(weights: Weights) -> Iterator[Floats]:
    shape = weights.shape
    yield from weights.chunks("emb.word", shape.hidden)
    for name in ("emb.pos", "emb.type", "emb.ln.w", "emb.ln.b"):
        yield weights.vector(name)
    for layer in range(shape.layers):
        for part in _LAYER:
            path = f"l{layer}.{part}"
            norm = part.endswith("ln")
            yield weights.vector(f"{path}.w") if norm else weights.matrix(f"{path}.w", _size(part, shape)[1])
            yield weights.vector(f"{path}.b")
    # BERT's pooler is not used here and not in the data; without one the model loads with a complaint.
    yield np.zeros((shape.hidden + 1) * shape.hidden, np.float32)


def _settings(shape: Shape, card: Card) -> dict[str, Any]:
    return {
        "config.json": _architecture(shape),
        "tokenizer_config.json": _tokenizer_settings(card),
        "special_tokens_map.json": _SPECIAL_TOKENS,
        "modules.json": [_module(0, "", "Transformer"), _module(1, "1_Pooling"), _module(2, "2_Normalize")],
        "sentence_bert_config.json": {"max_seq_length": card.max_tokens, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": card.dimension, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": card.question_prompt, "passage": card.passage_prompt},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _architecture(shape: Shape) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.intermediate,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": float(f"{shape.epsilon:.6g}"),
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "torch_dtype": "float32",
    }


_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "cls_token": "<s>",
    "mask_token": "<mask>",
}


def _tokenizer_settings(card: Card) -> dict[str, Any]:
    # The generic class takes tokenizer.json as it is; XLMRobertaTokenizer would rebuild parts of it.
    return _SPECIAL_TOKENS | {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": card.max_tokens,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
    }


def _module(index: int, path: str, kind: str = "") -> dict[str, Any]:
    kind = kind or path.split("_")[1]
    return {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.models.{kind}"}
