#!/usr/bin/env python3
"""tests/interrupt/run.py ATTAIN: commands that are stopped, killed, or run at the same time.

Each command that writes is stopped at every call that changes a file, before and after it, by each signal. Then
every output must be the old one or the new one as a whole. A signal that can be caught must leave nothing else,
and the status must say whether the output is new. After SIGKILL the next run must leave nothing else.
"""
import os, shutil, signal, subprocess, sys, tempfile

attain = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
work = tempfile.mkdtemp(dir='/dev/shm' if os.path.isdir('/dev/shm') else None)  # where the disk need not be waited for
passed = failed = 0

POLICY = '''policy "Stop"
  version 1
  effective from 2026-01-01 to 2026-12-31
  currency USD
  period quarter
payee rep from "reps.csv" { id text key  name text label }
data deal from "deals.csv" { rep rep  amount money  closed_on date }
credit booking from deal to rep on closed_on amount amount
measure bookings = sum of amount from booking
pay commission on bookings = %s
'''
LOOSE = POLICY.replace('  version', '     version')


def ok(what, good, more=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAILED', what, more)


def write(path, text):
    with open(path, 'w') as file:
        file.write(text)


def fresh(name):
    """A folder with a policy, its data, and outputs of an earlier version."""
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    write(folder + '/old.attain', POLICY % '10%')
    write(folder + '/plan.attain', POLICY % '20%')
    write(folder + '/loose.attain', LOOSE % '20%')
    write(folder + '/reps.csv', 'id,name\nana,Ana\nAna,Other\n王芳,Wang\n')
    write(folder + '/deals.csv', 'rep,amount,closed_on\nana,100.00,2026-01-05\nAna,50,2026-02-01\nana,x,2026-01-05\n')
    return folder


def run(folder, *arguments, **more):
    environment = dict(os.environ, **more)
    return subprocess.run([attain] + list(arguments), cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


def content(path):
    """What is under a name: None, text, or the files of a folder."""
    if os.path.isdir(path):
        return {name: content(os.path.join(path, name)) for name in sorted(os.listdir(path))}
    if not os.path.exists(path):
        return None
    with open(path, 'rb') as file:
        return file.read()


SKIP = '--skip-bad-rows=bad.csv'
# name, arguments with the policy in the place of POLICY, outputs
COMMANDS = [
    ('run', ['run', 'POLICY', '--format', 'csv', SKIP, '--out', 'out.csv'], ['out.csv', 'bad.csv']),
    ('explain', ['explain', 'POLICY', '--skip-bad-rows', '--out', 'out.txt'], ['out.txt']),
    ('diff', ['diff', 'loose.attain', 'POLICY', '--skip-bad-rows', '--format', 'csv', '--out', 'out.csv'], ['out.csv']),
    ('dump', ['dump', 'plan', 'POLICY', '--out', 'out.txt'], ['out.txt']),
    ('page', ['statement', 'POLICY', '--payee', 'ana', '--skip-bad-rows', '--out', 'ana.html'], ['ana.html']),
    ('pages', ['statement', 'POLICY', '--skip-bad-rows', '--out', 'pages/'], ['pages']),
]


def states(folder, outputs):
    return [content(os.path.join(folder, name)) for name in outputs]


def prepare(folder, arguments, old):
    if old:
        run(folder, *[a if a != 'POLICY' else 'old.attain' for a in arguments])


def strangers(folder, before, outputs):
    return sorted(set(os.listdir(folder)) - set(before) - set(outputs))


def stop_each(name, arguments, outputs, stop, old, **more):
    """Stops a command at each of its calls."""
    arguments_new = [a if a != 'POLICY' else 'plan.attain' for a in arguments]
    folder = fresh(name)
    before = os.listdir(folder)
    prepare(folder, arguments, old)
    earlier = states(folder, outputs)
    done = run(folder, *arguments_new, LD_PRELOAD=stop_library, STOP_COUNT=work + '/count', **more)
    calls = int(content(work + '/count'))
    later = states(folder, outputs)
    ok(f'{name}: a whole run', done.returncode == 0 and earlier != later and calls > 2, done.stderr)
    ok(f'{name}: a whole run leaves nothing', not strangers(folder, before, outputs), strangers(folder, before, outputs))
    for at in range(1, calls + 1):
        for after in '01':
            folder = fresh(name)
            prepare(folder, arguments, old)
            what = f'{name} {signal.Signals(stop).name} at {at}{" after" if after == "1" else ""} {"old" if old else "new"} {more}'
            got = run(folder, *arguments_new, LD_PRELOAD=stop_library, STOP_AT=str(at), STOP_AFTER=after,
                      STOP_SIGNAL=str(int(stop)), **more)
            state = states(folder, outputs)
            steps = more and stop == signal.SIGKILL and state == [None]
            each = all(s in (a, b) for s, a, b in zip(state, earlier, later))
            ok(what + ': old or new', each or steps, state)
            if stop != signal.SIGKILL:
                ended = 130 if stop == signal.SIGINT else -stop
                ok(what + ': status', got.returncode == (0 if state == later else ended), (got.returncode, got.stderr))
                ok(what + ': all or none', state in (earlier, later), state)
                ok(what + ': nothing is left', not strangers(folder, before, outputs), strangers(folder, before, outputs))
            again = run(folder, *arguments_new)
            ok(what + ': the next run', again.returncode == 0 and states(folder, outputs) == later, again.stderr)
            ok(what + ': the next run cleans', not strangers(folder, before, outputs), strangers(folder, before, outputs))


def stop_format(stop):
    """`fmt` works in place: the file is as it was, or formatted."""
    folder = fresh('fmt')
    loose = content(folder + '/loose.attain')
    run(folder, 'fmt', 'loose.attain', LD_PRELOAD=stop_library, STOP_COUNT=work + '/count')
    calls, tidy = int(content(work + '/count')), content(folder + '/loose.attain')
    ok('fmt: a whole run', tidy != loose and calls > 2)
    for at in range(1, calls + 1):
        for after in '01':
            folder = fresh('fmt')
            before = os.listdir(folder)
            got = run(folder, 'fmt', 'loose.attain', LD_PRELOAD=stop_library, STOP_AT=str(at), STOP_AFTER=after,
                      STOP_SIGNAL=str(int(stop)))
            state = content(folder + '/loose.attain')
            what = f'fmt {signal.Signals(stop).name} at {at} {after}'
            ok(what, state in (loose, tidy))
            if stop == signal.SIGKILL:
                run(folder, 'fmt', 'loose.attain')
            else:
                ended = 130 if stop == signal.SIGINT else -stop
                ok(what + ': status', got.returncode == (0 if state == tidy else ended), (got.returncode, got.stderr))
            ok(what + ': nothing is left', sorted(os.listdir(folder)) == sorted(before), os.listdir(folder))


def together(name, arguments, outputs):
    """Many runs of one output at once: each succeeds, and the output is whole."""
    arguments = [a if a != 'POLICY' else 'plan.attain' for a in arguments]
    folder = fresh(name)
    before = os.listdir(folder)
    run(folder, *arguments)
    later = states(folder, outputs)
    for _ in range(5):
        runs = [subprocess.Popen([attain] + arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE) for _ in range(8)]
        errors = [(r.communicate()[1], r.returncode) for r in runs]
        ok(name + ': at the same time', all(code == 0 for _, code in errors), errors)
        ok(name + ': whole', states(folder, outputs) == later)
        ok(name + ': nothing is left', not strangers(folder, before, outputs), strangers(folder, before, outputs))


def limited():
    """A disk that is full: here, a limit on the size of files."""
    import resource
    for name, arguments, outputs in COMMANDS:
        folder = fresh(name)
        before = os.listdir(folder)
        prepare(folder, arguments, True)
        earlier = states(folder, outputs)
        command = [attain] + [a if a != 'POLICY' else 'plan.attain' for a in arguments]
        got = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)))
        ok(name + ': full', got.returncode == 5 and b'cannot write' in got.stderr, (got.returncode, got.stderr))
        ok(name + ': full leaves the old output', states(folder, outputs) == earlier)
        ok(name + ': full leaves nothing else', not strangers(folder, before, outputs))


def protected():
    """What the user may not write is refused before anything is calculated."""
    if os.geteuid() != 0:
        return
    os.chmod(work, 0o755)
    program = shutil.copy(attain, work + '/attain')  # another user may not reach the project's folder
    for name, arguments, outputs in COMMANDS:
        folder = fresh(name)
        prepare(folder, arguments, True)
        earlier = states(folder, outputs)
        for closed in (True, False):  # the folder may not be written, or the file
            os.chmod(folder, 0o555 if closed else 0o777)
            if not closed and name == 'pages':
                continue
            if not closed:
                os.chmod(os.path.join(folder, outputs[0]), 0o444)
            command = [program] + [a if a != 'POLICY' else 'plan.attain' for a in arguments]
            got = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                                 preexec_fn=lambda: os.setuid(65534))
            ok(name + ': protected', got.returncode == 5 and b'Permission denied' in got.stderr, (got.returncode, got.stderr))
            ok(name + ': protected stays', states(folder, outputs) == earlier)


def closed_files():
    """A program that is started without standard output does not take its output file for it."""
    folder = fresh('closed')
    got = subprocess.run(f'"{attain}" run plan.attain --skip-bad-rows --format csv --out out.csv >&- && cat out.csv',
                         shell=True, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL)
    ok('closed: a file', got.stdout.startswith(b'payee,'), got)
    got = subprocess.run(f'"{attain}" run plan.attain --skip-bad-rows --format csv >&-', shell=True, cwd=folder,
                         capture_output=True, stdin=subprocess.DEVNULL)
    ok('closed: standard output', got.returncode == 5, got)
    got = subprocess.run(['nohup', attain, 'run', 'plan.attain', '--skip-bad-rows', '--format', 'csv', '--out', 'out.csv'], cwd=folder,
                         env=dict(os.environ, LD_PRELOAD=stop_library, STOP_AT='3', STOP_SIGNAL='1'),
                         stdin=subprocess.DEVNULL, capture_output=True)
    ok('nohup: a hangup does not stop it', got.returncode == 0, got)


stop_library = work + '/stop.so'
subprocess.run([os.environ.get('CC', 'cc').split()[-1], '-shared', '-fPIC', '-O1', '-o', stop_library, here + '/stop.c', '-ldl'],
               check=True)
try:
    for name, arguments, outputs in COMMANDS:
        stop_each(name, arguments, outputs, signal.SIGKILL, True)
        stop_each(name, arguments, outputs, signal.SIGINT, True)
        together(name, arguments, outputs)
    for stop in (signal.SIGTERM, signal.SIGHUP):
        stop_each(*COMMANDS[0], stop, False)
        stop_each(*COMMANDS[-1], stop, True)
    stop_each(*COMMANDS[-1], signal.SIGKILL, False)
    stop_each(*COMMANDS[-1], signal.SIGKILL, True, NO_EXCHANGE='1')
    stop_each(*COMMANDS[-1], signal.SIGINT, True, NO_EXCHANGE='1')
    for stop in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        stop_format(stop)
    limited()
    protected()
    closed_files()
finally:
    subprocess.run(['chmod', '-R', 'u+w', work])
    shutil.rmtree(work, ignore_errors=True)
print(f'{passed} passed, {failed} failed')
sys.exit(1 if failed else 0)
