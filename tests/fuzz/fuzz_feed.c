/* People that come down to a terminal. The input is a list of wire fields: 1 is a ConnectResponse, 2 lets so many
 * milliseconds pass, 3 is a new connection. Whatever the server says, the store holds no more people than it may, the
 * index of faces is that of the store, and each change is reported once, in a message that the server takes. */
#include <stdlib.h>
#include <string.h>

#include "feed_people.h"
#include "fuzz.h"
#include "link_server.h"
#include "pb_decode.h"
#include "people_feed.h"

enum { CAPACITY = FEED_PEOPLE_MAX - 1, FIELD_MESSAGE = 1, FIELD_TIME = 2, FIELD_RESET = 3 };

typedef struct {
    people_feed *feed;
    people_store *people;
    face_index index;
    face_owner owners[CAPACITY];
    float faces[CAPACITY][FACE_INDEX_LENGTH];
    int64_t now_ms;
} terminal;

static int read_face(void *self, const face_picture *picture, float ret_template[FACE_TEMPLATE_LENGTH])
{
    (void)self, (void)picture;
    memset(ret_template, 0, FACE_TEMPLATE_LENGTH * sizeof *ret_template);
    return 1;
}

static void check(const terminal *t)
{
    REQUIRE(people_store_count(t->people) <= CAPACITY);
    REQUIRE(feed_people_faces(t->people) == t->index.count);
    for (size_t i = 0; i < t->index.count; i++)
        REQUIRE(feed_people_has_face(t->people, t->index.owners[i].id));
}

static void report(terminal *t)
{
    static ConnectRequest message;
    static uint8_t out[LINK_MESSAGE_MAX];
    unsigned kind;
    size_t size;

    for (int i = 0; people_feed_report(t->feed, &message); i++) {
        REQUIRE(i < 2);
        size = connect_request_encode(&message, out, sizeof out);
        REQUIRE(size > 0 && link_server_takes(out, size, &kind, NULL) && kind == message.which_message);
    }
}

static void take(terminal *t, const uint8_t *bytes, size_t size)
{
    static ConnectResponse message;
    bool usable = true;

    if (!connect_response_decode(bytes, size, &message))
        return;
    if (message.which_message == smartpass_link_v1_ConnectResponse_people_tag)
        usable = people_feed_take(t->feed, &message.message.people, t->now_ms);
    else if (message.which_message == smartpass_link_v1_ConnectResponse_photo_tag)
        usable = people_feed_photo(t->feed, &message.message.photo, t->now_ms);
    if (!usable)
        people_feed_reset(t->feed);
}

static void pass_time(terminal *t, uint64_t ms)
{
    t->now_ms += (int64_t)(ms % 100000);
    if (people_feed_due_ms(t->feed) <= t->now_ms && !people_feed_tick(t->feed, t->now_ms))
        people_feed_reset(t->feed);
}

/* One field of the input; false at the end. */
static bool step(terminal *t, pb_istream_t *in)
{
    pb_wire_type_t type;
    uint32_t number;
    uint64_t value;
    bool eof;

    if (!pb_decode_tag(in, &type, &number, &eof))
        return false;
    if (number == FIELD_MESSAGE && type == PB_WT_STRING) {
        pb_istream_t inner;
        uint8_t bytes[1024];
        size_t size;

        if (!pb_make_string_substream(in, &inner))
            return false;
        size = inner.bytes_left < sizeof bytes ? inner.bytes_left : sizeof bytes;
        if (pb_read(&inner, bytes, size))
            take(t, bytes, size);
        return pb_close_string_substream(in, &inner);
    }
    if (type != PB_WT_VARINT)
        return pb_skip_field(in, type);
    if (!pb_decode_varint(in, &value))
        return false;
    if (number == FIELD_TIME)
        pass_time(t, value);
    else if (number == FIELD_RESET)
        people_feed_reset(t->feed);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static terminal t;
    static const face_reader reader = {.engine = "e", .read = read_face};
    pb_istream_t in = pb_istream_from_buffer(data, size);

    t.people = feed_people_new();
    t.now_ms = 1000;
    face_index_init(&t.index, t.owners, t.faces, CAPACITY);
    t.feed = people_feed_new(&(people_feed_parts){t.people, &t.index, &reader, CAPACITY});
    REQUIRE(t.feed);
    while (in.bytes_left > 0 && step(&t, &in)) {
        check(&t);
        report(&t);
    }
    people_feed_free(t.feed);
    people_store_free(t.people);
    return 0;
}
