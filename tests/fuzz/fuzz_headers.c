/* What the gateway reads out of HTTP headers. The first byte chooses the reader, the rest is the header's value; a
 * header has no NUL. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "request_check.h"
#include "session_cookie.h"

enum { MEMORY_MAX = 1 << 16 };

static void read_cookie(const char *value, arena *memory)
{
    static const char bearer[] = "Bearer ";

    for (int secure = 0; secure <= 1; secure++) {
        const char *read = session_cookie_read(value, secure, memory);

        if (!read)
            continue;
        REQUIRE(strncmp(read, bearer, strlen(bearer)) == 0);
        /* What was read can be written into a header, and stood in this one. */
        const char *token = read + strlen(bearer);

        REQUIRE(*token && strstr(value, token));
        for (const char *c = token; *c; c++)
            REQUIRE(*c > ' ' && *c < 0x7f && *c != ';' && *c != ',' && *c != '"' && *c != '\\');
    }
}

static void read_type(const char *value, arena *memory)
{
    (void)memory;
    if (is_json_type(value))
        REQUIRE(strcasestr(value, "json"));
}

static void (*const readers[])(const char *value, arena *memory) = {read_cookie, read_type};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena memory;
    char *value;

    if (size < 1)
        return 0;
    arena_init(&memory, MEMORY_MAX);
    value = strndup((const char *)data + 1, size - 1);
    REQUIRE(value);
    readers[data[0] % (sizeof readers / sizeof *readers)](value, &memory);
    free(value);
    arena_done(&memory);
    return 0;
}
