"""The main job on a real guide, for `make demo`: check, compile, plan, and a summary worth reading."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from generators.registry import generate_all
from spec.load import load_system, locate, repository_root
from tocsin.emit import compiled_files
from tocsin.main import main as run
from tocsin.review.prices import costs, price, total
from tocsin.review.quotas import quotas, said
from tocsin.show.paint import for_stdout, table
from tocsin.write import write_tree

FOLDER = Path("build/demo")


def main() -> int:
    """Runs the demo on the system named on the command line; returns the first exit code that is not 0."""
    system = sys.argv[1] if len(sys.argv) > 1 else "nzila-export-hub"
    root, paint = repository_root(Path.cwd().resolve()), for_stdout()
    started = time.perf_counter()
    print(paint.bold(f"$ tocsin check {system}"))
    if code := run(["check", system]):
        return code
    linked = load_system(locate(system, root), "production", root).linked
    outputs = generate_all(linked)
    files, owned = compiled_files(linked, outputs)
    write_tree(root / FOLDER, files, owned)
    print(f"\n{paint.bold(f'$ tocsin compile {system} -o {FOLDER}')}\n{len(files)} files, for {len(outputs)} targets\n")
    _summary(linked, outputs, paint)
    print(f"\ndone in {time.perf_counter() - started:.1f} s. Next: look at {FOLDER}/grafana/, change a threshold in")
    print(
        f"spec/systems/{system}/, and run `.venv/bin/tocsin check {system}`; `tocsin explain ALERT` shows one alert whole."
    )
    return 0


def _summary(linked, outputs, paint) -> None:
    rows = [("target", "resources", "alerts", "exact", "approximate", "refused", "least time to apply")]
    waits = {quota.target: said(quota.seconds) for quota in quotas(linked, outputs)}
    for target, output in outputs.items():
        verdicts = Counter(verdict.verdict for verdict in output.verdicts)
        counts = [str(verdicts[word] or "") for word in ("exact", "approximate", "refused")]
        rows.append((target, str(len(output.resources)), str(len(output.verdicts) or ""), *counts, waits[target]))
    print(table(rows, right=(1, 2, 3, 4, 5, 6)))
    spec = linked.spec
    urgency = Counter(firing.severity.id for firing in linked.firings.values())
    print(
        f"\n  {paint.bold(spec.system.name)}: {len(spec.services)} services, {len(linked.firings)} alerts ("
        + ", ".join(f"{n} {s}" for s, n in sorted(urgency.items()))
        + ")"
    )
    print(
        f"  {len(spec.uptime)} external monitors, {len(spec.dashboards)} dashboards, {len(spec.routing)} routing rows, {len(spec.escalations)} escalations, {len(spec.runbooks)} runbooks"
    )
    lines = costs(linked, outputs)
    print(
        "  cost: "
        + " + ".join(price(f"{amount:.2f}", currency) for currency, amount in total(lines).items())
        + " a month, by the guide's own figures"
    )
    print(
        f"  {len({value.config for value in spec.configured})} values are the stack's to set; `tocsin plan {linked.id}` lists them"
    )


if __name__ == "__main__":
    sys.exit(main())
