#!/usr/bin/env python3
"""Measures another revision beside the present tree: bench/run.sh compare REV [PARTS] [--quick] [--rounds N] [--no-build].

The revision is built in a work tree of its own below build/compare. Then the parts of bench/run.sh run alternately against the service of either, the present
clients at both, each time in the other order: what the machine does besides meets both alike. A pair is two runs one after the other. Of each
figure the medians of both are printed, and the ratio of a pair: its median, its least and its greatest. A change is one when the spread lies on one side of 1."""
import os, pathlib, re, statistics, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"(?<![\w.#-])\d[\d,]*(?:\.\d+)?(?![\w.]*\w*-)")
PREAMBLE = re.compile(r"\d{4}-\d\d-\d\d |load of the machine|the folder is in memory")


def split_line(line):
    """A line as its words and its numbers.

    >>> split_line("  csv: 0.18 M values/s; 56.7 us a record")
    ('  csv: # M values/s; # us a record', [0.18, 56.7])
    >>> split_line("(f) HJ 212: 100 connections, 1,285,000 frames/s")
    ('(f) HJ #: # connections, # frames/s', [212.0, 100.0, 1285000.0])
    >>> split_line("  limit-100 gzip (8446 bytes): p99 1.5 ms")
    ('  limit-100 gzip (# bytes): p99 # ms', [8446.0, 1.5])
    """
    return NUMBER.sub("#", line), [float(number.replace(",", "")) for number in NUMBER.findall(line)]


def figures_of(output):
    """{(words, how many of the same lines came before): numbers} of what a run prints.

    >>> figures_of("a: 1 ms\\na: 2 ms\\nnothing\\n")
    {('a: # ms', 0): [1.0], ('a: # ms', 1): [2.0]}
    """
    figures, seen = {}, {}
    for line in output.splitlines():
        words, numbers = split_line(line)
        if numbers:
            figures[words, seen.get(words, 0)] = numbers
            seen[words] = seen.get(words, 0) + 1
    return figures


def name_of(words, index):
    """What a number of a line is called: the words between its neighbours.

    >>> name_of("  yihong: # connections: # frames/s (# MB/s), p99 # ms", 1)
    '… frames/s'
    >>> name_of("  yihong: # connections: # frames/s (# MB/s), p99 # ms", 3)
    'p99 … ms'
    """
    pieces = words.split("#")
    before = re.split(r"[,;:()]", pieces[index])[-1].strip()
    behind = re.split(r"[,;:()]", pieces[index + 1])[0].strip()
    return f"{before} … {behind}".strip()


def rows_of(pairs):
    """Of each figure that differs: (words, occurrence, index, median before, median now, [ratio of each pair]).

    >>> rows_of([({("#/s", 0): [10.0]}, {("#/s", 0): [20.0]}), ({("#/s", 0): [12.0]}, {("#/s", 0): [18.0]})])
    [('#/s', 0, 0, 11.0, 19.0, [2.0, 1.5])]
    >>> rows_of([({("# sites", 0): [500.0]}, {("# sites", 0): [500.0]})])
    []
    >>> rows_of([({("#/s", 0): [1.0]}, {})])
    []
    """
    rows = []
    common = [key for key in pairs[0][0] if all(key in before and key in now for before, now in pairs)]
    for key in common:
        for index in range(len(pairs[0][0][key])):
            before = [pair[0][key][index] for pair in pairs]
            now = [pair[1][key][index] for pair in pairs]
            if len(set(before + now)) == 1:
                continue                                   # how the load is made, not what came of it
            ratios = [b / a for a, b in zip(before, now) if a]
            if ratios:
                rows.append((*key, index, statistics.median(before), statistics.median(now), ratios))
    return rows


def show(rows):
    last = None
    for words, occurrence, index, before, now, ratios in rows:
        if (words, occurrence) != last:
            print(words.rstrip() + (f" [{occurrence + 1}]" if occurrence else ""))
            last = words, occurrence
        print(f"    {name_of(words, index):<44} {before:>14,.6g} -> {now:>14,.6g}   x {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, **options)


def targets_of(parts):
    """What a run of these parts takes; none: of all.

    >>> targets_of(["a", "f"])
    ['yihong', 'yihong_bench']
    """
    return ["yihong", "yihong_bench"] + (["hj212_bench", "readings_io_bench", "alerts_bench", "notify_bench"] if not parts or "k" in parts else [])


def build(revision, targets):
    """The revision in a work tree of its own, built. \\return its folder"""
    commit = run("git", "rev-parse", "--verify", "--short=12", revision + "^{commit}", cwd=ROOT, capture_output=True).stdout.strip()
    folder = ROOT / "build" / "compare" / commit
    if not folder.exists():
        run("git", "worktree", "prune", cwd=ROOT)
        run("git", "worktree", "add", "--detach", folder, commit, cwd=ROOT)
        if (ROOT / ".deps").exists():
            (folder / ".deps").symlink_to(ROOT / ".deps")
    run("cmake", "--preset", "release", "-DYIHONG_BUILD_BENCH=ON", cwd=folder, stdout=subprocess.DEVNULL)
    run("cmake", "--build", "--preset", "release", "--target", *targets, cwd=folder)
    return folder


def measure(subject, parts, options):
    """What one run of bench/run.sh prints of the service in `subject`."""
    environment = dict(os.environ, YIHONG_BENCH_SUBJECT=str(subject))
    done = subprocess.run([ROOT / "bench" / "run.sh", *parts, *options, "--no-build"], env=environment, text=True, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{subject}: bench/run.sh failed")
    return figures_of("\n".join(line for line in done.stdout.splitlines() if not PREAMBLE.match(line)))


def main(arguments):
    rounds, parts, options, revision, builds = 5, [], [], None, True
    while arguments:
        argument = arguments.pop(0)
        if argument == "--rounds" and arguments:
            rounds = int(arguments.pop(0))
        elif argument == "--no-build":
            builds = False
        elif argument == "--quick":
            options.append(argument)
        elif revision is None:
            revision = argument
        elif re.fullmatch("[a-k]", argument):
            parts.append(argument)
        else:
            sys.exit(__doc__)
    if revision is None or rounds < 1:
        sys.exit(__doc__)
    targets = targets_of(parts)
    other = build(revision, targets)
    if builds:
        run("cmake", "--preset", "release", "-DYIHONG_BUILD_BENCH=ON", cwd=ROOT, stdout=subprocess.DEVNULL)
        run("cmake", "--build", "--preset", "release", "--target", *targets, cwd=ROOT)
    pairs = []
    for i in range(rounds):
        both = {}
        for subject in (other, ROOT) if i % 2 == 0 else (ROOT, other):
            both[subject] = measure(subject, parts, options)
        pairs.append((both[other], both[ROOT]))
        print(f"pair {i + 1} of {rounds} done", file=sys.stderr, flush=True)
    print(f"{other.name} -> the present tree; {rounds} pairs; medians, and the ratio of a pair: median (least to greatest)")
    show(rows_of(pairs))


if __name__ == "__main__":
    main(sys.argv[1:])
