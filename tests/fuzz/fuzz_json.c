/* The JSON reader and writer. What is accepted must be read the same by skipping, and, written anew, the same again;
 * numbers keep their value through text. */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "json_number.h"
#include "json_reader.h"
#include "json_writer.h"

enum { MEMORY_MAX = 1 << 20 };

static void check_integers(const char *text, size_t length)
{
    char out[NUMBER_TEXT_MAX];
    uint64_t natural, natural_again;
    int64_t whole, whole_again;

    if (number_to_int64(text, length, &whole)) {
        size_t n = number_from_int64(whole, out);

        REQUIRE(n <= sizeof out && number_length(out, n) == n);
        REQUIRE(number_to_int64(out, n, &whole_again) && whole_again == whole);
    }
    if (number_to_uint64(text, length, &natural)) {
        size_t n = number_from_uint64(natural, out);

        REQUIRE(n <= sizeof out && number_length(out, n) == n);
        REQUIRE(number_to_uint64(out, n, &natural_again) && natural_again == natural);
    }
}

static void check_number(const char *text, size_t length)
{
    char out[NUMBER_TEXT_MAX];
    double value, again;

    REQUIRE(number_length(text, length) == length);
    check_integers(text, length);
    if (!number_to_double(text, length, &value))
        return;
    REQUIRE(isfinite(value));
    size_t n = number_from_double(value, out);
    REQUIRE(n <= sizeof out && number_length(out, n) == n);
    REQUIRE(number_to_double(out, n, &again) && memcmp(&again, &value, sizeof value) == 0);
    if (fabs(value) > 3e38)
        return;
    n = number_from_float((float)value, out);
    REQUIRE(n <= sizeof out && number_length(out, n) == n);
    REQUIRE(number_to_double(out, n, &again) && (float)again == (float)value);
}

static void write_token(json_writer *out, const json_reader *in, json_token token)
{
    switch (token) {
    case JSON_OBJECT:
        json_open_object(out);
        break;
    case JSON_OBJECT_END:
        json_close_object(out);
        break;
    case JSON_ARRAY:
        json_open_array(out);
        break;
    case JSON_ARRAY_END:
        json_close_array(out);
        break;
    case JSON_KEY:
        json_key(out, in->text, in->length);
        break;
    case JSON_STRING:
        json_text(out, in->text, in->length);
        break;
    case JSON_NUMBER:
        check_number(in->text, in->length);
        json_ready(out, in->text, in->length);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(out, token == JSON_TRUE);
        break;
    default:
        json_null(out);
        break;
    }
}

/* Reads to the end and writes what was read. */
static bool copy(json_reader *in, json_writer *out)
{
    json_token token;

    while ((token = json_next(in)) != JSON_END && token != JSON_BAD)
        write_token(out, in, token);
    return token == JSON_END;
}

static void check_refusal(json_reader *in)
{
    unsigned line, column;

    REQUIRE(in->fault && *in->fault);
    json_position(in, &line, &column);
    REQUIRE(line >= 1 && column >= 1);
    REQUIRE(json_next(in) == JSON_BAD);
}

static bool skip_all(const char *text, size_t size, arena *memory)
{
    json_reader in;

    json_reader_init(&in, text, size, memory);
    return json_skip(&in, json_next(&in)) && json_next(&in) == JSON_END;
}

/* The copy has the same tokens, so copying it once more changes nothing. */
static void check_copy(const byte_buffer *first, arena *memory)
{
    byte_buffer second;
    json_reader in;
    json_writer out;

    byte_buffer_init(&second, MEMORY_MAX);
    json_writer_init(&out, &second);
    json_reader_init(&in, (const char *)first->data, first->size, memory);
    REQUIRE(copy(&in, &out) && !json_failed(&out));
    REQUIRE(second.size == first->size && memcmp(second.data, first->data, first->size) == 0);
    byte_buffer_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    byte_buffer written;
    json_reader in;
    json_writer out;
    arena memory;

    arena_init(&memory, MEMORY_MAX);
    byte_buffer_init(&written, MEMORY_MAX);
    json_writer_init(&out, &written);
    json_reader_init(&in, (const char *)data, size, &memory);
    bool accepted = copy(&in, &out);

    REQUIRE(skip_all((const char *)data, size, &memory) == accepted);
    if (accepted) {
        REQUIRE(!json_failed(&out));
        check_copy(&written, &memory);
    } else {
        check_refusal(&in);
    }
    byte_buffer_done(&written);
    arena_done(&memory);
    return 0;
}
