/* protoc-gen-c-optional: protoc-gen-c for files that say `optional`.
 *
 * protobuf-c writes right code for proto3 `optional` (the synthetic oneof becomes a case member), but its plugin does
 * not tell protoc so, and protoc refuses. This program runs the real plugin on the same input and adds the missing
 * field to the end of its answer: CodeGeneratorResponse.supported_features = FEATURE_PROTO3_OPTIONAL. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Field 2, varint, value 1. Fields of a message may come in any order, so appending is enough. */
static const char feature[] = {0x10, 0x01};

static int failed(const char *what)
{
    fprintf(stderr, "protoc-gen-c-optional: %s: %s\n", what, strerror(errno));
    return 1;
}

static bool copy(int from, FILE *to)
{
    char bytes[65536];
    ssize_t n;

    for (;;) {
        n = read(from, bytes, sizeof bytes);
        if (n == 0)
            return true;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || fwrite(bytes, 1, (size_t)n, to) != (size_t)n)
            return false;
    }
}

int main(void)
{
    int ends[2];
    int status;
    pid_t plugin;

    if (pipe(ends) < 0)
        return failed("pipe");
    plugin = fork();
    if (plugin < 0)
        return failed("fork");
    if (plugin == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(PROTOC_GEN_C, PROTOC_GEN_C, (char *)NULL);
        failed(PROTOC_GEN_C);
        _exit(127);
    }
    close(ends[1]);

    if (!copy(ends[0], stdout))
        return failed("copying the answer");
    close(ends[0]);
    if (waitpid(plugin, &status, 0) < 0)
        return failed("waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    if (fwrite(feature, 1, sizeof feature, stdout) != sizeof feature || fflush(stdout) != 0)
        return failed("writing the answer");
    return 0;
}
