"""Summaries: what a generation is, and what the rebuild that wrote it did, wherever the index is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from embeddings.encoder import Encoder, fingerprint
from retrieval.indexing.address import Address
from retrieval.indexing.intake import Intake
from retrieval.indexing.manifest import Manifest
from retrieval.records import BuildReport, Skipped


def closed(intake: Intake, encoder: Encoder, *, name: str, format: int, settings: str) -> Manifest:
    """Write out what was taken in, and say what the generation `name` is."""
    manifest = Manifest(
        format=format,
        name=name,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=fingerprint(encoder),
        dimension=encoder.dimension,
        articles=intake.catalogue.articles,
        passages=intake.catalogue.passages,
        sentences=intake.catalogue.sentences,
        rows=intake.catalogue.rows,
        total_length=intake.forward.total_length,
        settings=settings,
        skipped=[(each.path, each.reason) for each in intake.ledger.skipped()],
        files={},
    )
    intake.close()
    return manifest


def report_of(manifest: Manifest, index: Address, *, embedded: int, reused: int, removed: int) -> BuildReport:
    """What a rebuild did that led to a generation; how long it took is not known yet."""
    return BuildReport(
        articles=manifest.articles,
        passages=manifest.passages,
        sentences=manifest.sentences,
        embedded=embedded,
        reused=reused,
        removed=removed,
        seconds=0.0,
        index=str(index),
        generation=manifest.name,
        model=manifest.model,
        skipped=tuple(Skipped(path, reason) for path, reason in manifest.skipped),
    )


def unchanged(manifest: Manifest, index: Address) -> BuildReport:
    """What a rebuild did that found nothing to do."""
    return report_of(manifest, index, embedded=0, reused=manifest.passages + manifest.sentences, removed=0)


def nothing_readable(skipped: Sequence[Skipped]) -> str:
    """Why no article came of a folder that has files."""
    if not skipped:
        return "every article in it is a draft"
    return f"no readable article in it; {skipped[0].path}: {skipped[0].reason}"
