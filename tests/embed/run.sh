#!/bin/sh
# tests/embed/run.sh BUILD: the library as its users get it: installed into a folder, found by pkg-config, linked into a program in C and one in
# C++, run.
set -u
build=$1
case $build in /*) ;; *) build=$(pwd)/$build ;; esac
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
stage=$build/stage
passed=0 failed=0
result() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $2"
    fi
}

rm -rf "$stage"
make -s -C "$root" BUILD="$build" PREFIX="$stage" install > "$build/embed.log" 2>&1
result $? "make install (see $build/embed.log)"
for file in bin/attain lib/libattain.a include/attain.h lib/pkgconfig/attain.pc share/man/man1/attain.1; do
    [ -s "$stage/$file" ]
    result $? "installed $file"
done

if command -v pkg-config > /dev/null; then
    flags=$(PKG_CONFIG_PATH=$stage/lib/pkgconfig pkg-config --cflags --libs attain)
else
    echo "no pkg-config here: reading attain.pc by hand"
    flags="-I$stage/include -L$stage/lib $(sed -n 's/^Libs: -L[^ ]* //p' "$stage/lib/pkgconfig/attain.pc")"
fi
# The library may have been built with a sanitizer, which its users then need too.
extra=
nm "$stage/lib/libattain.a" 2> /dev/null | grep -q __asan && extra="-fsanitize=address,undefined"

try() { # language, compiler, flags
    if ! command -v "$2" > /dev/null; then
        echo "no $2 here: $1 not tried"
        return
    fi
    # shellcheck disable=SC2086
    $2 $3 -Wall -Wextra -Werror -pedantic $extra -o "$build/example-$1" "$here/example.c" $flags
    result $? "example.c compiles as $1"
    "$build/example-$1" > "$build/example-$1.out"
    result $? "example runs as $1"
    diff -u "$here/example.out" "$build/example-$1.out"
    result $? "example pays as expected as $1"
}
try c cc "-std=c99"
try c11 cc "-std=c11"
try cpp c++ "-std=c++11 -x c++"

make -s -C "$root" BUILD="$build" PREFIX="$stage" uninstall && [ -z "$(find "$stage" -type f)" ]
result $? "make uninstall leaves nothing behind"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
