/* A request as it comes over the wire: its head, and a body in chunks. What a head says is the same however its bytes
 * arrive, what it names can be written again and is read the same, and so is the data of the chunks. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "fuzz.h"
#include "http_chunk.h"
#include "http_head.h"

enum { MEMORY_MAX = 1 << 18, TARGET_MAX = 100 };

/* ---- The head ---- */

static size_t find_end(const char *text, size_t size)
{
    size_t scanned = 0, at_once = http_head_end(text, size, &scanned), piece = 0;

    scanned = 0;
    for (size_t n = 0; n <= size && piece == 0; n++)
        piece = http_head_end(text, n, &scanned);
    REQUIRE(piece == at_once);
    return at_once;
}

static void check_beginning(const char *text, size_t size)
{
    for (size_t n = 0; n <= size && n < 64; n++)
        REQUIRE(http_head_may_begin(text, n));
}

static void check_text(const char *text)
{
    for (; *text; text++)
        REQUIRE((unsigned char)*text >= ' ' || *text == '\t');
}

static void check_head(const request_head *head)
{
    REQUIRE(*head->method && strlen(head->method) <= HTTP_METHOD_MAX);
    REQUIRE(head->path_length > 0 && (head->path[0] == '/' || strcmp(head->path, "*") == 0));
    REQUIRE(head->path_length + head->query_length <= TARGET_MAX);
    REQUIRE(strlen(head->path) == head->path_length && strlen(head->query) == head->query_length);
    REQUIRE(head->content_length >= -1);
    REQUIRE(head->http_1_0 || head->fields[HTTP_HOST]);
    REQUIRE(!(head->fields[HTTP_CONTENT_LENGTH] && head->fields[HTTP_TRANSFER_ENCODING]));
    for (size_t i = 0; i < HTTP_HEADER_COUNT; i++)
        if (head->fields[i])
            check_text(head->fields[i]);
}

/* The request line written anew. */
static void check_again(const request_head *head, arena *memory)
{
    char *text = arena_printf(memory, "%s %s%s%s HTTP/1.1\r\nHost: a\r\n\r\n", head->method, head->path,
                              head->query_length ? "?" : "", head->query);
    request_head again;

    REQUIRE(text && http_head_parse(text, strlen(text), TARGET_MAX + 1, memory, &again) == HEAD_FINE);
    REQUIRE(strcmp(again.method, head->method) == 0);
    REQUIRE(strcmp(again.path, head->path) == 0 && strcmp(again.query, head->query) == 0);
}

/* ---- Chunks ---- */

typedef struct {
    chunk_reader reader;
    byte_buffer data;
} body;

/* Feeds the bytes in pieces; what follows the end is not looked at. */
static void read_chunks(body *b, const uint8_t *bytes, size_t size, size_t piece)
{
    *b = (body){.reader = {.state = CHUNK_SIZE}};
    byte_buffer_init(&b->data, MEMORY_MAX);
    while (size > 0 && b->reader.state != CHUNK_DONE && b->reader.state != CHUNK_BAD) {
        size_t n = piece < size ? piece : size, used = http_chunk_skip(&b->reader, bytes, n);

        REQUIRE(used <= n);
        if (b->reader.state == CHUNK_DATA) {
            size_t data = n - used < b->reader.left ? n - used : (size_t)b->reader.left;

            REQUIRE(b->reader.left > 0 && byte_buffer_append(&b->data, bytes + used, data));
            http_chunk_take(&b->reader, data);
            used += data;
        }
        bytes += used;
        size -= used;
    }
}

static void check_chunks(const uint8_t *bytes, size_t size)
{
    body at_once, in_pieces;

    read_chunks(&at_once, bytes, size, size);
    for (size_t piece = 1; piece <= 7; piece += 2) {
        read_chunks(&in_pieces, bytes, size, piece);
        REQUIRE(in_pieces.reader.state == at_once.reader.state && in_pieces.data.size == at_once.data.size);
        REQUIRE(at_once.data.size == 0 || memcmp(in_pieces.data.data, at_once.data.data, at_once.data.size) == 0);
        byte_buffer_done(&in_pieces.data);
    }
    byte_buffer_done(&at_once.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t end = find_end((const char *)data, size);
    request_head head;
    arena memory;
    char *text;

    if (end == 0)
        return 0;
    text = malloc(end);
    REQUIRE(text);
    memcpy(text, data, end);
    arena_init(&memory, MEMORY_MAX);
    if (http_head_parse(text, end, TARGET_MAX, &memory, &head) == HEAD_FINE) {
        check_beginning((const char *)data, end);
        check_head(&head);
        check_again(&head, &memory);
        if (head.content_length < 0)
            check_chunks(data + end, size - end);
    }
    arena_done(&memory);
    free(text);
    return 0;
}
