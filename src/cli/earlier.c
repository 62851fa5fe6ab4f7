/* cli/earlier.c: the earlier version of a policy, for commands that look for the cause of a difference: a
 * file
 * (--old), or a revision of the first policy (--git).
 */
#include <string.h>

#include "cli/cli.h"

int open_earlier(const struct arguments *arguments, attain_policy **out) {
    const char *path = opt_last(arguments, OPT_OLD);
    bool git = opt_given(arguments, OPT_GIT);
    *out = NULL;
    if (!path && !git) return EXIT_PAID;
    if (path && git)
        return complain(EXIT_USAGE, "--old and --git both name the earlier version; use one of them");
    if (git && strcmp(arguments->files[0], "-") == 0)
        return complain(EXIT_USAGE, "--git cannot read standard input; name the file of the policy");
    if (git) return open_revision(arguments, arguments->files[0], out);
    attain_status status = compile_policy(arguments, path, ATTAIN_STAGE_CHECK, out);
    if (status == ATTAIN_CANCELLED) return complain(EXIT_STOPPED, "stopped");
    if (lacks_memory(status)) complain(0, "%s: %s", path, memory_text(status));
    show_diagnostics(arguments, attain_policy_diagnostics(*out));
    return exit_of(status);
}

int guard_earlier(const struct arguments *arguments, const struct policies *policies,
                  const attain_policy *earlier) {
    struct guard *guard = guard_new();
    const char *path = opt_last(arguments, OPT_OLD), *with = opt_last(arguments, OPT_WITH);
    if (!guard) return complain(EXIT_FILE, "not enough memory");
    for (size_t i = 0; i < policies->n; i++) {
        bool standard = strcmp(policies->names[i], "-") == 0;
        guard_file(guard, policies->names[i]);
        guard_policy(guard, policies->at[i], NULL);
        guard_data(guard, arguments, OPT_DATA, policies->at[i], standard ? NULL : policies->names[i]);
    }
    if (path) guard_file(guard, path);
    if (with) guard_file(guard, with);
    if (earlier) guard_policy(guard, earlier, path ? NULL : opt_last(arguments, OPT_GIT));
    int status = guard_outputs(guard, arguments, NULL);
    guard_free(guard);
    return status;
}
