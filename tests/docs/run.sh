#!/bin/sh
# tests/docs/run.sh ATTAIN [--bless] [PAGE…]: see check.py.
exec python3 "$(dirname "$0")/check.py" "$@"
