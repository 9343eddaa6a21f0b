#!/usr/bin/env python3
"""Writes tests/RESULTS.md from what ./test.sh has left in target/results: a log for each part, in
which cargo-nextest, libtest and the parts themselves say what ran, and how it went."""

import collections
import datetime
import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "target" / "results"
TABLE = ROOT / "tests" / "RESULTS.md"

# What was there to test with: where a command fails, that is what the table says.
VERSIONS = {
    "libzmq, vendored": "sed -n 's/^| libzmq | \\([0-9.]*\\),.*/\\1/p' vendor/README.md",
    "libzmq, the system's": "pkg-config --modversion libzmq",
    "pyzmq, the pinned wheel": "target/tmp/pyzmq-venv/bin/python -c 'import zmq; print(zmq.__version__, \"with libzmq\", zmq.zmq_version())'",
    "pyzmq, Debian's": "/usr/bin/python3 -I -c 'import zmq; print(zmq.__version__, \"with libzmq\", zmq.zmq_version())'",
    "czmq": "pkg-config --modversion libczmq",
    "rustc": "rustc --version",
    "rustc, for the sanitizers and for fuzzing": "rustc +nightly --version",
    "clang": "clang-19 --version | head -n 1",
    "valgrind": "valgrind --version",
}

COMMAND = re.compile(r"^\+ cargo (.*)$")
RUNNING = re.compile(r"^\s+Running \S.* \(.*/([\w-]+)-[0-9a-f]{16}\)$")
DOC_TESTS = re.compile(r"^\s+Doc-tests (\S+)$")
LIBTEST = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (?:.*\s)?(ok|FAILED|ignored)(?:, (.*))?$")
FILTERED = re.compile(r"^test result: .* (\d+) filtered out")
NEXTEST = re.compile(r"^\s+(PASS|FAIL|TIMEOUT|ABORT|SIG\w+|LEAK|SKIP)\s+\[.*?\]\s+(?:\(.*?\)\s+)?(\S+)\s+(\S+)$")
FIGURES = [
    re.compile(r"^(fuzz \S+): (\d+ executions)"),
    re.compile(r"^(soak of \d+\.\d minutes): (\d+ turns with \d+ messages)$"),
]
LEFT_OUT = re.compile(r"^left out: (.*)$")
ENDED = re.compile(r"^== \S+: passed in (\d+) s$")


class Part:
    """What the log of a part says."""

    def __init__(self, log):
        self.name = log.stem
        self.seconds = None
        self.why_not = "UNEXPLAINED"  # Where it was left out.
        self.results = {}  # (group, test, command): passed, failed, or why it was left out
        self.filtered = collections.Counter()  # by the command that left them out
        self.figures = {}
        group, self.command = self.name, ""
        if not log.exists():
            return
        for line in log.read_text(errors="replace").splitlines():
            line = re.sub(r"\x1b\[[0-9;]*m", "", line)
            if match := COMMAND.match(line):
                self.command = match[1]
            elif match := RUNNING.match(line):
                group = match[1].replace("_", "-") if match[1].startswith("ferromq") else match[1]
            elif match := DOC_TESTS.match(line):
                group = f"documentation of {match[1]}"
            elif match := LIBTEST.match(line):
                self.note(group, match[1], match[2], match[3])
            elif match := FILTERED.match(line):
                self.filtered[self.command] += int(match[1])
            elif match := NEXTEST.match(line):
                self.note(match[2].removeprefix("ferromq::"), match[3], match[1], None)
            elif match := ENDED.match(line):
                self.seconds = int(match[1])
            elif match := LEFT_OUT.match(line):
                self.why_not = match[1]
            for form in FIGURES:
                if match := form.match(line):
                    self.figures[match[1]] = match[2]

    def note(self, binary, test, result, reason):
        # A module of modules is a group of its own, but for the tests beside what they test.
        modules = test.split("::")[:-1] if " " not in test else []
        is_split = len(modules) > 1 and "tests" not in modules
        group = " ".join([binary, "::".join(modules[:2])]) if is_split else binary
        match result:
            case "ok" | "PASS" | "LEAK":
                result = "passed"
            case "ignored" | "SKIP":
                result = reason or why_ignored(test)
            case _:
                result = "failed"
        self.results[group, test, self.command] = result

    def count(self, result, group=None):
        return sum(
            found == result and group in (None, name)
            for (name, _, _), found in self.results.items()
        )

    def left_out(self):
        return [
            (test, why)
            for (_, test, _), why in self.results.items()
            if why not in ("passed", "failed")
        ]

    def result(self):
        if self.count("failed"):
            return "**failed**"
        if self.seconds is not None:
            return "passed"
        return f"**not run to its end**: {self.why_not}"


def why_ignored(test):
    """The reason that the attribute of a test gives."""
    name = test.rsplit("::", 1)[-1]
    for path in (ROOT / "tests").rglob("*.rs"):
        attributes = re.search(rf'ignore = "([^"]*)"[^{{}}]*\bfn {name}\(', path.read_text())
        if attributes:
            return attributes[1]
    return "UNEXPLAINED"


def why_filtered(part):
    """The comment above a part in test.sh."""
    lines = (ROOT / "test.sh").read_text().split("\n")
    for name in (f"part_{part}() {{", f"{part}() {{"):
        if name in lines:
            at = lines.index(name)
            comment = []
            while lines[at - 1].startswith("# "):
                at -= 1
                comment.insert(0, lines[at][2:])
            if comment:
                return " ".join(comment)
    return "UNEXPLAINED"


def selection(command):
    """What a command of cargo says of the tests that are to run."""
    _, _, chosen = command.partition(" -- ")
    return chosen


def output(command):
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "missing"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def cell(part, group):
    if group in part.figures:
        return part.figures[group]
    passed, failed = part.count("passed", group), part.count("failed", group)
    return f"{passed}, **{failed} failed**" if failed else passed or ""


def page(parts):
    changed = " with changes" if output("git status --porcelain -uno -- ':!tests/RESULTS.md'") != "missing" else ""
    text = (
        "# What was run, with what result\n\n"
        "`tests/results.py` writes this from what `./test.sh` has left in `target/results`.\n\n"
        f"{datetime.date.today()}, commit {output('git rev-parse --short HEAD')}{changed}, "
        f"{platform.system()} {platform.release()} on {platform.machine()} with {os.cpu_count()} processors.\n\n"
    )
    text += table(["with", "version"], ((name, output(command)) for name, command in VERSIONS.items()))

    whole = LOGS / "seconds"  # Of which some parts have run beside others.
    text += "\n# Parts of `test.sh`\n\n"
    rows = []
    for part in parts:
        left_out = len(part.left_out()) + sum(part.filtered.values())
        passed, failed = part.count("passed"), part.count("failed")
        if not part.results:
            passed = failed = left_out = ""
        rows.append([f"`{part.name}`", part.result(), passed, failed, left_out, part.seconds or 0])
    total = [sum(row[column] or 0 for row in rows) for column in range(2, 5)]
    rows.append(["all", "", *total, whole.read_text().strip() if whole.exists() else ""])
    text += table(["part", "result", "tests passed", "failed", "left out", "seconds"], rows)

    text += "\n# Groups of tests\n\nHow many passed in which part.\n\n"
    shown = [part for part in parts if part.results or part.figures]
    groups = {group for part in shown for group, _, _ in part.results} | {
        group for part in shown for group in part.figures
    }
    rows = [[group, *(cell(part, group) for part in shown)] for group in sorted(groups)]
    text += table(["group", *(f"`{part.name}`" for part in shown)], rows)

    text += "\n# Left out\n\n"
    rows = []
    for part in parts:
        for test, why in part.left_out():
            rows.append([f"`{part.name}`", 1, f"`{test}`", why])
        for command, count in part.filtered.items():
            if count:
                rows.append([f"`{part.name}`", count, f"`{selection(command)}`", why_filtered(part.name)])
    text += table(["part", "tests", "which", "why"], rows) if rows else "Nothing.\n"
    return text


def main():
    listed = re.search(r"^ *parts=\((.*)\)$", (ROOT / "test.sh").read_text(), re.MULTILINE)[1].split()
    others = [log.stem for log in sorted(LOGS.glob("*.log")) if log.stem not in listed]
    if not LOGS.exists():
        raise SystemExit(f"there is no {LOGS}; run ./test.sh first")
    text = page([Part(LOGS / f"{name}.log") for name in listed + others])
    TABLE.write_text(text)
    if any(word in text for word in ("failed**", "not run to its end", "UNEXPLAINED")):
        raise SystemExit(f"{TABLE}: not all was run and passed, or something was left out without a reason")


main()
