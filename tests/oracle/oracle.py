#!/usr/bin/env python3
"""Checks the exact numbers and allotments against Python's integers and fractions.

    python3 tests/oracle/oracle.py build/oracle [--expressions N] [--allotments N] [--seed N] [--torture]

The questions are random but the same for the same seed. A failure prints the question, so that it can be asked
again by hand:  echo 'e 1 3 /' | build/oracle
"""
import argparse
import random
import subprocess
import sys
from fractions import Fraction
from math import floor, gcd

HALF_UP, HALF_EVEN, DOWN, UP = range(4)


# ---------------------------------------------------------------- questions about numbers

def literal(rng):
    """Text of a number and its value: money, whole numbers, edges of the forms, many digits."""
    kind = rng.randrange(10)
    if kind < 3:
        mantissa, scale = rng.randrange(-10**7, 10**7), 2
    elif kind < 5:
        mantissa, scale = rng.randrange(-1000, 1000), rng.randrange(0, 5)
    elif kind == 5:
        mantissa, scale = rng.randrange(-10**18, 10**18), rng.randrange(0, 19)
    elif kind == 6:
        edge = rng.choice((2**63, 2**127, 2**64, 2**128, 2**7, 2**15, 10**18, 10**19, 10**38))
        mantissa, scale = rng.choice((1, -1)) * (edge + rng.randrange(-2, 3)), rng.choice((0, 0, 2, 18))
    elif kind == 7:
        mantissa, scale = rng.choice((1, -1)) * 10**rng.randrange(0, 30), rng.randrange(0, 25)
    elif kind == 8:
        mantissa, scale = rng.getrandbits(rng.randrange(1, 300)), rng.randrange(0, 40)
    else:
        mantissa, scale = rng.choice((1, -1)) * 2**rng.randrange(0, 90) * 5**rng.randrange(0, 40), rng.randrange(0, 19)
    digits = str(abs(mantissa)).rjust(scale + 1, "0")
    text = digits if scale == 0 else digits[:-scale] + "." + digits[-scale:]
    return ("-" if mantissa < 0 else "") + text, Fraction(mantissa, 10**scale)


def rounded(value, digits, how):
    scaled = value * Fraction(10)**digits
    if how == HALF_EVEN:
        whole = round(scaled)
    else:
        size = abs(scaled)
        whole = {HALF_UP: lambda: floor(size + Fraction(1, 2)), DOWN: lambda: floor(size), UP: lambda: -floor(-size)}[how]()
        if scaled < 0:
            whole = -whole
    return whole / Fraction(10)**digits


def expression(rng):
    """Words in reverse Polish notation, and the value."""
    text, value = literal(rng)
    words, stack = [text], [value]
    steps = rng.randrange(1, 7)
    while steps > 0 or len(stack) > 1:
        steps -= 1
        kind = rng.randrange(16)
        if len(stack) < 2 and kind < 10:
            if rng.random() < 0.15:
                words.append("d")
                stack.append(stack[-1])
            else:
                text, value = literal(rng)
                words.append(text)
                stack.append(value)
            continue
        if len(stack) > 1 and (kind < 10 or steps < 0):
            b, a = stack.pop(), stack.pop()
            op = rng.choice("++--***///c" if b else "+-*c")
            words.append(op)
            stack.append(a + b if op == "+" else a - b if op == "-" else a * b if op == "*"
                         else a / b if op == "/" else Fraction((a > b) - (a < b)))
        elif kind == 10:
            words.append("n")
            stack[-1] = -stack[-1]
        elif kind == 11:
            words.append("b")
            stack[-1] = abs(stack[-1])
        elif kind == 12:
            words.append("f")
            stack[-1] = Fraction(floor(stack[-1]))
        elif kind == 13 and len(stack) > 1:
            words.append("s")
            stack[-1], stack[-2] = stack[-2], stack[-1]
        else:
            digits, how = rng.choice((0, 1, 2, 2, 2, 3, 6, 18, 25, 45, -1, -3, -19, -50)), rng.randrange(4)
            words.append("r%d,%d" % (digits, how))
            stack[-1] = rounded(stack[-1], digits, how)
    return " ".join(words), stack[0]


def is_narrow(value):
    """Whether some 128-bit mantissa over 10^0 ... 10^18 is this value."""
    if 10**18 % value.denominator:
        return False
    scale = 0
    while 10**scale % value.denominator:
        scale += 1
    return -2**127 <= value.numerator * (10**scale // value.denominator) < 2**127


def fixed(value, digits, commas):
    shown = rounded(value, digits, HALF_UP)
    whole, rest = divmod(abs(shown) * 10**digits, 10**digits)
    text = format(int(whole), "," if commas else "")
    if digits:
        text += "." + str(int(rest)).rjust(digits, "0")
    return ("-" if shown < 0 else "") + text, shown != value


def number_question(rng, torture):
    """A line to ask, and a function that says whether an answer to it is right."""
    words, value = expression(rng)
    kind = rng.randrange(10)
    if kind == 0:
        digits, commas = rng.choice((0, 1, 2, 2, 4, 10, 30)), rng.randrange(2)
        text, shortened = fixed(value, digits, commas)
        return "f %d %d %s" % (digits, commas, words), lambda answer: answer == "%s %d" % (text, shortened)
    if kind == 1:
        digits = rng.choice((0, 2, 3, 6, 18, 20))
        scaled = value * 10**digits
        fits = scaled.denominator == 1 and -2**63 <= scaled < 2**63
        return "i %d %s" % (digits, words), lambda answer: answer == (str(scaled) if fits else "no")

    def right(answer):
        form, text = answer.split(" ", 1)
        if form == "O" or Fraction(text) != value:
            return False
        # A decimal is written out, without zeros at its end; anything else as a fraction in lowest terms.
        if "/" in text:
            num, den = map(int, text.split("/"))
            if gcd(num, den) != 1 or pow(10, 1000, den) == 0:
                return False
        elif "." in text and text.endswith("0"):
            return False
        return torture or (form == "W") != is_narrow(value)
    return "e " + words, right


# ---------------------------------------------------------------- questions about allotments

def weight(rng, style):
    if style == 0:
        value = Fraction(rng.randrange(0, 20))
        return str(value), value
    if style == 1:
        value = rng.randrange(-10**9, 10**10)
        return ("-" if value < 0 else "") + "%d.%02d" % divmod(abs(value), 100), Fraction(value, 100)
    if style == 2:
        value = rng.randrange(0, 10**30)
        return str(value), Fraction(value)
    if style == 3:
        num, den = rng.randrange(-5, 100), rng.randrange(1, 30)
        return "%d/%d" % (num, den), Fraction(num, den)
    value = rng.choice((0, 0, 1, 1, 2**63 - 1, 10**18))
    return str(value), Fraction(value)


def parts_of(whole, weights, negatives):
    """Largest remainder, in the words of its definition."""
    if not negatives:
        weights = [max(w, Fraction(0)) for w in weights]
    total = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    if not weights or total <= 0:
        return None
    if whole < 0:
        mirror = parts_of(-whole, weights, negatives)
        return mirror and [-part for part in mirror]
    shares = [whole * w / total for w in weights]
    parts = [int(share) for share in shares]
    rest = [share - part for share, part in zip(shares, parts)]
    left = whole - sum(parts)
    step = 1 if left > 0 else -1
    for i in sorted(range(len(parts)), key=lambda i: (-rest[i] * step, i))[:abs(left)]:
        parts[i] += step
    return parts


def allot_question(rng):
    style, n = rng.randrange(5), rng.choice((0, 1, 2, 3, 4, 5, 7, 12, 30))
    pairs = [weight(rng, style) for _ in range(n)]
    whole = rng.choice((0, 1, -1, 5, 100, 10**6, 2**63 - 1, -2**63, rng.randrange(-10**9, 10**9), rng.randrange(0, 50)))
    negatives = rng.randrange(2)
    parts = parts_of(whole, [value for _, value in pairs], negatives)
    if parts and not all(-2**63 <= part < 2**63 for part in parts):
        parts = None  # a part that no payout can hold
    expected = "none" if parts is None else " ".join(map(str, parts))
    line = " ".join(["a %d %d" % (whole, negatives)] + [text for text, _ in pairs])

    def right(answer):
        return answer == expected and (answer == "none" or sum(map(int, answer.split())) == (whole if pairs else 0))
    return line, right


# ---------------------------------------------------------------- asking

def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--expressions", type=int, default=100000)
    options.add_argument("--allotments", type=int, default=10000)
    options.add_argument("--seed", type=int, default=2026)
    options.add_argument("--torture", action="store_true")
    options = options.parse_args()
    rng = random.Random(options.seed)
    questions = [number_question(rng, options.torture) for _ in range(options.expressions)]
    questions += [allot_question(rng) for _ in range(options.allotments)]
    asked = "".join(line + "\n" for line, _ in questions)
    run = subprocess.run([options.program], input=asked, capture_output=True, text=True)
    answers = run.stdout.split("\n")[:-1]
    wrong = 0
    for (line, right), answer in zip(questions, answers):
        if right(answer):
            continue
        wrong += 1
        if wrong <= 10:
            print("wrong: echo '%s' | %s\n  says %s" % (line, options.program, answer), file=sys.stderr)
    if run.returncode or len(answers) != len(questions):
        print("oracle: stopped at: %s\n%s" % (questions[min(len(answers), len(questions) - 1)][0], run.stderr), file=sys.stderr)
        return 1
    print("oracle: %d expressions, %d allotments, %d wrong" % (options.expressions, options.allotments, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
