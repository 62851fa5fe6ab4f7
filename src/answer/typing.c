/* answer/typing.c: whether a number can be a typing error of another one: two digits that are next to each
 * other are swapped, one digit is another, is missing, or is one too many, or the sign is missing.
 */
#include "answer/search_int.h"

#define MOST_DIGITS 18

static unsigned write(char digits[MOST_DIGITS + 2], int64_t n) {
    char turned[MOST_DIGITS + 2];
    unsigned length = 0;
    do
        turned[length++] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    for (unsigned i = 0; i < length; i++)
        digits[i] = turned[length - 1 - i];
    return length;
}

/* One is the other without the digit at some place. */
static bool lacks_one(const char *longer, const char *shorter, unsigned n) {
    unsigned i = 0;
    while (i < n && longer[i] == shorter[i])
        i++;
    return memcmp(longer + i + 1, shorter + i, n - i) == 0;
}

static bool differs_little(const char *a, const char *b, unsigned n) {
    unsigned first = 0, last = n;
    while (first < n && a[first] == b[first])
        first++;
    while (last > first && a[last - 1] == b[last - 1])
        last--;
    if (last - first <= 1) return true;
    return last - first == 2 && a[first] == b[first + 1] && a[first + 1] == b[first];
}

bool at_answer_is_typing_error(int64_t a, int64_t b) {
    static const int64_t most = 1000000000000000000;
    char first[MOST_DIGITS + 2], second[MOST_DIGITS + 2];
    if (a == -b) return true;
    if ((a < 0) != (b < 0) || a <= -most || a >= most || b <= -most || b >= most) return false;
    /* Zeros at the end are those of the decimals: 12.50 and 12.05 are compared as they are written. */
    unsigned n = write(first, a < 0 ? -a : a), m = write(second, b < 0 ? -b : b);
    if (a == 0 || b == 0) return false;
    if (n == m) return differs_little(first, second, n);
    if (n == m + 1) return lacks_one(first, second, m);
    return m == n + 1 && lacks_one(second, first, n);
}

void at_answer_typed(int64_t of, int64_t low, int64_t high, void (*visit)(void *context, int64_t number),
                     void *context) {
    static const int64_t most = 100000000000000000;
    int64_t size = of < 0 ? -of : of, sign = of < 0 ? -1 : 1;
    if (size == 0 || size >= most) return;
    for (int64_t power = 1; power <= size; power *= 10) {
        int64_t digit = size / power % 10, next = size / power / 10 % 10, upper = size / power / 10 * power;
        for (int64_t other = 0; other <= 9; other++) {
            int64_t changed = sign * (size + (other - digit) * power),
                    more = sign * ((size / power * 10 + other) * power + size % power);
            if (changed >= low && changed <= high) visit(context, changed);
            if (more >= low && more <= high) visit(context, more);
        }
        int64_t swapped = sign * (size + (digit - next) * power * 10 + (next - digit) * power),
                fewer = sign * (upper + size % power);
        if (swapped >= low && swapped <= high && power * 10 <= size) visit(context, swapped);
        if (fewer >= low && fewer <= high) visit(context, fewer);
    }
    if (-of >= low && -of <= high) visit(context, -of);
}
