#!/usr/bin/env python3
"""tests/ci/run.py ATTAIN: runs the shell code of action.yml and gitlab.yml in checkouts of depth 1.

The code of the YAML files is taken out of them and run as a host runs it, with a server that is a bare repository. The
expected amounts are from the made-up case of tests/review; its exit statuses are those of `attain diff`.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ATTAIN = os.path.abspath(sys.argv[1])
sys.path.insert(0, os.path.join(HERE, "..", "review"))
import generate  # noqa: E402

passed = failed = 0


def check(name, good, why=""):
    global passed, failed
    passed += bool(good)
    if not good:
        failed += 1
        print(f"FAILED {name}\n    {why}")


def blocks(path, key):
    """The texts of `key: |` blocks and `- |` items, without their indentation."""
    out, lines = [], open(path, encoding="utf-8").read().splitlines()
    for i, line in enumerate(lines):
        if not re.fullmatch(rf" *({key}: \||- \|)", line):
            continue
        indent = len(lines[i + 1]) - len(lines[i + 1].lstrip())
        text = []
        for one in lines[i + 1:]:
            if one.strip() and len(one) - len(one.lstrip()) < indent:
                break
            text.append(one[indent:])
        out.append("\n".join(text) + "\n")
    return out


class Server:
    """A bare repository with the old version on main and a proposal on a branch."""

    def __init__(self, folder, proposal):
        self.folder, self.bare, work = folder, os.path.join(folder, "server.git"), os.path.join(folder, "author")
        generate.write(1, work)
        os.makedirs(os.path.join(work, "data"))
        for table in ("people", "deals", "targets"):
            os.rename(os.path.join(work, table + ".csv"), os.path.join(work, "data", table + ".csv"))
        self.git(work, "init", "--quiet", "--initial-branch", "main")
        versions = {name: open(os.path.join(work, name + ".attain"), encoding="utf-8").read()
                    for name in ("old", "new", "zero")}
        for name in versions:
            os.remove(os.path.join(work, name + ".attain"))
        self.commit(work, "plan.attain", versions["old"])
        self.git(work, "checkout", "--quiet", "-b", "proposal")
        name, text = proposal(versions)
        self.commit(work, name, text)
        self.git(folder, "clone", "--quiet", "--bare", work, self.bare)

    def git(self, folder, *arguments):
        subprocess.run(["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.com", *arguments], cwd=folder, check=True,
                       capture_output=True)

    def commit(self, work, name, text):
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write(text)
        self.git(work, "add", ".")
        self.git(work, "commit", "--quiet", "-m", "plan")

    def checkout(self, name):
        """As hosts check out: one commit, without the other branch."""
        out = os.path.join(self.folder, name)
        self.git(self.folder, "clone", "--quiet", "--depth", "1", "--branch", "proposal", "file://" + self.bare, out)
        return out


def run(host, server, limits="", policy="plan.attain"):
    """(exit status, output, change.md, change.html, summary)"""
    folder = server.checkout(f"{host}-{len(os.listdir(server.folder))}")
    out, summary = os.path.join(server.folder, "out"), os.path.join(server.folder, "summary")
    shutil.rmtree(out, ignore_errors=True)
    if os.path.exists(summary):
        os.remove(summary)
    path = os.path.dirname(ATTAIN) + os.pathsep + os.environ["PATH"]
    env = {"PATH": path, "HOME": server.folder, "LC_ALL": "C.UTF-8", "ATTAIN_POLICY": policy, "ATTAIN_DATA": "data",
           "ATTAIN_LIMITS": limits, "ATTAIN_OUT": out}
    if host == "github":
        env.update(GITHUB_ACTION_PATH=HERE, GITHUB_STEP_SUMMARY=summary, GITHUB_PATH=os.path.join(server.folder, "path"),
                   ATTAIN_BASE="main")
        code = ["\n".join(blocks(os.path.join(HERE, "action.yml"), "run"))]
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
    else:
        env.update(CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
        os.makedirs(os.path.join(folder, "ci"))
        shutil.copy(os.path.join(HERE, "review.sh"), os.path.join(folder, "ci"))
        code = [b for b in blocks(os.path.join(HERE, "gitlab.yml"), "script") if "review.sh" in b]
        shell = ["sh", "-ec"]
    got = subprocess.run(shell + code, cwd=folder, env=env, capture_output=True, text=True, check=False)

    def read(name):
        return open(name, encoding="utf-8").read() if os.path.exists(name) else None
    return (got.returncode, got.stdout + got.stderr, read(os.path.join(out, "change.md")),
            read(os.path.join(out, "change.html")), read(summary))


def cases(host, folder):
    server = Server(os.path.join(folder, "plain"), lambda v: ("plan.attain", v["new"]))
    status, told, md, html, summary = run(host, server, "total < -10%\n")
    check(f"{host}: a limit is held", status == 0, (status, told))
    check(f"{host}: the difference", md and "2,059,139.20" in md and "1,975,473.22" in md, md)
    check(f"{host}: the page", html and html.startswith("<!doctype html>"), told)
    if host == "github":
        check("github: the summary of the job", summary == md, summary)
    status, told, md, _, summary = run(host, server, "total > +3%\nany payee < -5%\n")
    check(f"{host}: a limit is exceeded", status == 6 and md is not None, (status, told))
    if host == "github":
        check("github: the summary, also if a limit is exceeded", summary == md, summary)
    # A limit is text, never code.
    status, told, _, _, _ = run(host, server, '$(touch "$HOME/run") `touch $HOME/run` > 3%\n')
    check(f"{host}: a limit is not run", status == 2 and not os.path.exists(os.path.join(server.folder, "run")), (status, told))

    server = Server(os.path.join(folder, "wrong"), lambda v: ("plan.attain", v["new"].replace("of team_bookings", "of bookngs")))
    status, told, md, _, _ = run(host, server)
    check(f"{host}: an error in the policy", status == 1 and "A0202" in told and md is None, (status, told))

    server = Server(os.path.join(folder, "test"), lambda v: ("plan.attain", v["new"] + '''
test "the override" {
  given rep { id: "m", name: "M", role: "manager", team: "east" }
  expect total for "m" in 2026-Q1 = $1.00
}
'''))
    status, told, md, _, _ = run(host, server)
    check(f"{host}: a failing test, and the difference", status == 1 and md is not None, (status, told))

    server = Server(os.path.join(folder, "new"), lambda v: ("other.attain", v["new"]))
    status, told, md, _, _ = run(host, server, policy="other.attain")
    check(f"{host}: a new policy", status == 0 and "is new" in told and md is None, (status, told))


def page(folder):
    """The steps of the example in rules/REVIEWING.md, as its host runs them: the last one always."""
    text = open(os.path.join(HERE, "..", "..", "rules", "REVIEWING.md"), encoding="utf-8").read()
    steps = re.findall(r"(?m)^ *- run: (.*)$", text[text.index("## In CI"):])
    os.makedirs(folder)
    server = Server(folder, lambda v: ("plan.attain", v["new"]))
    checkout, summary = server.checkout("page"), os.path.join(folder, "summary")
    env = {"PATH": os.path.dirname(ATTAIN) + os.pathsep + os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8",
           "GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": summary}
    got = [subprocess.run(["bash", "-eo", "pipefail", "-c", step], cwd=checkout, env=env, capture_output=True, check=False)
           for step in steps]
    check("page: the steps pass, and one finds an exceeded limit", [g.returncode for g in got] == [0, 0, 0, 0, 6, 0],
          [(g.args[-1], g.returncode, g.stderr) for g in got])
    check("page: the summary", os.path.exists(summary) and "1,975,473.22" in open(summary, encoding="utf-8").read())


def main():
    if not shutil.which("git"):
        print("CI examples: skipped, there is no git here")
        return 0
    for host in ("github", "gitlab"):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("plain", "wrong", "test", "new"):
                os.makedirs(os.path.join(folder, name))
            cases(host, folder)
    with tempfile.TemporaryDirectory() as folder:
        page(os.path.join(folder, "page"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
