/* api/version.c: returns the version of the library, and the texts of statuses. */
#include "attain.h"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *attain_version(void) {
    return TEXT(ATTAIN_VERSION_MAJOR) "." TEXT(ATTAIN_VERSION_MINOR) "." TEXT(ATTAIN_VERSION_PATCH);
}

int attain_version_number(void) {
    return ATTAIN_VERSION_NUMBER;
}

bool attain_check_version(int header) {
    const int series =
        ATTAIN_VERSION_MAJOR ? 1000000 : 1000; /* versions that differ only below are compatible */
    return header / series == ATTAIN_VERSION_NUMBER / series && header <= ATTAIN_VERSION_NUMBER;
}

const char *attain_status_text(attain_status status) {
    switch (status) {
    case ATTAIN_OK: return "no error";
    case ATTAIN_BAD_POLICY: return "the policy has errors";
    case ATTAIN_USAGE: return "an argument is invalid";
    case ATTAIN_BAD_DATA: return "the data has errors, or a `require` is not met";
    case ATTAIN_IO: return "a file could not be read or written";
    case ATTAIN_NO_MEMORY: return "memory ran out";
    case ATTAIN_CANCELLED: return "stopped on request";
    case ATTAIN_MEMORY_LIMIT: return "the call needs more memory than its limit";
    case ATTAIN_OVERFLOW: return "a sum of amounts is too large for 64 bits";
    }
    return "unknown status";
}
