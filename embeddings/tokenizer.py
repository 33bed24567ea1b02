"""The default model's tokenizer, rebuilt from its vocabulary."""

from __future__ import annotations

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from embeddings.weights import Vocabulary

# Two characters that the model was trained with as they are, and that NFKC would replace: the wave dash of
# Chinese and Japanese ranges, and a squared ideograph. Each waits out NFKC as a character of a private-use plane.
_KEPT = {"\uff5e": "\U0010fffd", "\U0001f23b": "\U0010fffc"}


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Text -> token ids, `<s>` before and `</s>` behind; nothing is cut off."""
    scored = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = _ends(vocabulary)
    tokenizer.add_special_tokens(_special_tokens(vocabulary))
    return tokenizer


def normalizer() -> normalizers.Normalizer:
    """What is done to characters before they are cut into pieces."""
    hide = [normalizers.Replace(kept, stand_in) for kept, stand_in in _KEPT.items()]
    show = [normalizers.Replace(stand_in, kept) for kept, stand_in in _KEPT.items()]
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    return normalizers.Sequence([*hide, normalizers.Nmt(), normalizers.NFKC(), spaces, *show])


def _ends(vocabulary: Vocabulary) -> processors.TemplateProcessing:
    ends = [(vocabulary.pieces[token], token) for token in (vocabulary.beginning, vocabulary.end)]
    (start, _), (stop, _) = ends
    return processors.TemplateProcessing(
        single=f"{start} $A {stop}", pair=f"{start} $A {stop} {stop} $B {stop}", special_tokens=ends
    )


def _special_tokens(vocabulary: Vocabulary) -> list[AddedToken]:
    ids = (vocabulary.beginning, vocabulary.padding, vocabulary.end, vocabulary.unknown)
    plain = [AddedToken(vocabulary.pieces[token], normalized=False) for token in ids]
    return [*plain, AddedToken(vocabulary.pieces[-1], lstrip=True, normalized=False)]
