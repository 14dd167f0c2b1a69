"""Compiles a system for every target.

tocsin compile nzila-export-hub -o out    each target's resources as JSON, with what servers load
tocsin compile                            refreshes the renderings in grafana/ and pagerduty/
tocsin compile --check                    fails (exit code 2) when those are stale
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tocsin.commands import add_format, add_system, chosen, here, read, refuse
from tocsin.emit import canonical, compiled_files, rendered_files
from tocsin.main import BAD_USAGE, CLEAN, STALE, Failure
from tocsin.write import differences, write_tree


def arguments(parser: argparse.ArgumentParser) -> None:
    add_system(parser)
    add_format(parser, "text", "json")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="write <target>.json and the targets' files here"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when what is written is stale")


def run(options: argparse.Namespace) -> int:
    if options.environment != "production" and options.output is None:
        raise Failure(
            "the committed renderings are production's: name a folder with -o for another environment", BAD_USAGE
        )
    root = here()
    folders = chosen(options, root)
    everything, owned, counts = {}, [], {}
    for folder in folders:
        loaded, outputs = read(options, folder, root)
        if code := refuse(loaded):
            return code
        files, names = (compiled_files if options.output else rendered_files)(loaded.linked, outputs)
        below = f"{loaded.id}/" if options.output and len(folders) > 1 else ""
        everything |= {below + path: text for path, text in files.items()}
        owned += [below + name for name in names]
        counts[loaded.id] = {target: len(output.resources) for target, output in outputs.items()}
    target_folder = options.output or root
    try:
        stale = differences(target_folder, everything, owned) if options.check else []
        if not options.check:
            write_tree(target_folder, everything, owned)
    except OSError as error:
        done = "compared" if options.check else "written"
        raise Failure(f"nothing was {done}: {error.strerror or error}: {error.filename or target_folder}") from None
    if options.check:
        return _report_stale(stale, options)
    _report(options, counts, everything, target_folder)
    return CLEAN


def _report(options: argparse.Namespace, counts: dict, files: dict, folder: Path) -> None:
    if options.format == "json":
        print(canonical({"systems": counts, "files": sorted(files)}), end="")
        return
    for system, targets in counts.items():
        said = ", ".join(f"{count} {target}" for target, count in targets.items() if count)
        print(f"{system}: {sum(targets.values())} resources ({said})")
    print(f"{len(files)} files in {folder}")


def _report_stale(stale: list[str], options: argparse.Namespace) -> int:
    refresh = (
        "tocsin compile"
        + (f" {options.system}" if options.system else "")
        + (f" -o {options.output}" if options.output else "")
    )
    if options.format == "json":
        print(canonical({"stale": stale, "refresh": refresh}), end="")
    elif stale:
        print("\n".join(f"stale: {path}" for path in stale) + f"\nrefresh with: {refresh}")
    else:
        print("the renderings are up to date")
    return STALE if stale else CLEAN
