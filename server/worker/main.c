/* smartpass-worker: looks at what strangers send, for the server, over the socket that it inherits.
 *
 *   smartpass-worker photo WEIGHTS
 *   smartpass-worker sheet xlsx|xls|csv
 *   smartpass-worker --self-test-sandbox */
#include <stdio.h>
#include <string.h>

#include "sandbox.h"
#include "serve.h"

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--self-test-sandbox") == 0)
        return sandbox_self_test() ? 0 : 1;
    if (argc == 3 && strcmp(argv[1], "photo") == 0) {
        serve_photos(argv[2]);
        return 1;
    }
    if (argc == 3 && strcmp(argv[1], "sheet") == 0) {
        serve_sheet(argv[2]);
        return 1;
    }
    fprintf(stderr, "usage: smartpass-worker photo WEIGHTS | sheet KIND | --self-test-sandbox\n");
    return 2;
}
