"""Text to unit vectors."""

from embeddings.encoder import Encoder
from embeddings.errors import EncoderError
from embeddings.model import load_encoder

__all__ = ["Encoder", "EncoderError", "load_encoder"]
