"""Tallies: how often something was tried, and how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SURVIVED, REFUSED, LOST = "survived", "refused", "lost"
"""Went on as if nothing had happened; said in one clear line why not; anything else."""


@dataclass(slots=True)
class Tally:
    """One row of the table."""

    subject: str
    what: str
    outcomes: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    """What was lost, the first few; and why something was not tried."""
    figures: dict[str, float] = field(default_factory=dict)

    def survive(self) -> None:
        """Count one that went on."""
        self.outcomes[SURVIVED] += 1

    def refuse(self) -> None:
        """Count one that was refused with a clear line."""
        self.outcomes[REFUSED] += 1

    def lose(self, why: str) -> None:
        """Count one that was lost."""
        self.outcomes[LOST] += 1
        if len(self.notes) < 10:
            self.notes.append(why)

    @property
    def tried(self) -> int:
        """How many there were."""
        return self.outcomes.total()

    @property
    def lost(self) -> int:
        """How many were lost."""
        return self.outcomes[LOST]

    def record(self) -> dict[str, object]:
        """As it is kept."""
        counts = {"tried": self.tried, **{name: self.outcomes[name] for name in (SURVIVED, LOST, REFUSED)}}
        return {"subject": self.subject, "what": self.what, **counts, **self.figures, "notes": self.notes}


def table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Records as a table in Markdown."""
    lines = ["| subject | what | tried | survived | lost | refused |", "|---|---|--:|--:|--:|--:|"]
    for row in rows:
        counts = [f"{row[name]:,}" for name in ("tried", SURVIVED, LOST, REFUSED)]
        lines.append(f"| {row['subject']} | {row['what']} | {' | '.join(counts)} |")
    return "\n".join(lines)
