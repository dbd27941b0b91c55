/* JSON through the gateway's transcoder: rest_json DESCRIPTORS MESSAGE FILE SECONDS. Reads the file's JSON into wire
 * bytes and writes it from them again and again; prints the CPU nanoseconds of one reading and of one writing, and the
 * bytes of the JSON that is read and written. With SECONDS 0 it prints the JSON that it writes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "json_to_wire.h"
#include "wire_to_json.h"

enum { FILE_MAX = 64 << 20, MEMORY_MAX = 256 << 20 };

typedef struct {
    const descriptor_pool *pool;
    const message_type *message;
    const char *json;
    size_t json_size;
    byte_buffer wire, written;
} subject;

static void refuse(const char *why)
{
    fprintf(stderr, "rest_json: %s\n", why);
    exit(1);
}

static double cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void read_once(subject *s)
{
    wire_request request = {.message = s->message, .body = BODY_WHOLE, .json = s->json, .json_size = s->json_size};
    transcode_fault fault = {.kind = FAULT_NONE};
    arena memory;

    s->wire.size = 0;
    arena_init(&memory, MEMORY_MAX);
    if (!json_to_wire(s->pool, &request, &memory, &s->wire, &fault))
        refuse(fault.message);
    arena_done(&memory);
}

static void write_once(subject *s)
{
    wire_reply reply = {.pool = s->pool, .message = s->message};
    const char *fault;
    json_writer out;
    arena memory;

    s->written.size = 0;
    arena_init(&memory, MEMORY_MAX);
    json_writer_init(&out, &s->written);
    fault = wire_to_json(&reply, s->wire.data, s->wire.size, &memory, &out);
    if (fault)
        refuse(fault);
    arena_done(&memory);
}

/* CPU nanoseconds of one run, over so many seconds of them. */
static double measure(subject *s, void (*once)(subject *s), double seconds)
{
    double begun = cpu_ns(), until = begun + seconds * 1e9, now;
    size_t runs = 0;

    do {
        for (int i = 0; i < 8; i++)
            once(s);
        runs += 8;
        now = cpu_ns();
    } while (now < until);
    return (now - begun) / (double)runs;
}

int main(int argc, char **argv)
{
    subject s = {0};
    char *set = NULL, *json = NULL;
    size_t set_size;
    const char *fault = NULL;
    double seconds;

    if (argc != 5)
        refuse("DESCRIPTORS MESSAGE FILE SECONDS");
    if (sp_failed(file_read(argv[1], FILE_MAX, &set, &set_size)) ||
        sp_failed(file_read(argv[3], FILE_MAX, &json, &s.json_size)))
        refuse("a file cannot be read");
    s.pool = descriptor_pool_new((const uint8_t *)set, set_size, &fault);
    s.message = s.pool ? descriptor_pool_message(s.pool, argv[2], strlen(argv[2])) : NULL;
    if (!s.message)
        refuse(fault ? fault : "there is no such message");
    s.json = json;
    seconds = strtod(argv[4], NULL);
    byte_buffer_init(&s.wire, MEMORY_MAX);
    byte_buffer_init(&s.written, MEMORY_MAX);
    read_once(&s);
    write_once(&s);
    if (seconds > 0)
        printf("%.1f %.1f %zu %zu\n", measure(&s, read_once, seconds), measure(&s, write_once, seconds), s.json_size,
               s.written.size);
    else
        fwrite(s.written.data, 1, s.written.size, stdout);
    return 0;
}
