"""Writes only the dashboards: the committed ones in grafana/, or into a folder.

tocsin dashboards nzila-export-hub
tocsin dashboards nzila-export-hub -o /tmp/dashboards
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tocsin.commands import add_format, add_system, chosen, here, read, refuse
from tocsin.emit import canonical
from tocsin.main import BAD_USAGE, CLEAN, Failure
from tocsin.write import write_tree

FOLDER = "dashboards/{system}"
"""Where a system's dashboards stand in its Grafana rendering."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_system(parser)
    add_format(parser, "text", "json")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="write here instead of grafana/<system>/dashboards/"
    )


def run(options: argparse.Namespace) -> int:
    if options.environment != "production" and options.output is None:
        raise Failure(
            "the committed dashboards are production's: name a folder with -o for another environment", BAD_USAGE
        )
    root = here()
    files: dict[str, str] = {}
    owned: list[str] = []
    for folder in chosen(options, root):
        loaded, outputs = read(options, folder, root)
        if code := refuse(loaded):
            return code
        source = FOLDER.format(system=loaded.id)
        below = loaded.id if options.output else f"grafana/{loaded.id}/{source}"
        owned.append(below)
        for path, text in outputs["grafana"].renderings.items():
            if path.startswith(f"{source}/"):
                files[below + path.removeprefix(source)] = text
    try:
        write_tree(options.output or root, files, owned)
    except OSError as error:
        raise Failure(
            f"nothing was written: {error.strerror or error}: {error.filename or options.output or root}"
        ) from None
    if options.format == "json":
        print(canonical({"files": sorted(files)}), end="")
    else:
        print("\n".join(str((options.output or Path()) / path) for path in sorted(files)) or "there is no dashboard")
    return CLEAN
