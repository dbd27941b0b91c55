#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static char *drain(FILE *from)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int c;

    if (out == NULL)
        abort();
    while ((c = fgetc(from)) != EOF)
        fputc(c, out);
    fclose(out);
    return text;
}

int command_run(char **ret_output, const char *format, ...)
{
    va_list args;
    char *command;
    FILE *pipe;
    int status;

    va_start(args, format);
    if (vasprintf(&command, format, args) < 0)
        abort();
    va_end(args);
    pipe = popen(command, "r");
    free(command);
    if (pipe == NULL)
        abort();
    *ret_output = drain(pipe);
    status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

char *file_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text;

    if (file == NULL)
        return NULL;
    text = drain(file);
    fclose(file);
    return text;
}

bool file_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    bool written;

    if (file == NULL)
        return false;
    written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

char *folder_make(void)
{
    const char *temporary = getenv("TMPDIR");
    char *folder = text_printf("%s/codegen.XXXXXX", temporary != NULL ? temporary : "/tmp");

    if (mkdtemp(folder) == NULL)
        abort();
    return folder;
}

void folder_remove(char *folder)
{
    char *output;

    command_run(&output, "rm -rf '%s'", folder);
    free(output);
    free(folder);
}

char *text_printf(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    return text;
}
