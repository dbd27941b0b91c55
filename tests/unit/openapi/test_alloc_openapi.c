/* The document when memory runs out: each allocation of its making fails once. It is whole and what it always is, or
 * there is a sentence and nothing. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "alloc_scenario.h"
#include "bare_set.h"
#include "openapi.h"

enum { DOCUMENT_MAX = 1 << 20 };

static byte_buffer whole;

static bool describe(byte_buffer *text, char fault[256])
{
    byte_buffer_init(text, DOCUMENT_MAX);
    return openapi_write(bare_set, bare_set_size, &(openapi_options){0}, text, fault, 256);
}

static sp_code run(void)
{
    char fault[256] = "";
    byte_buffer text;
    bool made = describe(&text, fault);
    bool same = text.size == whole.size && memcmp(text.data, whole.data, whole.size) == 0;
    size_t left = text.size;

    byte_buffer_done(&text);
    if (made)
        return same ? SP_OK : SP_DATA_LOSS;
    if (left > 0 || strcasestr(fault, "memory is out") == NULL) {
        fprintf(stderr, "%s\n", fault);
        return SP_INTERNAL;
    }
    return SP_RESOURCE_EXHAUSTED;
}

static void describe_once(void)
{
    char fault[256];

    ck_assert(describe(&whole, fault));
}

static void forget(void)
{
    byte_buffer_done(&whole);
}

static const alloc_scenario scenarios[] = {
    {.name = "openapi", .expected = SP_OK, .open = describe_once, .close = forget, .run = run},
};

int main(void)
{
    return alloc_scenarios_run("OpenAPI without memory", scenarios, 1);
}
