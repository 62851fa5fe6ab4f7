/* base/holds.h: conditions that hold unless Attain itself is wrong.
 *
 * AT_HOLDS(condition) is the condition. In builds that look for defects of Attain (torture, AddressSanitizer)
 * the program stops if the condition is false. In other builds, the caller continues with a harmless value.
 */
#ifndef AT_BASE_HOLDS_H
#define AT_BASE_HOLDS_H

#include <stdbool.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AT_CHECKED 1
#endif
#endif
#if defined(AT_TORTURE) || defined(__SANITIZE_ADDRESS__)
#define AT_CHECKED 1
#endif

#ifdef AT_CHECKED
static inline bool at_holds(bool condition) {
    if (!condition) __builtin_trap();
    return true;
}
#define AT_HOLDS(condition) at_holds(condition)
#else
#define AT_HOLDS(condition) (condition)
#endif

#endif
