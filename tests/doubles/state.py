"""What the provider doubles keep: one JSON file a resource, in the directory that TOCSIN_DOUBLE_STATE names.

Tests read and change these files through `DoubleState`: that is how something drifts where there is no emulator.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

VARIABLE = "TOCSIN_DOUBLE_STATE"


@dataclass
class Record:
    """One resource: what the program asked for, what the vendor has, and (`echo`) how the emulator read it back."""

    token: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    secrets: list[str] = field(default_factory=list)
    echo: dict[str, Any] | None = None


class DoubleState:
    """The records of one directory."""

    def __init__(self, directory: str | os.PathLike[str] | None = None) -> None:
        self.directory = Path(directory or os.environ[VARIABLE])
        self.directory.mkdir(parents=True, exist_ok=True)

    def get(self, token: str, ident: str) -> Record | None:
        """A record, or None."""
        path = self._path(token, ident)
        return Record(**json.loads(path.read_text())) if path.exists() else None

    def put(self, record: Record) -> None:
        """Store a record, in one step."""
        path = self._path(record.token, record.id)
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.{id(record)}")
        draft.write_text(json.dumps(asdict(record), indent=1, sort_keys=True))
        draft.replace(path)

    def remove(self, token: str, ident: str) -> None:
        """Forget a record: deleted by hand, where a test does it."""
        self._path(token, ident).unlink(missing_ok=True)

    def all(self, token: str = "") -> list[Record]:
        """Every record, of one token or package (`grafana`) if asked."""
        found = [Record(**json.loads(p.read_text())) for p in sorted(self.directory.glob("*/*.json"))]
        return [r for r in found if r.token == token or r.token.startswith(f"{token}:") or not token]

    def find(self, token: str, **wanted: Any) -> Record:
        """The only record of a token with these outputs."""
        found = [r for r in self.all(token) if all(r.outputs.get(k) == v for k, v in wanted.items())]
        if len(found) != 1:
            raise LookupError(f"{len(found)} records of {token} with {wanted}")
        return found[0]

    def mutate(self, record: Record, **changes: Any) -> None:
        """Change what the vendor has, behind the provider's back."""
        record.outputs.update(changes)
        self.put(record)

    def _path(self, token: str, ident: str) -> Path:
        kind = token.replace("/", "_").replace(":", "-")
        return self.directory / kind / f"{hashlib.sha256(ident.encode()).hexdigest()[:24]}.json"
