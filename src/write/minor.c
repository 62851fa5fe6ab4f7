/* write/minor.c: writes amounts in minor units as decimal text. It is optimized because a run may write
 * millions. */
#include "write/writer.h"

/* Digits are made from the right, two decimals of one division by 100 at a time while the rest fits a machine
 * word. */
static const char PAIRS[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
    "9899";

/* Writes before `at` and returns the first digit. The caller's buffer must have room for 39 digits of a
 * 128-bit number. */
static char *put_digits(char *at, at_u128 value, unsigned at_least) {
    char *stop = at - at_least;
    while (value > UINT64_MAX) {
        *--at = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    uint64_t rest = (uint64_t)value;
    while (rest >= 100) {
        const char *pair = PAIRS + 2 * (rest % 100);
        rest /= 100;
        *--at = pair[1];
        *--at = pair[0];
    }
    if (rest >= 10) {
        *--at = PAIRS[2 * rest + 1];
        *--at = PAIRS[2 * rest];
    } else if (rest > 0) {
        *--at = (char)('0' + (int)rest);
    }
    while (at > stop)
        *--at = '0';
    return at;
}

size_t at_write_minor_write(char out[AT_MINOR_SIZE], at_i128 minor, unsigned digits, bool commas) {
    char buffer[48], *end = buffer + sizeof buffer, *p = out;
    /* Negated as unsigned, because the smallest number has no positive counterpart. */
    at_u128 value = minor < 0 ? -(at_u128)minor : (at_u128)minor;
    /* At least one digit before the point: 5 cents are 0.05. */
    char *start = put_digits(end, value, digits + 1);
    unsigned whole = (unsigned)(end - start) - digits;
    if (minor < 0) *p++ = '-';
    for (unsigned i = 0; i < whole; i++) {
        if (commas && i > 0 && (whole - i) % 3 == 0) *p++ = ',';
        *p++ = start[i];
    }
    if (digits > 0) *p++ = '.';
    for (unsigned i = 0; i < digits; i++)
        *p++ = start[whole + i];
    return (size_t)(p - out);
}
