/* tests/bench/measure.c: two commands in turn, and the ratio of what they cost.
 *
 *     measure RUNS 'COMMAND A' 'COMMAND B'
 *
 * Each command runs by `sh -c "exec …"` once to warm up and then RUNS times, A B A B …, as machines drift.
 * Figures are the operating system's for each finished process; the medians are printed: user time, wall
 * time, peak memory, and the median of the pairs' ratios A/B.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 99, USER = 0, WALL, MEMORY, FIGURES };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void run(const char *command, double figures[FIGURES]) {
    char line[8192];
    snprintf(line, sizeof line, "exec %s", command);
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    struct rusage use;
    if (child < 0 || wait4(child, &status, 0, &use) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        fprintf(stderr, "measure: failed: %s\n", command);
        exit(1);
    }
    figures[USER] = (double)use.ru_utime.tv_sec + (double)use.ru_utime.tv_usec * 1e-6;
    figures[WALL] = now() - start;
    figures[MEMORY] = (double)use.ru_maxrss / 1024;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(const double (*runs)[FIGURES], int n, int figure, const double (*other)[FIGURES]) {
    double values[MAX_RUNS];
    for (int i = 0; i < n; i++)
        values[i] = other ? runs[i][figure] / other[i][figure] : runs[i][figure];
    qsort(values, (size_t)n, sizeof *values, by_value);
    return values[n / 2];
}

int main(int argc, char **argv) {
    static double a[MAX_RUNS][FIGURES], b[MAX_RUNS][FIGURES];
    int n = argc == 4 ? atoi(argv[1]) : 0;
    if (n < 1 || n > MAX_RUNS) {
        fprintf(stderr, "usage: %s RUNS 'COMMAND A' 'COMMAND B'\n", argv[0]);
        return 2;
    }
    double warm[FIGURES];
    run(argv[2], warm);
    run(argv[3], warm);
    for (int i = 0; i < n; i++) {
        run(argv[2], a[i]);
        run(argv[3], b[i]);
    }
    printf("user %7.3f s / %7.3f s = %5.2f   wall %7.3f s / %7.3f s = %5.2f   memory %7.1f MB / %7.1f MB\n",
           median(a, n, USER, NULL), median(b, n, USER, NULL), median(a, n, USER, b),
           median(a, n, WALL, NULL), median(b, n, WALL, NULL), median(a, n, WALL, b),
           median(a, n, MEMORY, NULL), median(b, n, MEMORY, NULL));
    return 0;
}
