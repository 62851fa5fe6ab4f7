#!/usr/bin/env python3
"""tests/terminal/run.py ATTAIN: commands on a terminal of their own: colors, paging, the question of explain, progress.

Expected texts are those that the same command writes to a file; what a terminal adds is written out here.
"""
import os, pty, re, select, shutil, subprocess, sys, tempfile, time

attain = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
sample = os.path.join(here, '..', '..', 'rules', 'field-sales')
work = tempfile.mkdtemp()
passed = failed = 0


def check(what, good, more=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAILED', what, '\n    ', repr(more)[:2000])


def terminal(args, answers=(), columns=100, env=(), stderr=False):
    """Runs attain with standard input and output (and error) on a terminal; each answer is sent when its text was shown."""
    parent, child = pty.openpty()
    environment = dict(os.environ, TERM='xterm', COLUMNS=str(columns), LC_ALL='C.UTF-8', **dict(env))
    environment.pop('NO_COLOR', None)
    process = subprocess.Popen([attain, *args], cwd=work, env=environment, stdin=child, stdout=child,
                               stderr=child if stderr else subprocess.PIPE, start_new_session=True)
    os.close(child)
    seen, waiting, end = b'', list(answers), time.time() + 60
    while time.time() < end:
        ready = select.select([parent], [], [], 0.2)[0]
        if ready:
            try:
                some = os.read(parent, 65536)
            except OSError:
                break
            if not some:
                break
            seen += some
        elif process.poll() is not None:
            break
        if waiting and waiting[0][0].encode() in seen:
            os.write(parent, waiting.pop(0)[1].encode())
    status = process.wait()
    errors = b'' if stderr else process.stderr.read()
    os.close(parent)
    return status, seen.decode().replace('\r\n', '\n'), errors.decode()


def plain(text):
    return re.sub(r'\x1b\[[0-9;]*m', '', text)


def piped(args):
    return subprocess.run([attain, *args], cwd=work, capture_output=True, text=True, env=dict(os.environ, COLUMNS='')).stdout


# ---- a policy that pays, takes back, and withholds
with open(os.path.join(work, 'p.attain'), 'w') as file:
    file.write('''policy "P" version 1 effective from 2026-01-01 to 2026-12-31 currency USD period month
payee rep { id text key }
data deal { id text key  rep rep  amount money  day date }
credit booking from deal to rep on day amount amount
measure bookings = sum of amount from booking
pay commission = 10% of bookings
''')
with open(os.path.join(work, 'rep.csv'), 'w') as file:
    file.write('id\nana\nben\n')
with open(os.path.join(work, 'deal.csv'), 'w') as file:
    file.write('id,rep,amount,day\nd1,ana,1000,2026-01-05\nd2,ben,-500,2026-01-06\n')
RUN = ['run', 'p.attain', '-d', '.']
direct = {'ATTAIN_PAGER': ''}.items()

# Colors: 10% of -500 is -50, which is red.
status, out, err = terminal(RUN, env=direct)
check('a run on a terminal', status == 0 and err == '', (status, err))
check('an amount below zero is red', '\x1b[31m-50.00\x1b[39m' in out, out)
check('an amount above zero is not colored', '\x1b[31m100.00' not in out and '\x1b[32m' not in out, out)
check('colors are all that a terminal adds', plain(out) == piped(RUN), plain(out))
status, out, err = terminal(RUN + ['--color', 'never'], env=direct)
check('no colors on request', out == piped(RUN), out)

# Paging: the pager gets the output; options of the pager are passed without a shell.
pager = os.path.join(work, 'pager')
with open(pager, 'w') as file:
    file.write('#!/bin/sh\necho "PAGER $1 $2"\nexec cat\n')
os.chmod(pager, 0o755)
status, out, err = terminal(RUN, env={'PAGER': pager + ' -a  $HOME'}.items())
check('a pager shows the output', status == 0 and out.startswith('PAGER -a $HOME\n') and 'Paid:' in out, out)
status, out, err = terminal(RUN, env={'PAGER': pager, 'ATTAIN_PAGER': 'cat'}.items())
check('ATTAIN_PAGER comes first, and `cat` is no pager', 'PAGER' not in out and 'Paid:' in out, out)
status, out, err = terminal(RUN + ['--no-pager'], env={'PAGER': pager}.items())
check('--no-pager', 'PAGER' not in out and 'Paid:' in out, out)
status, out, err = terminal(RUN + ['--out', 'x.txt'], env={'PAGER': pager}.items())
check('a file is not paged', status == 0 and out == '' and 'Paid:' in open(os.path.join(work, 'x.txt')).read(), out)
status, out, err = terminal(RUN, env={'PAGER': '/nowhere/pager -x'}.items())
check('a pager that does not exist: the output is shown', status == 0 and 'Paid:' in out, (status, out, err))
status, out, err = terminal(RUN, env={'PAGER': 'true'}.items())
check('a pager that is left at once', status == 0 and err == '', (status, err))
status, out, err = terminal(['explain', 'p.attain', '-d', '.', '--payee', 'zoe'], env={'PAGER': pager}.items())
check('nothing is paged after an error', status == 2 and 'PAGER' not in out, (status, out))
if shutil.which('less'):
    status, out, err = terminal(RUN, env={'PAGER': 'less'}.items())
    check('less leaves after one screen', status == 0 and 'Paid:' in out, (status, out))

# explain asks for a payee, if it could only explain all.
ASK = ['explain', 'p.attain', '-d', '.']
QUESTION = 'Payee to explain (Enter for all): '
status, out, err = terminal(ASK, [('Payee to explain', 'ben\n')], env=direct, stderr=True)
check('explain lists the payees and asks', status == 0 and '  ana\n  ben\n' + QUESTION in out, out)
check('explain explains the one', plain(out).endswith(piped(ASK + ['--payee', 'ben'])), out)
status, out, err = terminal(ASK, [('Payee to explain', '\n')], env=direct, stderr=True)
check('an empty answer is all payees', plain(out).endswith(piped(ASK)), out)
status, out, err = terminal(ASK, [('Payee to explain', 'bne\n')], env=direct, stderr=True)
check('an answer that is no payee', status == 2 and 'did you mean' in out, (status, out))
status, out, err = terminal(ASK, [('Payee to explain', '\x04')], env=direct, stderr=True)
check('the end of the input', status == 2 and 'use --payee KEY' in out, (status, out))
status, out, err = terminal(ASK + ['--payee', 'ana'], env=direct, stderr=True)
check('explain with a payee does not ask', status == 0 and 'to explain' not in out, out)
status, out, err = terminal(ASK + ['--lang', 'zh'], [('解释哪位人员', 'ben\n')], env=direct, stderr=True)
check('the question in Chinese', status == 0 and '解释哪位人员（直接回车为全部）：' in out, out)

# Progress: each line names what is done, and within a stage its share does not fall. A hook that counts makes it take
# long enough: 3 intermediate versions, 2 payees, 6 months.
with open(os.path.join(work, 'slow.lua'), 'w') as file:
    file.write('function slow(a)\n  local n = 0\n  for i = 1, 4000000 do n = n + 1 end\n  return a\nend\n')
with open(os.path.join(work, 'deal.csv'), 'w') as file:
    file.write('id,rep,amount,day\n' + ''.join('d%d,%s,%d,2026-%02d-05\n' % (i, 'ana' if i % 2 else 'ben', i, i % 6 + 1) for i in range(60)))
with open(os.path.join(work, 'p.attain')) as file:
    text = file.read()
text += 'function slow(a money) money from lua "slow.lua"\nadjust commission = slow(commission) because "slow"\n'
with open(os.path.join(work, 'p.attain'), 'w') as file:
    file.write(text)
with open(os.path.join(work, 'q.attain'), 'w') as file:
    file.write(text.replace('10% of bookings', '11% of bookings') + 'cap commission at $9\n')
status, out, err = terminal(['diff', 'p.attain', 'q.attain', '-d', '.', '--attribution', '--no-tests', '-f', 'csv', '-o', 'd.csv', '-j', '1'],
                            columns=150, stderr=True)
lines = [line for line in out.split('\r\x1b[K') if line.strip()]
shares = [(re.sub(r' *\[.*', '', line), int(re.search(r'(\d+)%', line).group(1))) for line in lines if '%' in line]
check('progress is shown', status == 0 and len(shares) > 0, (status, out))
check('each share has a stage', all(re.match(r'\w', name) for name, share in shares), shares)
last = {}
for name, share in shares:
    check('a share does not fall: ' + name, share >= last.get(name, 0), shares)
    last[name] = share
seen = []
for name, share in shares:
    if not seen or seen[-1] != name:
        seen.append(name)
check('no stage comes again', len(seen) == len(set(seen)), seen)

shutil.rmtree(work)
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
