/* base/form.c: names of encodings and separators. */
#include "base/form.h"

const char *const at_base_form_encodings[] = {"utf8", "utf16", "gb18030", "windows1252", NULL};

enum at_schema_encoding at_base_form_encoding(at_str name) {
    static const struct {
        const char *name;
        uint8_t encoding;
    } names[] = {{"utf8", AT_ENCODING_UTF8},       {"utf16", AT_ENCODING_UTF16},
                 {"utf16le", AT_ENCODING_UTF16LE}, {"utf16be", AT_ENCODING_UTF16BE},
                 {"gb18030", AT_ENCODING_GB18030}, {"gbk", AT_ENCODING_GB18030},
                 {"gb2312", AT_ENCODING_GB18030},  {"windows1252", AT_ENCODING_WINDOWS1252}};
    char plain[16];
    uint32_t n = 0;
    for (uint32_t i = 0; i < name.n && n < sizeof plain; i++) {
        char c = name.p[i];
        if (c == '-' || c == '_') continue;
        plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
    }
    for (unsigned i = 0; i < AT_COUNT(names); i++)
        if (at_str_eq((at_str){plain, n}, at_str_z(names[i].name)))
            return (enum at_schema_encoding)names[i].encoding;
    return AT_ENCODING_ANY;
}

char at_base_form_separator(at_str text) {
    if (at_str_eq(text, AT_STR("\\t")) || at_str_eq(text, AT_STR("tab"))) return '\t';
    return text.n == 1 && strchr(",;\t|", text.p[0]) ? text.p[0] : 0;
}

/* The text of `word` up to the next blank; empty where it is not there. */
static at_str after(at_str text, const char *word) {
    uint32_t n = (uint32_t)strlen(word);
    for (uint32_t i = 0; i + n <= text.n; i++) {
        if (memcmp(text.p + i, word, n) != 0) continue;
        at_str found = {text.p + i + n, 0};
        while (i + n + found.n < text.n && found.p[found.n] != ' ' && found.p[found.n] != '"')
            found.n++;
        return found;
    }
    return (at_str){0};
}

struct at_schema_form at_base_form_read(at_str text) {
    at_str encoding = after(text, "as "), separator = after(text, "by \"");
    return (struct at_schema_form){.encoding = encoding.n ? (uint8_t)at_base_form_encoding(encoding)
                                                          : AT_ENCODING_ANY,
                                   .separator = separator.n ? at_base_form_separator(separator) : 0};
}
