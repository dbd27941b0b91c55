/* smartpass-worker: looks at what strangers send, for the server, over the socket that it inherits.
 *
 *   smartpass-worker photo WEIGHTS
 *   smartpass-worker sheet xlsx|xls|csv
 *   smartpass-worker names zip
 *   smartpass-worker archive WEIGHTS
 *   smartpass-worker --self-test-sandbox */
#include <stdio.h>
#include <string.h>

#include "sandbox.h"
#include "serve.h"

static const struct {
    const char *job;
    void (*serve)(const char *argument);
} jobs[] = {{"photo", serve_photos}, {"sheet", serve_sheet}, {"names", serve_names}, {"archive", serve_archive}};

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--self-test-sandbox") == 0)
        return sandbox_self_test() ? 0 : 1;
    for (size_t i = 0; argc == 3 && i < sizeof jobs / sizeof *jobs; i++)
        if (strcmp(argv[1], jobs[i].job) == 0) {
            jobs[i].serve(argv[2]);
            return 1;
        }
    fprintf(stderr, "usage: smartpass-worker photo WEIGHTS | sheet KIND | names zip | archive WEIGHTS | "
                    "--self-test-sandbox\n");
    return 2;
}
