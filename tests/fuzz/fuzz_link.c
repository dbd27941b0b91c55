/* The device link from both ends. The first byte chooses the direction, the rest is what comes over the wire.
 *
 * Down: gRPC frames, in pieces, into a terminal's link with three records and a picture. Whatever the server says, what
 * the terminal then sends passes the server's own prescan.
 * Up: a ConnectRequest. What the server's prescan lets through and nanopb reads as well is the same kind of message to
 * both, and what nanopb makes of it passes the prescan again.
 * Trailers: name and value of headers that end a call. */
#include <stdlib.h>
#include <string.h>

#include "command_rules.h"
#include "fuzz.h"
#include "grpc_call.h"
#include "link_server.h"
#include "pb_decode.h"
#include "photo_task.h"
#include "settings.h"
#include "terminal_link_parts.h"
#include "text.h"

enum { RECORDS = 3, PICTURE_SIZE = 20000, ANSWERS_MAX = 40 };

/* ---- A journal that holds three records, the second with a picture ---- */

typedef struct {
    journal base;
    bool picture_waits;
} short_journal;

static const uint8_t record[] = {0x08, 0x01, 0x28, 0x01, 0x30, 0x01, 0x40, 0x07, 0x4a, 0x03, 'A', 'n', 'n'};

static uint32_t read_records(journal *j, uint64_t from_seq, uint32_t max, journal_reader reader, void *arg)
{
    uint32_t taken = 0;

    REQUIRE(max <= UPLOAD_BATCH_MAX);
    for (uint64_t seq = from_seq; seq <= j->facts.last_seq && taken < max; seq++, taken++)
        if (!reader(arg, seq, record, sizeof record))
            break;
    return taken;
}

static void acked(journal *j, uint64_t seq)
{
    REQUIRE(seq <= j->facts.last_seq);
    if (seq > j->facts.acked_seq)
        j->facts.acked_seq = seq;
}

static bool oldest_picture(journal *j, journal_picture *ret_picture)
{
    const short_journal *s = (const short_journal *)j;

    if (!s->picture_waits || j->facts.acked_seq < 2)
        return false;
    *ret_picture = (journal_picture){.seq = 2, .size = PICTURE_SIZE, .sha256 = {1, 2, 3}};
    return true;
}

static size_t read_picture(journal *j, uint64_t seq, uint32_t offset, uint8_t *out, size_t cap)
{
    size_t n = offset < PICTURE_SIZE ? PICTURE_SIZE - offset : 0;

    (void)j;
    REQUIRE(seq == 2 && offset <= PICTURE_SIZE);
    n = n < cap ? n : cap;
    memset(out, 0xd8, n);
    return n;
}

static void picture_done(journal *j, uint64_t seq, picture_fate fate)
{
    short_journal *s = (short_journal *)j;

    (void)fate;
    REQUIRE(seq == 2 && s->picture_waits);
    s->picture_waits = false;
    j->facts.waiting_pictures = 0;
}

static const journal_ops ops = {
    .read = read_records,
    .acked = acked,
    .oldest_picture = oldest_picture,
    .read_picture = read_picture,
    .picture_done = picture_done,
};

/* ---- Its owner ---- */

typedef struct {
    terminal_settings settings;
    uint32_t reports;
    photo_task photo;
} listener;

static void hello(void *self, Hello *ret_hello)
{
    (void)self;
    strcpy(ret_hello->engine, "e");
}

static void welcomed(void *self, const Welcome *welcome)
{
    (void)self;
    REQUIRE(memchr(welcome->time_zone, '\0', sizeof welcome->time_zone));
}

static void take_time(void *self, int64_t server_time_ms)
{
    (void)self, (void)server_time_ms;
}

static void take_people(void *self, const PeopleChanges *changes)
{
    listener *l = self;

    REQUIRE(changes->changes_count <= sizeof changes->changes / sizeof *changes->changes);
    for (size_t i = 0; i < changes->changes_count; i++) {
        const PersonChange *change = &changes->changes[i];

        REQUIRE(memchr(change->name, '\0', sizeof change->name));
        REQUIRE(change->face_template.size <= sizeof change->face_template.bytes);
    }
    l->reports++;
}

static void take_photo(void *self, const PhotoChunk *chunk)
{
    (void)self;
    REQUIRE(chunk->data.size <= sizeof chunk->data.bytes);
}

static void take_settings(void *self, const SettingChanges *changes)
{
    listener *l = self;

    REQUIRE(changes->values_count <= sizeof changes->values / sizeof *changes->values);
    for (size_t i = 0; i < changes->values_count; i++) {
        const SettingValue *v = &changes->values[i];
        const setting_rule *rule = setting_find(v->key);
        const setting_value value = {v->number, v->text};
        setting_value kept;

        REQUIRE(memchr(v->text, '\0', sizeof v->text));
        if (!rule || !setting_is_sound(rule, value))
            continue;
        settings_put(&l->settings, rule, value);
        kept = settings_get(&l->settings, rule);
        REQUIRE(setting_equal(rule, kept, value) && setting_is_sound(rule, kept));
    }
    l->reports++;
}

/* As a terminal with a camera that always sees a good face. */
static void take_order(void *self, const CaptureOrder *order)
{
    listener *l = self;

    REQUIRE(memchr(order->again_reason, '\0', sizeof order->again_reason));
    switch (order->step) {
    case smartpass_link_v1_CaptureStep_CAPTURE_STEP_TAKE:
        photo_task_take(&l->photo, order->id, order->again_reason[0] != '\0', order->time_left_ms, 0);
        photo_task_taken(&l->photo, PICTURE_SIZE);
        break;
    case smartpass_link_v1_CaptureStep_CAPTURE_STEP_DONE:
        photo_task_done(&l->photo, order->id);
        break;
    default:
        photo_task_cancel(&l->photo, order->id);
        break;
    }
    REQUIRE(photo_task_due_ms(&l->photo) > 0 || l->photo.state == PHOTO_LOOKING);
}

/* Whatever is asked for, only what the terminal knows is begun, and only in time. */
static void take_command(void *self, const CommandOrder *message)
{
    const command_order asked = {message->id, (int)message->kind, message->not_after_ms, message->left_ms};
    const order_circumstances at = {.clock_synced = true, .now_ms = 1, .can_switch = true};
    const order_verdict verdict = order_judge(&asked, &at);

    (void)self;
    REQUIRE(verdict.state >= ORDER_BEGUN && verdict.state <= ORDER_EXPIRED && strlen(verdict.reason) <= 32);
    if (verdict.state == ORDER_BEGUN)
        REQUIRE(asked.kind >= ORDER_OPEN_DOOR && asked.kind <= ORDER_RESET && asked.left_ms > 0 &&
                asked.not_after_ms > 1);
}

static void take_command_ack(void *self, int64_t id)
{
    (void)self, (void)id;
}

static bool send_part(void *self, ConnectRequest *ret_message)
{
    listener *l = self;
    uint32_t size = photo_task_part(&l->photo);
    CaptureChunk *chunk = &ret_message->message.capture_chunk;

    if (size == 0)
        return false;
    REQUIRE(l->photo.sent + size <= PICTURE_SIZE && size <= sizeof chunk->data.bytes);
    ret_message->which_message = smartpass_link_v1_ConnectRequest_capture_chunk_tag;
    *chunk = (CaptureChunk){.id = l->photo.id, .offset = l->photo.sent, .total = l->photo.total};
    chunk->data.size = (pb_size_t)size;
    photo_task_sent(&l->photo, size);
    return true;
}

static bool report(void *self, ConnectRequest *ret_message)
{
    listener *l = self;

    if (photo_task_say(&l->photo) != PHOTO_SAYS_NOTHING) {
        ret_message->which_message = smartpass_link_v1_ConnectRequest_capture_tag;
        ret_message->message.capture = (CaptureReport){.id = l->photo.id};
        return true;
    }
    if (l->reports == 0)
        return false;
    l->reports--;
    ret_message->which_message = smartpass_link_v1_ConnectRequest_settings_tag;
    memset(&ret_message->message.settings, 0, sizeof ret_message->message.settings);
    return true;
}

static bool send_lines(void *self, ConnectRequest *ret_message)
{
    LogBatch *batch = &ret_message->message.log;

    (void)self;
    ret_message->which_message = smartpass_link_v1_ConnectRequest_log_tag;
    memset(batch, 0, sizeof *batch);
    batch->lines_count = 1;
    batch->lines[0].number = 7;
    memcpy(batch->lines[0].event, "STARTED", sizeof "STARTED");
    return true;
}

static void lines_acked(void *self, uint64_t number)
{
    (void)self, (void)number;
}

static void heartbeat(void *self, Heartbeat *ret_heartbeat)
{
    (void)self;
    ret_heartbeat->people_count = 1;
}

static void nothing(void *self)
{
    (void)self;
}

static void wiped(void *self, const char *reason, int64_t order)
{
    (void)self, (void)reason, (void)order;
}

static void state_changed(void *self, link_state state, const grpc_outcome *why)
{
    (void)self, (void)state, (void)why;
}

/* ---- Down ---- */

static void check_answers(terminal_link *l)
{
    static uint8_t out[LINK_MESSAGE_MAX];
    size_t size, answers = 0;
    unsigned kind;

    while (answers < ANSWERS_MAX && (size = link_outbox_next(l, out)) != GRPC_NOTHING_NOW) {
        REQUIRE(size <= sizeof out);
        REQUIRE(link_server_takes(out, size, &kind, NULL) && kind != 0);
        answers++;
    }
    REQUIRE(l->upload.acked_seq <= l->upload.last_seq && l->upload.sent_seq <= l->upload.last_seq);
    REQUIRE(l->upload.picture.acked <= PICTURE_SIZE && l->upload.picture.sent <= PICTURE_SIZE);
}

static bool take_frame(void *self, const uint8_t *message, size_t size)
{
    terminal_link *l = self;

    REQUIRE(size <= LINK_MESSAGE_MAX);
    if (!link_inbox_take(l, message, size))
        return false;
    check_answers(l);
    return true;
}

static terminal_link *make_link(short_journal *j, listener *owner)
{
    static link_scratch scratch;
    static const endpoint server = {"localhost:7788", "localhost", "7788"};
    static credentials c;
    static grpc_call *ended; /* the conversation is driven from here, not by a connection */
    const link_habits habits = link_habits_usual();
    const link_owner calls = {
        .self = owner,
        .hello = hello,
        .welcomed = welcomed,
        .server_time = take_time,
        .people = take_people,
        .photo = take_photo,
        .settings = take_settings,
        .photo_order = take_order,
        .command = take_command,
        .command_acked = take_command_ack,
        .report = report,
        .photo_part = send_part,
        .log_lines = send_lines,
        .log_acked = lines_acked,
        .heartbeat = heartbeat,
        .records_acked = nothing,
        .hung_up = nothing,
        .epoch_taken = nothing,
        .wiped = wiped,
        .state_changed = state_changed,
    };
    const grpc_patience patience = grpc_patience_usual();
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    terminal_link *l = terminal_link_new(&server, &c, &j->base, &scratch, &calls, &habits);

    REQUIRE(l);
    if (!ended)
        ended = grpc_call_new(NULL, &nowhere, sizeof nowhere, server.authority, server.host, "/", &patience,
                              (grpc_traffic){0}, 0);
    REQUIRE(ended && grpc_call_is(ended) == GRPC_CALL_ENDED);
    l->call = ended;
    return l;
}

static void go_down(const uint8_t *data, size_t size)
{
    static grpc_deframer frames;
    short_journal j = {.base = {&ops, {.epoch = 1, .last_seq = RECORDS, .waiting_pictures = 1}}, .picture_waits = true};
    listener owner = {.settings = settings_factory()};
    terminal_link *l;
    size_t piece;

    if (size < 1)
        return;
    piece = data[0] % 32 + 1;
    data++, size--;
    l = make_link(&j, &owner);
    l->hello_due = true;
    check_answers(l);
    grpc_deframer_init(&frames);
    while (size > 0) {
        size_t n = piece < size ? piece : size;

        if (grpc_deframer_feed(&frames, data, n, take_frame, l) != GRPC_FRAME_DONE)
            break;
        data += n;
        size -= n;
    }
    terminal_link_beat(l);
    check_answers(l);
    l->call = NULL;
    terminal_link_free(l);
}

/* ---- Up ---- */

static bool terminal_reads(const uint8_t *bytes, size_t size, ConnectRequest *ret)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);

    return pb_decode(&stream, smartpass_link_v1_ConnectRequest_fields, ret);
}

static void go_up(const uint8_t *data, size_t size)
{
    static ConnectRequest read;
    static uint8_t out[LINK_MESSAGE_MAX];
    unsigned kind;

    byte_buffer packed;

    byte_buffer_init(&packed, sizeof out);
    /* nanopb takes no negative number for an enum, and protobuf-c does. */
    if (link_server_takes(data, size, &kind, &packed) && terminal_reads(packed.data, packed.size, &read)) {
        REQUIRE(kind == (unsigned)read.which_message);
        if (kind != 0) {
            size_t written = connect_request_encode(&read, out, sizeof out);

            REQUIRE(written > 0 && link_server_takes(out, written, &kind, NULL));
        }
    }
    byte_buffer_done(&packed);
}

/* ---- Trailers ---- */

static void read_trailers(const uint8_t *data, size_t size)
{
    grpc_headers headers;
    const uint8_t *end = data + size;

    grpc_headers_init(&headers);
    while (data < end) {
        const uint8_t *line = memchr(data, '\n', (size_t)(end - data));
        const uint8_t *stop = line ? line : end, *equals = memchr(data, '=', (size_t)(stop - data));

        if (equals)
            grpc_headers_take(&headers, data, (size_t)(equals - data), equals + 1, (size_t)(stop - equals - 1));
        data = line ? line + 1 : end;
    }
    for (int clean = 0; clean <= 1; clean++) {
        grpc_outcome outcome = grpc_headers_outcome(&headers, clean);

        REQUIRE(outcome.code <= SP_UNAUTHENTICATED);
        REQUIRE(memchr(outcome.message, '\0', sizeof outcome.message));
        REQUIRE(utf8_is_valid(outcome.message, strlen(outcome.message)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    switch (data[0] % 3) {
    case 0:
        go_down(data + 1, size - 1);
        break;
    case 1:
        go_up(data + 1, size - 1);
        break;
    default:
        read_trailers(data + 1, size - 1);
        break;
    }
    return 0;
}
