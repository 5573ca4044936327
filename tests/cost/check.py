#!/usr/bin/env python3
"""Counts the processor instructions of the cases of yihong_cost and holds them against their budgets.

    check.py PROGRAM [CASE...]     compares; exit 1 where a case takes more than 10 % above its budget
    check.py PROGRAM --renew [CASE...]  counts them, or every case, and writes budgets.json: after a change that is worth what it costs

Instructions, not time: on a loaded machine they are the same to a fraction of a percent. They differ between compilers, so they are
counted in the release build, which one compiler of Debian 12 makes."""
import json, pathlib, re, subprocess, sys, tempfile

BUDGETS = pathlib.Path(__file__).with_name("budgets.json")
TOLERANCE = 0.10
KEPT_FUNCTIONS = 40


def count(program, case):
    """(instructions of the case, {function: its own instructions})"""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        run = subprocess.run(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--error-exitcode=99", f"--callgrind-out-file={out}",
                              program, case], capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"{case}: exit code {run.returncode}\n{run.stderr[-3000:]}")
        listed = subprocess.run(["callgrind_annotate", "--threshold=100", "--auto=no", out], capture_output=True, text=True, check=True).stdout
    total, functions = 0, {}
    for line in listed.splitlines():
        found = re.match(r"\s*([\d,]+) (?:\(\s*[\d.]+%\)\s+)?(.+)", line)
        if not found:
            continue
        instructions, what = int(found[1].replace(",", "")), found[2]
        if what.startswith("PROGRAM TOTALS"):
            total = instructions
        elif ":" in what and len(functions) < KEPT_FUNCTIONS:
            name = re.sub(r" \[[^\]]*\]$", "", what.split(":", 1)[1])
            functions[name[:160]] = functions.get(name[:160], 0) + instructions
    if total == 0:
        sys.exit(f"{case}: nothing was counted\n{listed[:1000]}")
    return total, functions


def cases_of(program):
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()


def renew(program, wanted):
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=BUDGETS.parent, capture_output=True, text=True, check=True).stdout.strip()
    known = json.loads(BUDGETS.read_text()) if BUDGETS.exists() else {}
    budgets = {}
    for case in cases_of(program):
        if wanted and case not in wanted:
            budgets[case] = known[case]
            continue
        total, functions = count(program, case)
        before = known.get(case, {}).get("instructions")
        print(f"{case}: {total:,}" + (f" (was {before:,}, {(total / before - 1) * 100:+.1f} %)" if before else ""), flush=True)
        budgets[case] = {"instructions": total, "set_after": commit, "functions": functions}
    BUDGETS.write_text(json.dumps(budgets, indent=1, ensure_ascii=False) + "\n")


def compare(program, case):
    """Whether the case is within its budget."""
    budget = json.loads(BUDGETS.read_text()).get(case)
    if not budget:
        sys.exit(f"{case} has no budget in {BUDGETS.name}: run check.py PROGRAM --renew")
    total, functions = count(program, case)
    allowed = budget["instructions"]
    print(f"{case}: {total:,} instructions, budget {allowed:,} (set after {budget['set_after']}): {(total / allowed - 1) * 100:+.1f} %")
    if total <= allowed * (1 + TOLERANCE):
        if total < allowed * (1 - TOLERANCE):
            print("it takes less than it did: renew the budgets, so that the gain is kept")
        return True
    grown = sorted(((now - budget["functions"].get(name, 0), name) for name, now in functions.items()), reverse=True)
    print(f"more than {TOLERANCE:.0%} above its budget. What grew most:")
    for more, name in grown[:15]:
        if more > 0:
            print(f"  {more:>+15,}  {name}")
    return False


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, wanted = sys.argv[1], sys.argv[2:]
    if wanted[:1] == ["--renew"]:
        renew(program, wanted[1:])
    elif not all([compare(program, case) for case in wanted or cases_of(program)]):
        sys.exit(1)
