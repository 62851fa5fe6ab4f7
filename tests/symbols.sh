#!/bin/sh
# tests/symbols.sh BUILD: the library may be linked into any program: every name that its archive exports begins with attain_ or
# at_, those that it shows to a shared library's users with attain_, and it calls nothing that a library must not.
set -u
archive=$1/libattain.a
failed=0
check() {
    title=$1
    shift
    if [ -n "$*" ]; then
        echo "FAILED $title:"
        echo "$*" | tr ' ' '\n' | sed 's/^/    /'
        failed=$((failed + 1))
    fi
}

names=$(nm -g --defined-only "$archive" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u)
[ -n "$names" ] || { echo "FAILED no names in $archive"; echo "0 passed, 1 failed"; exit 1; }
# Sanitizers and coverage bring names of their own.
check "names outside attain_* and at_*" "$(echo "$names" | grep -Ev '^(attain_|at_|__asan|__odr_asan|__gcov|__ubsan|\.|_GLOBAL__)' | tr '\n' ' ' | sed 's/ $//')"

# Visible to the users of a shared library.
visible=$(objdump -t "$archive" 2>/dev/null | awk '/ g / && !/\*UND\*/ && !/\.hidden/ { print $NF }' |
    grep -Ev '^(attain_|__asan|__odr_asan|__gcov|__ubsan)' | sort -u | tr '\n' ' ' | sed 's/ $//')
check "names without attain_ that are not hidden" "$visible"

# Printing, ending, the environment, the locale and signals belong to the host.
called=$(nm -g --undefined-only "$archive" 2>/dev/null | awk '{ print $NF }' | sort -u |
    grep -Ex 'printf|puts|putchar|perror|exit|_exit|getenv|secure_getenv|setlocale|localeconv|signal|sigaction|srand|rand|system|popen|strtok|strerror|localtime|gmtime|strtod|atof|setenv' | tr '\n' ' ' | sed 's/ $//')
check "calls that a library must not make" "$called"

# Writable data would be shared by all users of the library in a process.
# (.data.rel.ro is written by the loader only.)
writable=$(objdump -t "$archive" 2>/dev/null | awk '$0 ~ /[ \t](\.bss|\.data|\.tbss|\.tdata|\*COM\*)[^ \t]*\t/ && $0 !~ /\.data\.rel\.ro/ && / O / { print $NF }' |
    sort -u | tr '\n' ' ' | sed 's/ $//')
nm "$archive" 2>/dev/null | grep -qE '__asan|__gcov' || check "data that can be written" "$writable"
echo "$((4 - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
