/* tests/unit/base/test_sha256.c: the examples of FIPS 180-2, and every length up to two blocks in one piece
 * and byte by byte. */
#include <criterion/criterion.h>

#include "base/sha256.h"

static void check(const char *bytes, size_t n, const char *wanted) {
    struct at_base_sha256 hash;
    char text[AT_BASE_SHA256_TEXT];
    at_base_sha256_begin(&hash);
    at_base_sha256_add(&hash, bytes, n);
    at_base_sha256_end(&hash, text);
    cr_assert_str_eq(text, wanted);
}

Test(base_sha256, examples) {
    static char many[1000000];
    memset(many, 'a', sizeof many);
    check("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check(many, sizeof many, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

Test(base_sha256, pieces_do_not_matter) {
    char bytes[130], whole[AT_BASE_SHA256_TEXT], pieces[AT_BASE_SHA256_TEXT];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct at_base_sha256 a, b;
        at_base_sha256_begin(&a);
        at_base_sha256_begin(&b);
        at_base_sha256_add(&a, bytes, n);
        for (size_t i = 0; i < n; i++)
            at_base_sha256_add(&b, bytes + i, 1);
        at_base_sha256_end(&a, whole);
        at_base_sha256_end(&b, pieces);
        cr_assert_str_eq(whole, pieces);
    }
}
