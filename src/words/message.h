/* words/message.h: messages that are written in English where they are reported, in other languages.
 *
 *     at_diag_add(diags, AT_A0202, span, "unknown name `%.*s`", AT_STR_ARG(name));
 *     MESSAGE("unknown name `{1}`", "未知的名称「{1}」")
 *
 * message_XX.def has a line for each format string of a policy's diagnostics, in the order of the English
 * texts. {1}, {2}, … are the arguments. It also has lines for words that such a message gets as an argument,
 * such as "a number". An argument is looked up only where the English text does not quote it, so names and
 * formulas of the policy stay as they are. tests/messages.py compares the lines with the sources.
 */
#ifndef AT_WORDS_MESSAGE_H
#define AT_WORDS_MESSAGE_H

#include "words/words.h"

/* Sets *out to the message in the language. Returns false if the language is English or has no such message:
 * then the caller formats the English one. */
bool at_words_message(struct at_arena *arena, const struct at_words *words, const char *format, va_list args,
                      at_str *out);

/* Sets *out to a word that messages get as an argument, such as "money in USD". Returns false if it is not
 * one.
 */
bool at_words_phrase(struct at_arena *arena, const struct at_words *words, at_str english, at_str *out);

/* Returns a message of a hook, with or without its place, in the language: hook.c. Other texts stay as they
 * are. */
at_str at_words_hook(struct at_arena *arena, const struct at_words *words, at_str english);

#endif
