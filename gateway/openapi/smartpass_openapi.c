/* smartpass-openapi: writes the OpenAPI document of any contract whose methods carry google.api.http. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "openapi.h"

enum { SET_MAX = 256 << 20, DOCUMENT_MAX = 256 << 20, SERVERS_MAX = 32, FAULT_MAX = 512 };

static const char usage[] =
    "Usage: smartpass-openapi [OPTION…] SET\n"
    "Writes the OpenAPI 3.1 document of a contract to standard output. SET is a FileDescriptorSet:\n"
    "protoc --include_imports --include_source_info --descriptor_set_out=SET FILE.proto…\n\n"
    "      --title=TEXT        the API's name; the package of its first service\n"
    "      --api-version=TEXT  the API's version; 1.0.0\n"
    "      --licence=SPDX      the API's licence, e.g. Apache-2.0\n"
    "      --server=URL        where it is served; may be given several times\n"
    "      --indent            a line for each member\n"
    "      --output=FILE       instead of standard output\n"
    "      --help              this text\n"
    "      --version           the program's version\n";

typedef struct {
    openapi_options document;
    const char *servers[SERVERS_MAX];
    const char *set, *output;
    bool indent;
} arguments;

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "smartpass-openapi: %s: %s\n", what, why);
    return EXIT_FAILURE;
}

/* False when the process is to end with *ret_code. */
static bool read_arguments(int argc, char **argv, arguments *ret, int *ret_code)
{
    enum { TITLE = 256, API_VERSION, LICENCE, SERVER, INDENT, OUTPUT, HELP, VERSION };
    static const struct option options[] = {
        {"title", required_argument, NULL, TITLE},     {"api-version", required_argument, NULL, API_VERSION},
        {"licence", required_argument, NULL, LICENCE}, {"license", required_argument, NULL, LICENCE},
        {"server", required_argument, NULL, SERVER},   {"indent", no_argument, NULL, INDENT},
        {"output", required_argument, NULL, OUTPUT},   {"help", no_argument, NULL, HELP},
        {"version", no_argument, NULL, VERSION},       {NULL, 0, NULL, 0},
    };

    *ret_code = EXIT_SUCCESS;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case TITLE:
            ret->document.title = optarg;
            break;
        case API_VERSION:
            ret->document.version = optarg;
            break;
        case LICENCE:
            ret->document.licence = optarg;
            break;
        case SERVER:
            if (ret->document.server_count < SERVERS_MAX)
                ret->servers[ret->document.server_count++] = optarg;
            break;
        case INDENT:
            ret->indent = true;
            break;
        case OUTPUT:
            ret->output = optarg;
            break;
        case HELP:
            fputs(usage, stdout);
            return false;
        case VERSION:
            puts("smartpass-openapi " SMARTPASS_VERSION);
            return false;
        default:
            *ret_code = EXIT_FAILURE;
            return false;
        }
    }
    ret->document.servers = ret->servers;
    ret->set = argv[optind];
    if (ret->set && !argv[optind + 1])
        return true;
    fputs(usage, stderr);
    *ret_code = EXIT_FAILURE;
    return false;
}

static int write_out(const arguments *given, const byte_buffer *text)
{
    if (given->output)
        return sp_failed(file_write(given->output, text->data, text->size, 0644))
                   ? complain(given->output, "The file cannot be written.")
                   : EXIT_SUCCESS;
    if (fwrite(text->data, 1, text->size, stdout) != text->size || fflush(stdout) != 0)
        return complain("standard output", "It cannot be written.");
    return EXIT_SUCCESS;
}

static int describe(const arguments *given, const char *set, size_t size)
{
    char fault[FAULT_MAX];
    byte_buffer text, indented;
    int code = EXIT_FAILURE;

    byte_buffer_init(&text, DOCUMENT_MAX);
    byte_buffer_init(&indented, DOCUMENT_MAX);
    if (!openapi_write((const uint8_t *)set, size, &given->document, &text, fault, sizeof fault))
        complain(given->set, fault);
    else if (given->indent ? !json_indent((const char *)text.data, text.size, &indented)
                           : !byte_buffer_append(&text, "\n", 1))
        complain(given->set, "Memory is out.");
    else
        code = write_out(given, given->indent ? &indented : &text);
    byte_buffer_done(&text);
    byte_buffer_done(&indented);
    return code;
}

int main(int argc, char **argv)
{
    arguments given = {0};
    char *set;
    size_t size;
    sp_status status;
    int code;

    if (!read_arguments(argc, argv, &given, &code))
        return code;
    status = file_read(given.set, SET_MAX, &set, &size);
    if (sp_failed(status))
        return complain(given.set, status.message);
    code = describe(&given, set, size);
    free(set);
    return code;
}
