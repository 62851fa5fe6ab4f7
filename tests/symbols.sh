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

# What each object calls outside of the library. Printing, ending, the environment, the locale, signals, and memory
# belong to the host. A name that is not in this list fails: add it only if it takes no memory of its own, does not
# print or stop the program, and depends on nothing but its arguments. `object: names` allows names in one object.
allowed=$(mktemp) called=$(mktemp)
trap 'rm -f "$allowed" "$called"' EXIT
cat > "$allowed" <<'EOF'
any: memchr memcmp memcpy memmove memset bcmp strchr strcmp strlen strrchr strspn strncmp strstr snprintf vsnprintf strtoul ldexp
any: __errno_location __cpu_model __divmodti4 __divti3 __modti3 __udivmodti4 __udivti3 __umodti3 __muloti4
any: __popcountdi2 __floattidf __fixdfti _GLOBAL_OFFSET_TABLE_ __stack_chk_fail
any: __memcpy_chk __memmove_chk __memset_chk __snprintf_chk __vsnprintf_chk __isoc23_strtoul
alloc.o: malloc realloc free
guard.o: _setjmp longjmp __longjmp_chk
threads.o: pthread_create pthread_join pthread_mutex_lock pthread_mutex_unlock pthread_cond_signal pthread_cond_timedwait clock_gettime
watch.o: pthread_self pthread_equal
file.o: open openat fstat fstatat readlinkat getcwd close strcspn
load.o: read
decode.o: pread iconv_open iconv iconv_close
plug.o: dlopen dlsym dladdr readlink
open.o: lua_newstate
fold.o: utf8proc_decompose utf8proc_reencode utf8proc_category
EOF
# GMP's functions on limbs take no memory at the sizes in use (tests/unit/base/test_wide.c); its others do. Of Lua,
# what opens files, other states, or libraries is not used.
outside() {
    nm -A --undefined-only "$archive" 2>/dev/null | sed 's/.*libattain\.a:\([^:]*\):.* /\1 /' | sort -u
}
{
    outside | grep -Ev ' (at_|attain_|__gmpn_|luaL?_)'
    outside | grep -E ' (lua_newstate|luaL_newstate|luaL_openlibs|luaopen_|luaL_loadfilex|luaL_fileresult|luaL_execresult|lua_dump)'
} > "$called"
if ! nm "$archive" 2>/dev/null | grep -qE '__asan|__tsan|__gcov|__ubsan'; then
    [ "$(wc -l < "$called")" -gt 20 ] || check "calls outside of the library" none found
    check "calls that a library must not make" "$(awk '
        NR == FNR { for (i = 2; i <= NF; i++) ok[$1 $i] = 1; next }
        !("any:" $2 in ok) && !($1 ":" $2 in ok) { printf "%s%s:%s", n++ ? " " : "", $1, $2 }' "$allowed" "$called")"
fi

# Writable data would be shared by all users of the library in a process.
# (.data.rel.ro is written by the loader only.)
writable=$(objdump -t "$archive" 2>/dev/null | awk '$0 ~ /[ \t](\.bss|\.data|\.tbss|\.tdata|\*COM\*)[^ \t]*\t/ && $0 !~ /\.data\.rel\.ro/ && / O / { print $NF }' |
    sort -u | tr '\n' ' ' | sed 's/ $//')
nm "$archive" 2>/dev/null | grep -qE '__asan|__gcov' || check "data that can be written" "$writable"

# The shared library: it shows attain_* alone, all that the archive shows, and needs only libraries that it uses.
shared=$1/libattain.so
if [ -e "$shared" ]; then
    shown=$(nm -D --defined-only "$shared" | awk '{ print $NF }' | sort)
    check "names of the shared library outside attain_*" "$(echo "$shown" | grep -v '^attain_' | tr '\n' ' ' | sed 's/ $//')"
    check "functions that the shared library hides" "$(objdump -t "$archive" 2>/dev/null | awk '/ g .*F/ && $NF ~ /^attain_/ { print $NF }' |
        sort | grep -vxF "$shown" | tr '\n' ' ' | sed 's/ $//')"
    check "libraries that the shared library needs" "$(readelf -d "$shared" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
        grep -Ev '^(liblua5\.4|libgmp|libutf8proc|libm|libc|libpthread|ld-linux[^.]*|libasan|libubsan|libtsan|libgcc_s|libgcov)\.so' | tr '\n' ' ')"
    echo "$(readelf -d "$shared")" | grep -q "SONAME.*\[libattain\.so\.[0-9.]*\]" || check "soname of the shared library" missing
    n=8
else
    n=4
fi
echo "$((n - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
