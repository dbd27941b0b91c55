#include "generator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "google/protobuf/compiler/plugin.pb-c.h"

enum { REQUEST_MAX = 4 << 20 };

/* main of proto/codegen, by another name. */
int generator_main(void);

static int new_file(const void *bytes, size_t size)
{
    int file = memfd_create("generator", MFD_CLOEXEC);

    if (file < 0 || write(file, bytes, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) < 0)
        abort();
    return file;
}

/* With a NUL behind its end. */
static char *take_file(int file, size_t *ret_size)
{
    off_t size = lseek(file, 0, SEEK_END);
    char *bytes = malloc((size_t)size + 1);

    if (size < 0 || bytes == NULL || pread(file, bytes, (size_t)size, 0) != (ssize_t)size)
        abort();
    bytes[size] = '\0';
    close(file);
    *ret_size = (size_t)size;
    return bytes;
}

/* Sanitizers look for leaks at the end of a process, which takes longer than all the rest; whoever wants to know
 * counts. */
static void (*at_end)(int exit_code);

static void leave(int exit_code, void *unused)
{
    (void)unused;
    if (at_end != NULL)
        at_end(exit_code);
    _exit(exit_code);
}

static void run_child(const int *files, void (*begin)(void), void (*end)(int exit_code))
{
    for (int i = 0; i < 3; i++)
        if (dup2(files[i], i) < 0)
            abort();
    at_end = end;
    on_exit(leave, NULL);
    if (begin != NULL)
        begin();
    exit(generator_main());
}

void generator_run(const void *request, size_t size, void (*begin)(void), void (*end)(int exit_code),
                   generator_result *ret_result)
{
    const int files[3] = {new_file(request, size), new_file("", 0), new_file("", 0)};
    size_t complaint_size;
    int status;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child < 0)
        abort();
    if (child == 0)
        run_child(files, begin, end);
    if (waitpid(child, &status, 0) != child)
        abort();
    close(files[0]);
    ret_result->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ret_result->output = (uint8_t *)take_file(files[1], &ret_result->output_size);
    ret_result->complaint = take_file(files[2], &complaint_size);
}

void generator_result_drop(generator_result *result)
{
    free(result->output);
    free(result->complaint);
}

bool generator_ended_well(const generator_result *result)
{
    static const char name[] = "protoc-gen-smartpass-c: ";
    const char *line_end = strchr(result->complaint, '\n');
    Google__Protobuf__Compiler__CodeGeneratorResponse *answer;

    if (result->exit_code != 0)
        return result->exit_code == 1 && result->output_size == 0 &&
               strncmp(result->complaint, name, strlen(name)) == 0 && line_end != NULL && line_end[1] == '\0';
    if (result->complaint[0] != '\0')
        return false;
    answer = google__protobuf__compiler__code_generator_response__unpack(NULL, result->output_size, result->output);
    if (answer == NULL)
        return false;
    google__protobuf__compiler__code_generator_response__free_unpacked(answer, NULL);
    return true;
}

uint8_t *generator_request(const char *name, size_t *ret_size)
{
    char path[512];
    char *bytes;

    snprintf(path, sizeof path, REQUESTS "/%s", name);
    if (sp_failed(file_read(path, REQUEST_MAX, &bytes, ret_size)))
        abort();
    return (uint8_t *)bytes;
}
