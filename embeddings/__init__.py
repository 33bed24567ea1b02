"""Text to unit vectors."""

import os

# Before onnxruntime is loaded, or it notes what it runs on in the user's cache and looks for a server to tell it to.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from embeddings.encoder import Encoder
from embeddings.errors import EncoderError
from embeddings.model import load_encoder

__all__ = ["Encoder", "EncoderError", "load_encoder"]
