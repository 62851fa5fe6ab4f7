#!/bin/sh
# tests/embed/run.sh BUILD: the library as its users get it: installed into a folder, found by pkg-config (linked into the program and
# shared) and by CMake, used by a program in C and one in C++, run; then uninstalled without a trace.
set -u
build=$1
case $build in /*) ;; *) build=$(pwd)/$build ;; esac
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
stage=$build/stage work=$build/embed
passed=0 failed=0
result() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $2"
    fi
}
install_into() { # variables of make
    make -s -C "$root" BUILD="$build" "$@" > "$build/embed.log" 2>&1
}

rm -rf "$stage" "$work"
mkdir -p "$work"
install_into PREFIX="$stage" install
result $? "make install (see $build/embed.log)"
version=$(sed -n 's/^VERSION := //p' "$root/Makefile")
series=${version%.*}
for file in bin/attain lib/libattain.a "lib/libattain.so.$version" "lib/libattain.so.$series" lib/libattain.so include/attain.h \
    lib/pkgconfig/attain.pc lib/pkgconfig/libattain.pc lib/cmake/attain/attain-config.cmake \
    lib/cmake/attain/attain-config-version.cmake share/man/man1/attain.1; do
    [ -s "$stage/$file" ]
    result $? "installed $file"
done

# The library may have been built with a sanitizer, which its users then need too.
extra=
nm "$stage/lib/libattain.a" 2> /dev/null | grep -q __asan && extra="-fsanitize=address,undefined"

# A program that was built as $1 pays as expected, with the shared library exactly if $2 is `shared`.
check_program() {
    LD_LIBRARY_PATH=$stage/lib "$work/$1" > "$work/$1.out"
    result $? "example runs as $1"
    diff -u "$here/example.out" "$work/$1.out"
    result $? "example pays as expected as $1"
    [ "$(readelf -d "$work/$1" | grep -c "NEEDED.*libattain\.so\.$series\]")" -eq "$([ "$2" = shared ] && echo 1 || echo 0)" ]
    result $? "$1 is linked: $2"
}

try() { # name, package, shared or static, compiler, flags
    if ! command -v "$4" > /dev/null; then
        echo "no $4 here: $1 not tried"
        return
    fi
    flags=$(PKG_CONFIG_PATH=$stage/lib/pkgconfig pkg-config --cflags --libs "$2")
    # shellcheck disable=SC2086
    $4 $5 -Wall -Wextra -Werror -pedantic $extra -o "$work/$1" "$here/example.c" $flags
    result $? "example.c compiles as $1"
    check_program "$1" "$3"
}
if command -v pkg-config > /dev/null; then
    try c99 attain static cc "-std=c99"
    try c11 attain static cc "-std=c11"
    try cpp attain static c++ "-std=c++11 -x c++"
    try shared-c libattain shared cc "-std=c99"
    try shared-cpp libattain shared c++ "-std=c++11 -x c++"
    # Installed into a folder of a package, the paths are those of the final place.
    package=$work/package
    install_into PREFIX=/usr DESTDIR="$package" install
    result $? "make install with DESTDIR"
    flags=$(PKG_CONFIG_PATH=$package/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$package pkg-config --cflags --libs libattain)
    # A pkg-config may leave out the standard folders, with or without the folder of the package before them.
    # shellcheck disable=SC2086
    cc -std=c99 $extra -I"$package/usr/include" -o "$work/package-c" "$here/example.c" -L"$package/usr/lib" $flags
    result $? "example.c compiles with DESTDIR"
    check_program package-c shared
    [ "$(sed -n 's/^libdir=//p' "$package/usr/lib/pkgconfig/libattain.pc")" = /usr/lib ]
    result $? "the paths do not contain DESTDIR"
    install_into PREFIX=/usr DESTDIR="$package" uninstall
    result $? "make uninstall with DESTDIR"
    [ -z "$(find "$package" ! -type d)" ]
    result $? "make uninstall with DESTDIR leaves nothing behind"
else
    echo "no pkg-config here: attain.pc and libattain.pc not tried"
fi

find_version() { # accepted or refused, version
    cat > "$work/cmake/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.13)
project(version C)
find_package(attain $2 CONFIG QUIET)
if(NOT attain_FOUND)
  message(FATAL_ERROR "refused")
endif()
END
    said=accepted
    rm -rf "$work/cmake/build"
    cmake -S "$work/cmake" -B "$work/cmake/build" -DCMAKE_PREFIX_PATH="$stage" > /dev/null 2>&1 || said=refused
    [ "$said" = "$1" ]
    result $? "find_package(attain $2) is $1"
}
if command -v cmake > /dev/null; then
    mkdir "$work/cmake"
    cp "$here/example.c" "$work/cmake/example.c"
    cp "$here/example.c" "$work/cmake/example.cpp"
    cat > "$work/cmake/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.13)
project(example C CXX)
set(CMAKE_C_STANDARD 99)
set(CMAKE_CXX_STANDARD 11)
find_package(attain $series REQUIRED)
foreach(language c cpp)
  add_executable(cmake-\${language} example.\${language})
  target_link_libraries(cmake-\${language} PRIVATE attain::attain)
  add_executable(cmake-static-\${language} example.\${language})
  target_link_libraries(cmake-static-\${language} PRIVATE attain::static)
endforeach()
END
    cmake -S "$work/cmake" -B "$work/cmake/build" -DCMAKE_PREFIX_PATH="$stage" -DCMAKE_C_FLAGS="$extra" -DCMAKE_CXX_FLAGS="$extra" \
        > "$work/cmake.log" 2>&1 && cmake --build "$work/cmake/build" >> "$work/cmake.log" 2>&1
    result $? "CMake builds the examples (see $work/cmake.log)"
    for language in c cpp; do
        for name in cmake cmake-static; do
            cp "$work/cmake/build/$name-$language" "$work/$name-$language"
            check_program "$name-$language" "$([ $name = cmake ] && echo shared || echo static)"
        done
    done
    find_version accepted ""
    find_version accepted "$version"
    find_version accepted "$series"
    find_version refused 0.1
    find_version refused "${version%.*}.$((${version##*.} + 1))"
    find_version refused 0.3
    find_version refused 1.0
else
    echo "no cmake here: the package file not tried"
fi

install_into PREFIX="$stage" uninstall && [ -z "$(find "$stage" ! -type d)" ] && [ ! -d "$stage/lib/cmake/attain" ]
result $? "make uninstall leaves nothing behind"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
