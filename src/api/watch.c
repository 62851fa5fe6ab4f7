/* api/watch.c: the host's attain_watch as the watch of a call, with a sentence for each stage.
 *
 * Progress is shown in the middle of work, also of a pass with several threads, from where no jump may leave.
 * So this file does not take memory: a name that is too long for the text is cut.
 */
#include "api/handle.h"
#include "words/words.h"

#include <stdio.h>

#define MOST_TEXT 600 /* bytes of a sentence */
#define MOST_NAME 400 /* bytes of a name in it */

static enum at_words_word sentence_of(enum at_watch_stage stage) {
    switch (stage) {
    case AT_WATCH_COMPILE: return AT_W_DOING_COMPILE;
    case AT_WATCH_READ: return AT_W_DOING_READ;
    case AT_WATCH_SETTLE: return AT_W_DOING_SETTLE;
    case AT_WATCH_COMPARE: return AT_W_DOING_COMPARE;
    case AT_WATCH_VERSIONS: return AT_W_DOING_VERSIONS;
    case AT_WATCH_EXPLAIN: return AT_W_DOING_EXPLAIN;
    case AT_WATCH_WRITE: return AT_W_DOING_WRITE;
    case AT_WATCH_TEST: return AT_W_DOING_TEST;
    case AT_WATCH_CHOICES: return AT_W_DOING_CHOICES;
    }
    return AT_W_DOING_SETTLE;
}

/* The end of a path says more than its beginning. */
static at_str shortened(at_str name) {
    if (name.n <= MOST_NAME) return name;
    at_str end = {name.p + name.n - MOST_NAME, MOST_NAME};
    while (end.n && ((unsigned char)end.p[0] & 0xC0) == 0x80)
        end.p++, end.n--;
    return end;
}

/* Appends a piece, and cuts it at the end of the text. */
static size_t put(char *out, size_t n, at_str piece) {
    if (piece.n > MOST_TEXT - n) piece.n = (uint32_t)(MOST_TEXT - n);
    memcpy(out + n, piece.p, piece.n);
    return n + piece.n;
}

/* {0}: the name, {1}: done, {2}: total. */
static size_t write_sentence(char *out, const char *pattern, const struct at_watch_progress *progress) {
    char done[24], total[24];
    snprintf(done, sizeof done, "%llu", (unsigned long long)progress->done);
    snprintf(total, sizeof total, "%llu", (unsigned long long)progress->total);
    const at_str values[] = {shortened(progress->name), at_str_z(done), at_str_z(total)};
    size_t n = 0;
    for (const char *p = pattern; *p; p++) {
        if (p[0] == '{' && p[1] >= '0' && p[1] <= '2' && p[2] == '}') {
            n = put(out, n, values[p[1] - '0']);
            p += 2;
        } else {
            n = put(out, n, (at_str){p, 1});
        }
    }
    return n;
}

/* An at_watch progress function. Converts the stage and the numbers to a sentence in the host's language.
 * */
static void show(void *context, const struct at_watch_progress *progress) {
    struct at_api_own *own = context;
    char text[MOST_TEXT];
    const struct at_words *words = at_words_find(at_str_z(own->host.language ? own->host.language : ""));
    if (!words) words = at_words_find(AT_STR(""));
    size_t n = write_sentence(text, at_words_word(words, sentence_of(progress->stage)).p, progress);
    attain_progress shown = {.stage = (attain_progress_stage)progress->stage,
                             .name = at_api_text(progress->name),
                             .text = {text, n},
                             .done = progress->done,
                             .total = progress->total};
    own->host.progress(own->host.context, &shown);
}

void at_api_own_watch(struct at_api_own *own, const attain_watch *watch) {
    at_watch_init(&own->watch);
    own->host = watch ? *watch : (attain_watch){0};
    own->watch.cancelled = own->host.cancelled;
    own->watch.cancel_context = own->host.context;
    own->watch.progress = own->host.progress ? show : NULL;
    own->watch.progress_context = own;
    own->arena.watch = watch ? &own->watch : NULL;
}
