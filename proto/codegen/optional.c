/* protoc-gen-c-optional: protoc-gen-c for the messages alone, and for files that say `optional`.
 *
 * protobuf-c writes right code for proto3 `optional` (the synthetic oneof becomes a case member), but its plugin does
 * not tell protoc so, and protoc refuses. And it writes stubs of its own for services, which nobody uses beside ours
 * and which do not compile when a method is called Register or Delete. This program hands the real plugin the input
 * without services and adds the missing field to the end of its answer: CodeGeneratorResponse.supported_features =
 * FEATURE_PROTO3_OPTIONAL. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "input.h"
#include "services.h"

/* Field 2, varint, value 1. Fields of a message may come in any order, so appending is enough. */
static const char feature[] = {0x10, 0x01};

static int failed(const char *what)
{
    fprintf(stderr, "protoc-gen-c-optional: %s: %s\n", what, strerror(errno));
    return 1;
}

static bool write_all(int to, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(to, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* The plugin's input as a file to read from, or -1. */
static int input_without_services(void)
{
    size_t size;
    uint8_t *bytes = input_read(stdin, &size);
    uint8_t *rest = bytes != NULL ? malloc(size + 1) : NULL;
    int file = -1;

    if (rest != NULL && !services_remove(bytes, size, rest, &size))
        errno = EBADMSG;
    else if (rest != NULL)
        file = memfd_create("request", MFD_CLOEXEC);
    if (file >= 0 && (!write_all(file, rest, size) || lseek(file, 0, SEEK_SET) < 0)) {
        close(file);
        file = -1;
    }
    free(rest);
    free(bytes);
    return file;
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

static void run_plugin(int input, int output)
{
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    execl(PROTOC_GEN_C, PROTOC_GEN_C, (char *)NULL);
    failed(PROTOC_GEN_C);
    _exit(127);
}

int main(void)
{
    int input = input_without_services();
    int ends[2];
    int status;
    pid_t plugin;

    if (input < 0)
        return failed("reading the request");
    if (pipe(ends) < 0)
        return failed("pipe");
    plugin = fork();
    if (plugin < 0)
        return failed("fork");
    if (plugin == 0) {
        close(ends[0]);
        run_plugin(input, ends[1]);
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
