/* base/date_format.c: reads a format part by part, next to the text. */
#include "base/date_format.h"

static const char month_names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

/* One part of a format. `n` is its length; a literal has one byte. */
struct part {
    enum part_kind { LITERAL, YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, NOON, ZONE, KINDS } kind;
    unsigned n;
};

static struct part part_at(const char *p, const char *end) {
    unsigned n = 1;
    while (p + n < end && p[n] == *p)
        n++;
    switch (*p) {
    case 'Y': return (struct part){YEAR, n};
    case 'M': return (struct part){MONTH, n};
    case 'D': return (struct part){DAY, n};
    case 'h': return n <= 2 ? (struct part){HOUR, n} : (struct part){LITERAL, 1};
    case 'm': return n == 2 ? (struct part){MINUTE, 2} : (struct part){LITERAL, 1};
    case 's': return n == 2 ? (struct part){SECOND, 2} : (struct part){LITERAL, 1};
    case 'Z': return n == 1 ? (struct part){ZONE, 1} : (struct part){LITERAL, 1};
    case 'A': return p + 1 < end && p[1] == 'M' ? (struct part){NOON, 2} : (struct part){LITERAL, 1};
    default: return (struct part){LITERAL, 1};
    }
}

bool at_date_format_ok(at_str format) {
    const char *end = format.p + format.n;
    unsigned times[KINDS] = {0};
    bool open = false; /* the part before may be one digit or two, so a digit must not follow */
    struct part part;
    for (const char *p = format.p; p < end; p += part.n) {
        part = part_at(p, end);
        bool name = part.kind == MONTH && part.n == 3;
        bool digits = part.kind == LITERAL ? at_str_is_digit(*p) : part.kind < NOON && !name;
        if (open && digits) return false;
        open = part.n == 1 && (part.kind == MONTH || part.kind == DAY || part.kind == HOUR);
        if (part.kind == YEAR && part.n != 2 && part.n != 4) return false;
        if ((part.kind == MONTH && part.n > 3) || (part.kind == DAY && part.n > 2)) return false;
        times[part.kind]++;
    }
    for (unsigned kind = HOUR; kind < KINDS; kind++)
        if (times[kind] > 1) return false;
    return times[YEAR] == 1 && times[MONTH] == 1 && times[DAY] == 1;
}

/* ---- reading */

/* Reads from `least` to `most` digits at *p; -1 where there are fewer. */
static int read_digits(const char **p, const char *end, int least, int most) {
    int value = 0, n = 0;
    for (; n < most && *p < end && at_str_is_digit(**p); n++)
        value = value * 10 + (*(*p)++ - '0');
    return n >= least ? value : -1;
}

/* "Jan" to "Dec" in any case: 1 to 12, or -1. */
static int read_month_name(const char **p, const char *end) {
    if (end - *p < 3) return -1;
    for (int m = 0; m < 12; m++) {
        int i = 0;
        while (i < 3 && ((*p)[i] | 0x20) == month_names[m * 3 + i])
            i++;
        if (i == 3) {
            *p += 3;
            return m + 1;
        }
    }
    return -1;
}

/* AM or PM in any case: 0 or 1, or -1. */
static int read_noon(const char **p, const char *end) {
    if (end - *p < 2 || ((*p)[1] | 0x20) != 'm') return -1;
    int half = ((*p)[0] | 0x20) == 'a' ? 0 : ((*p)[0] | 0x20) == 'p' ? 1 : -1;
    if (half >= 0) *p += 2;
    return half;
}

/* Z, +08, +0800, or +08:00: 0, or -1. */
static int read_zone(const char **p, const char *end) {
    if (*p == end) return -1;
    char sign = *(*p)++;
    if (sign == 'Z' || sign == 'z') return 0;
    if (sign != '+' && sign != '-') return -1;
    int hours = read_digits(p, end, 2, 2), minutes = 0;
    if (*p < end && **p == ':') {
        (*p)++;
        minutes = read_digits(p, end, 2, 2);
    } else if (*p < end && at_str_is_digit(**p)) {
        minutes = read_digits(p, end, 2, 2);
    }
    return hours >= 0 && hours <= 14 && minutes >= 0 && minutes <= 59 ? 0 : -1;
}

/* Two digits, and parts of a second if they follow. */
static int read_second(const char **p, const char *end) {
    int second = read_digits(p, end, 2, 2);
    if (second < 0 || end - *p < 2 || (**p != '.' && **p != ',') || !at_str_is_digit((*p)[1])) return second;
    (*p)++;
    while (*p < end && at_str_is_digit(**p))
        (*p)++;
    return second;
}

static int read_part(struct part part, const char **p, const char *end) {
    switch (part.kind) {
    case YEAR: {
        int year = read_digits(p, end, (int)part.n, (int)part.n);
        return year < 0 || part.n == 4 ? year : year + 2000;
    }
    case MONTH:
        if (part.n == 3) return read_month_name(p, end);
        return read_digits(p, end, (int)part.n, 2);
    case DAY:
    case HOUR: return read_digits(p, end, (int)part.n, 2);
    case MINUTE: return read_digits(p, end, 2, 2);
    case SECOND: return read_second(p, end);
    case NOON: return read_noon(p, end);
    case ZONE: return read_zone(p, end);
    case LITERAL:
    case KINDS: break;
    }
    return -1;
}

/* A part that the format does not have is 0, which every check accepts. A leap second is 60. */
static bool time_ok(const int *found, bool noon) {
    if (noon && (found[HOUR] < 1 || found[HOUR] > 12)) return false;
    return found[HOUR] <= 23 && found[MINUTE] <= 59 && found[SECOND] <= 60;
}

enum at_date_fit at_date_parse_format(at_str text, at_str format, at_date *out) {
    const char *f = format.p, *f_end = format.p + format.n, *p = text.p, *end = text.p + text.n;
    int found[KINDS] = {0};
    bool noon = false;
    while (f < f_end) {
        struct part part = part_at(f, f_end);
        if (part.kind == LITERAL) {
            if (p == end || *p++ != *f++) return AT_DATE_OTHER_FORM;
            continue;
        }
        int value = read_part(part, &p, end);
        if (value < 0) return AT_DATE_OTHER_FORM;
        if (part.kind < KINDS) found[part.kind] = value;
        noon |= part.kind == NOON;
        f += part.n;
    }
    if (p != end || !time_ok(found, noon)) return AT_DATE_OTHER_FORM;
    return at_date_make(found[YEAR], found[MONTH], found[DAY], out) ? AT_DATE_FITS : AT_DATE_NO_DAY;
}

/* ---- two formats of one field */

static uint32_t put_number(char *out, int value, unsigned digits) {
    if (digits == 1 && value > 9) digits = 2;
    for (unsigned i = digits; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return digits;
}

/* Writes the day in the format, at one second after one o'clock. Returns the length; `out` has 8 bytes for
 * each byte of the format. */
static uint32_t print(char *out, at_str format, int year, int month, int day) {
    const char *end = format.p + format.n;
    uint32_t n = 0;
    struct part part;
    for (const char *f = format.p; f < end; f += part.n) {
        part = part_at(f, end);
        switch (part.kind) {
        case YEAR: n += put_number(out + n, part.n == 2 ? year % 100 : year, part.n); break;
        case MONTH:
            if (part.n == 3)
                memcpy(out + n, month_names + (month - 1) * 3, 3), n += 3;
            else
                n += put_number(out + n, month, part.n);
            break;
        case DAY: n += put_number(out + n, day, part.n); break;
        case HOUR:
        case MINUTE:
        case SECOND: n += put_number(out + n, 1, part.n); break;
        case NOON: memcpy(out + n, "AM", 2), n += 2; break;
        case ZONE: out[n++] = 'Z'; break;
        case LITERAL:
        case KINDS: out[n++] = *f; break;
        }
    }
    return n;
}

/* Whether a text of the first format is another day in the second one. */
static bool misread(at_str one, at_str other, char *room, int year, int month, int day) {
    at_date as_one, as_other;
    at_str text = {room, print(room, one, year, month, day)};
    return at_date_parse_format(text, one, &as_one) == AT_DATE_FITS &&
           at_date_parse_format(text, other, &as_other) == AT_DATE_FITS && as_one != as_other;
}

/* Days, months, and years are taken from 10 to 12: each of them can then be read as each other, with every
 * number of digits. Longer formats than LONGEST are not compared; their texts are, when they are read. */
bool at_date_formats_clash(at_str one, at_str other) {
    enum { LONGEST = 60 };
    char room[LONGEST * 8];
    if (one.n > LONGEST || other.n > LONGEST) return false;
    for (int year = 2010; year <= 2012; year++)
        for (int month = 10; month <= 12; month++)
            for (int day = 10; day <= 12; day++)
                if (misread(one, other, room, year, month, day) ||
                    misread(other, one, room, year, month, day))
                    return true;
    return false;
}
