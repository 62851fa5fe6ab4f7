"""tests/cycles.py BUILD: files of one module that call each other in a circle.

A file uses another one of its module if its object needs a name that the other one defines. A circle is allowed only if the
recursion is the idea, such as a checker of expressions. src/cycles.txt lists those: a line `module: files | the recursion`.
A file that is in a circle, but not in that line, is an error. A file in the list that is in no circle is a note: delete it.
"""

import glob
import os
import subprocess
import sys


def names_of(objects):
    """By object: the global names that it defines, and those that it needs."""
    text = subprocess.run(["nm", "-A", "-g"] + objects, check=True, capture_output=True, text=True).stdout
    defined, needed = {}, {}
    for line in text.splitlines():
        path, rest = line.rsplit(":", 1)
        *_, kind, name = rest.split()
        (needed if kind in "Uvw" else defined).setdefault(path, set()).add(name)
    return defined, needed


def circles(uses):
    """The sets of files that reach each other. uses: by file, the files that it uses. Tarjan's algorithm, without recursion."""
    index, low, on, stack, found = {}, {}, set(), [], []
    for root in sorted(uses):
        work = [(root, None)] if root not in index else []
        while work:
            file, rest = work.pop()
            if rest is None:
                index[file] = low[file] = len(index)
                stack.append(file)
                on.add(file)
                rest = iter(sorted(uses[file]))
            for other in rest:
                if other not in index:
                    work += [(file, rest), (other, None)]
                    break
                if other in on:
                    low[file] = min(low[file], index[other])
            else:
                if low[file] == index[file]:
                    at = stack.index(file)
                    found.append(set(stack[at:]))
                    on -= found[-1]
                    del stack[at:]
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[file])
    return [part for part in found if len(part) > 1]


def read_allowed(path):
    allowed = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            module, rest = line.split(":", 1)
            files, why = rest.split("|", 1)
            allowed.append((module.strip(), set(files.split()), why.strip()))
    return allowed


def main():
    build = sys.argv[1]
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    allowed = read_allowed("src/cycles.txt")
    modules = sorted({os.path.basename(os.path.dirname(p)) for p in glob.glob("src/*/*.c")})
    bad, met = 0, []
    for module in modules:
        objects = {p: f"{build}/obj/{module}/{os.path.basename(p)[:-2]}.o" for p in glob.glob(f"src/{module}/*.c")}
        generated = glob.glob(f"{build}/obj/gen/*.o") if module in ("syntax", "source") else []
        objects = {os.path.basename(p)[:-2]: o for p, o in objects.items() if os.path.exists(o)}
        objects.update({os.path.basename(o)[:-2]: o for o in generated})
        defined, needed = names_of(list(objects.values()))
        owner = {name: file for file, o in objects.items() for name in defined.get(o, ())}
        uses = {file: {owner[n] for n in needed.get(o, ()) if n in owner} - {file} for file, o in objects.items()}
        for circle in circles(uses):
            entry = next((a for a in allowed if a[0] == module and circle <= a[1]), None)
            met.append((module, circle))
            if entry:
                print(f"  {module:<8} {' '.join(sorted(circle))}: {entry[2]}")
                continue
            bad += 1
            print(f"{module}: these files call each other in a circle: {' '.join(sorted(circle))}")
    for module, files, _ in allowed:
        idle = files - set().union(*(circle for m, circle in met if m == module))
        if idle:
            print(f"note: src/cycles.txt lists files that are in no circle of {module}: {' '.join(sorted(idle))}")
    print("files call each other in a circle only where the recursion is the idea" if not bad else f"{bad} circles are not allowed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
