/* base/near.h: the nearest of several names to one that is not known, for "did you mean".
 *
 * A suggestion that is not near misleads, so at most a third of the letters may differ, and names of two
 * letters share one. Letters are code points: the rule is the same for Chinese and English names.
 */
#ifndef AT_BASE_NEAR_H
#define AT_BASE_NEAR_H

#include "base/text.h"

/* Start with {.wanted = name}. `best` is empty while no name is near. Of several equally near names, the
 * first stays. */
struct at_str_nearest {
    at_str wanted, best; /* views */
    unsigned distance;   /* of `best` */
};
/* Returns whether the name is the nearest so far. */
bool at_str_nearest_try(struct at_str_nearest *nearest, at_str name);

/* The same for keys of rows, such as `e17`: keys of the same letters with another number are different keys,
 * not near ones, unless two digits are swapped. Zeros before the number do not count. */
bool at_str_nearest_key(struct at_str_nearest *nearest, at_str key);

/* The same for columns of files and for names of people: one that contains the wanted name as whole words is
 * near too, such as `Amount (USD)` for `amount`, but less near than a misspelled one. */
bool at_str_nearest_title(struct at_str_nearest *nearest, at_str title);

unsigned at_str_letters(at_str s); /* code points */

#endif
