#include "scratch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "rpc.h"

/* Far above any contract, far below what would hurt a build machine. */
#define SCRATCH_CAP ((size_t)512 << 20)

static arena memory = {.cap = SCRATCH_CAP};

static void *or_die(void *taken)
{
    if (taken == NULL) {
        fputs("protoc-gen-smartpass-c: out of memory\n", stderr);
        exit(1);
    }
    return taken;
}

void *scratch_array(size_t count, size_t size)
{
    return or_die(arena_array(&memory, count, size));
}

char *scratch_printf(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(&memory, format, args);
    va_end(args);
    return or_die(text);
}

char *scratch_text(const char *text, size_t length)
{
    return or_die(arena_copy(&memory, text, length));
}

static void *allocate(void *unused, size_t size)
{
    (void)unused;
    return or_die(arena_alloc(&memory, size));
}

static void release(void *unused, void *pointer)
{
    (void)unused;
    (void)pointer;
}

const ProtobufCMessage *scratch_unpack(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t size)
{
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release};
    const char *field;

    if (sp_failed(rpc_prescan(type, bytes, size, NULL, 0, &field)))
        return NULL;
    return protobuf_c_message_unpack(type, &allocator, size, bytes);
}

void scratch_done(void)
{
    arena_done(&memory);
}
