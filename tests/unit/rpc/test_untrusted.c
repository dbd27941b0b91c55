#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "room.h"
#include "suite.h"

static const rpc_limit *limits;
static size_t limit_count;
static const char *field;

static void begin(void)
{
    limits = room_service.limits;
    limit_count = room_service.limit_count;
    field = "untouched";
}

static const char *judge(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t size)
{
    return rpc_prescan(descriptor, bytes, size, limits, limit_count, &field).reason;
}

#define JUDGE_NOTE(bytes) judge(&room__v1__note__descriptor, bytes, sizeof(bytes) - 1)
#define JUDGE_FORM(bytes) judge(&room__v1__form__descriptor, bytes, sizeof(bytes) - 1)

/* Note.child in Note.child in …, so many levels below the first. */
static uint8_t *nest(int levels, size_t *ret_size)
{
    size_t space = (size_t)levels * 6 + 16;
    uint8_t *bytes = malloc(space);
    uint8_t *at = bytes + space;
    size_t size = 0;

    for (int i = 0; i < levels; i++) {
        uint8_t length[5];
        size_t n = 0;

        for (size_t rest = size;; rest >>= 7) {
            length[n++] = (uint8_t)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
            if (rest < 0x80)
                break;
        }
        at -= n;
        memcpy(at, length, n);
        *--at = 0x2a;
        size += n + 1;
    }
    memmove(bytes, at, size);
    *ret_size = size;
    return bytes;
}

/* Bytes and the text between them belong on one line. */
/* clang-format off */

START_TEST(well_formed_messages_pass)
{
    ck_assert_str_eq(JUDGE_NOTE(""), "");
    ck_assert_str_eq(JUDGE_NOTE("\x0a\x03" "abc" "\x10\x96\x01" "\x1a\x02\xff\x00"), "");
    ck_assert_str_eq(JUDGE_NOTE("\x0a\x04\xf0\x9f\x9a\xaa"), "");          /* a door */
    ck_assert_str_eq(JUDGE_NOTE("\x32\x03\x01\x02\x03\x30\x04"), "");      /* packed and single */
    ck_assert_str_eq(JUDGE_NOTE("\x41" "12345678" "\x4d" "1234"), "");     /* double, fixed32 */
    ck_assert_str_eq(JUDGE_NOTE("\xfa\x01\x02zz" "\xf8\x01\x05" "\xfd\x01" "1234" "\xf9\x01" "12345678"), "");
    ck_assert_ptr_null(field);
}
END_TEST

START_TEST(malformed_messages_are_refused)
{
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        {"\x0a", 1},                              /* a tag without its length */
        {"\x0a\x05" "abc", 5},                    /* shorter than it says */
        {"\x0a\xff\xff\xff\xff\x0f", 6},          /* far longer than there is */
        {"\x10\x80", 2},                          /* varint without an end */
        {"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12}, /* eleven bytes of varint */
        {"\x08\x01", 2},                          /* a string as a varint */
        {"\x12\x01" "a", 3},                      /* a number as a string */
        {"\x02\x00", 2},                          /* field number 0 */
        {"\x0b", 1},                              /* a group */
        {"\x0f", 1},                              /* a wire type that is none */
        {"\xff\xff\xff\xff\xff\x01\x00", 7},      /* a tag of six bytes */
        {"\x41" "1234567", 8},                    /* half a double */
        {"\x32\x02\x01\x80", 4},                  /* packed varint without an end */
        {"\x2a\x02\x0a\x05", 4},                  /* malformed inside */
        {"\xfa\x01\x05zz", 5},                    /* unknown, too short */
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(strcmp(judge(&room__v1__note__descriptor, bad[i].bytes, bad[i].size), "MALFORMED_MESSAGE") == 0,
                      "case %zu passes", i);
        ck_assert_ptr_null(field);
    }
}
END_TEST

START_TEST(strings_must_be_utf8_without_nul)
{
    ck_assert_str_eq(JUDGE_NOTE("\x0a\x02\xc3\x28"), "MALFORMED_MESSAGE");
    ck_assert_str_eq(JUDGE_NOTE("\x0a\x03" "a\0b"), "MALFORMED_MESSAGE");
    ck_assert_str_eq(JUDGE_NOTE("\x0a\x03\xed\xa0\x80"), "MALFORMED_MESSAGE"); /* a surrogate */
    ck_assert_str_eq(JUDGE_NOTE("\x22\x01\xff"), "MALFORMED_MESSAGE");         /* in a list */
    ck_assert_str_eq(JUDGE_NOTE("\x2a\x03\x0a\x01\xff"), "MALFORMED_MESSAGE"); /* in a child */
    ck_assert_str_eq(JUDGE_NOTE("\x1a\x01\xff"), "");                          /* bytes are bytes */
}
END_TEST

START_TEST(sixty_four_levels_are_deep_enough)
{
    size_t size;
    uint8_t *bytes = nest(63, &size);

    ck_assert_str_eq(judge(&room__v1__note__descriptor, bytes, size), "");
    free(bytes);
    bytes = nest(64, &size);
    ck_assert_str_eq(judge(&room__v1__note__descriptor, bytes, size), "MALFORMED_MESSAGE");
    free(bytes);
    bytes = nest(100000, &size);
    ck_assert_str_eq(judge(&room__v1__note__descriptor, bytes, size), "MALFORMED_MESSAGE");
    free(bytes);
}
END_TEST

START_TEST(limits_name_their_field)
{
    char text[3 + 257] = "\x0a\x81\x02";

    memset(text + 3, 'a', 257);
    ck_assert_str_eq(judge(&room__v1__note__descriptor, text, sizeof text), "FIELD_TOO_LONG");
    ck_assert_str_eq(field, "text");
    text[1] = (char)0x80;
    ck_assert_str_eq(judge(&room__v1__note__descriptor, text, sizeof text - 1), "");

    ck_assert_str_eq(JUDGE_NOTE("\x22\x09" "nine char"), "FIELD_TOO_LONG");
    ck_assert_str_eq(field, "tags");
    ck_assert_str_eq(JUDGE_NOTE("\x22\x00\x22\x00\x22\x00"), "");
    ck_assert_str_eq(JUDGE_NOTE("\x22\x00\x22\x00\x22\x00\x22\x00"), "TOO_MANY_ITEMS");
    ck_assert_str_eq(field, "tags");
    ck_assert_str_eq(JUDGE_NOTE("\x32\x04\x01\x02\x03\x04"), "");
    ck_assert_str_eq(JUDGE_NOTE("\x32\x04\x01\x02\x03\x04\x30\x05"), "TOO_MANY_ITEMS");
    ck_assert_str_eq(field, "counts");
}
END_TEST

START_TEST(each_message_of_a_list_is_counted_by_itself)
{
    /* two notes of two tags each */
    ck_assert_str_eq(JUDGE_NOTE("\x3a\x04\x22\x00\x22\x00\x3a\x04\x22\x00\x22\x00"), "");
}
END_TEST

START_TEST(required_means_present_and_not_empty)
{
    ck_assert_str_eq(JUDGE_FORM("\x0a\x01" "a"), "");
    ck_assert_str_eq(JUDGE_FORM(""), "FIELD_REQUIRED");
    ck_assert_str_eq(field, "name");
    ck_assert_str_eq(JUDGE_FORM("\x0a\x00"), "FIELD_REQUIRED");
    ck_assert_str_eq(JUDGE_FORM("\x0a\x01" "a\x0a\x00"), "FIELD_REQUIRED"); /* the last one counts */
    limit_count = 0;
    ck_assert_str_eq(JUDGE_FORM(""), "");
}
END_TEST

START_TEST(scalars_can_be_required_too)
{
    static const rpc_limit rows[] = {
        {.message = &room__v1__note__descriptor, .field = 2, .required = true},
        {.message = &room__v1__note__descriptor, .field = 5, .required = true},
    };

    limits = rows;
    limit_count = 2;
    ck_assert_str_eq(JUDGE_NOTE("\x10\x01"), "FIELD_REQUIRED");
    ck_assert_str_eq(field, "child");
    ck_assert_str_eq(JUDGE_NOTE("\x10\x00\x2a\x00"), "FIELD_REQUIRED");
    ck_assert_str_eq(field, "number");
    ck_assert_str_eq(JUDGE_NOTE("\x10\x01\x2a\x06\x10\x01\x2a\x02\x10\x01"), "FIELD_REQUIRED"); /* far inside */
}
END_TEST

START_TEST(what_passes_unpacks_within_its_cap)
{
    static const char bytes[] = "\x0a\x03" "abc" "\x2a\x02\x10\x07" "\x22\x01x\x22\x01y" "\xfa\x01\x02zz";
    arena a;

    arena_init(&a, 1 << 20);

    Note *note = (Note *)rpc_unpack(&room__v1__note__descriptor, &a, (const uint8_t *)bytes, sizeof bytes - 1);

    ck_assert_ptr_nonnull(note);
    ck_assert_str_eq(note->text, "abc");
    ck_assert_int_eq(note->child->number, 7);
    ck_assert_uint_eq(note->n_tags, 2);
    ck_assert_str_eq(note->tags[1], "y");
    arena_done(&a);
}
END_TEST

/* clang-format on */

START_TEST(amplification_stops_at_the_cap)
{
    size_t size = 1 << 20;
    uint8_t *bytes = malloc(size);
    arena a;

    for (size_t i = 0; i < size; i += 2) { /* half a million empty notes */
        bytes[i] = 0x3a;
        bytes[i + 1] = 0;
    }
    limit_count = 0;
    ck_assert_str_eq(judge(&room__v1__note__descriptor, bytes, size), "");
    arena_init(&a, 16 << 20);
    ck_assert_ptr_null(rpc_unpack(&room__v1__note__descriptor, &a, bytes, size));
    ck_assert_uint_le(a.taken, 16 << 20);
    arena_done(&a);
    free(bytes);
}
END_TEST

/* Bytes that nobody has thought of: neither prescan nor what it lets pass may hurt. */
START_TEST(random_bytes_do_no_harm)
{
    unsigned passed = 0;

    srandom(7);
    for (int round = 0; round < 200000; round++) {
        uint8_t bytes[24];
        size_t size = (size_t)random() % sizeof bytes;
        arena a;

        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)(random() % (i % 3 == 0 ? 12 : 256));
        if (size > 0)
            bytes[0] = (uint8_t)((random() % 9 + 1) << 3 | (random() % 2 == 0 ? 2 : random() % 6));
        if (strcmp(judge(&room__v1__note__descriptor, bytes, size), "") != 0)
            continue;
        passed++;
        arena_init(&a, 1 << 20);
        rpc_unpack(&room__v1__note__descriptor, &a, bytes, size);
        arena_done(&a);
    }
    ck_assert_uint_gt(passed, 5000);
}
END_TEST

/* ---- the same at a server's door ---- */

static room here;
static rpc_client *client;

static void open_room(void)
{
    begin();
    room_open(&here, &(rpc_server_options){.workers = 2, .max_message = 1 << 20, .arena_cap = 4 << 20});
    client = room_client(&here);
}

static void close_room(void)
{
    /* Unharmed: the next call is served. */
    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
    rpc_client_free(client);
    room_close(&here);
}

typedef struct {
    atomic_bool done;
    sp_code code;
    char reason[64];
} outcome;

static void take_outcome(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    outcome *o = context;

    (void)call;
    o->code = answer->status.code;
    strncpy(o->reason, answer->status.reason, sizeof o->reason - 1);
    atomic_store(&o->done, true);
}

static void ignore_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    (void)bytes;
    (void)size;
    rpc_raw_read(call);
}

static outcome deliver(int slot, const void *bytes, size_t size)
{
    static const rpc_raw_events events = {.message = ignore_message, .done = take_outcome};
    outcome o = {.done = false};
    rpc_raw_call *call = rpc_raw_start(client, room_service.methods[slot].path, NULL, &events, &o);

    rpc_raw_write(call, bytes, size, true);
    rpc_raw_read(call);
    for (int i = 0; i < 1000 && !atomic_load(&o.done); i++)
        sleep_ms(10);
    ck_assert(atomic_load(&o.done));
    return o;
}

START_TEST(ten_thousand_levels_are_an_invalid_argument)
{
    size_t size;
    uint8_t *bytes = nest(10000, &size);

    for (int slot = ROOM_ECHO; slot <= ROOM_CHAT; slot++) {
        if (slot == ROOM_ABSENT || slot == ROOM_PLAY || slot == ROOM_COUNT)
            continue;

        outcome o = deliver(slot, bytes, size);

        ck_assert_int_eq(o.code, SP_INVALID_ARGUMENT);
        ck_assert_str_eq(o.reason, "MALFORMED_MESSAGE");
    }
    free(bytes);
}
END_TEST

START_TEST(invalid_utf8_and_rubbish_are_invalid_arguments)
{
    outcome o = deliver(ROOM_ECHO, "\x0a\x02\xc3\x28", 4);

    ck_assert_int_eq(o.code, SP_INVALID_ARGUMENT);
    ck_assert_str_eq(o.reason, "MALFORMED_MESSAGE");
    o = deliver(ROOM_ECHO_INLINE, "\xff\xff\xff", 3);
    ck_assert_int_eq(o.code, SP_INVALID_ARGUMENT);
    o = deliver(ROOM_COUNT, "\xff\xff\xff", 3);
    ck_assert_int_eq(o.code, SP_INVALID_ARGUMENT);
}
END_TEST

/* A call that has arrived and never gets a message: what its interceptors were told. */
static int outcome_without_message(int slot, void (*leave)(rpc_raw_call *call))
{
    static const rpc_raw_events events = {.message = ignore_message, .done = take_outcome};
    int ended = atomic_load(&seen.ends);
    outcome o = {.done = false};
    rpc_raw_call *call = rpc_raw_start(client, room_service.methods[slot].path, NULL, &events, &o);

    sleep_ms(50); /* what it opened with is on its way */
    leave(call);
    rpc_raw_read(call);
    for (int i = 0; i < 1000 && !atomic_load(&o.done); i++)
        sleep_ms(10);
    ck_assert(atomic_load(&o.done));
    ck_assert(room_sees(&seen.ends, ended + 1));
    return atomic_load(&seen.last_outcome);
}

START_TEST(who_leaves_before_his_message_is_gone_and_sent_nothing_wrong)
{
    static const int slots[] = {ROOM_ECHO, ROOM_ECHO_INLINE, ROOM_PLAY};

    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        ck_assert_int_eq(outcome_without_message(slots[i], rpc_raw_cancel), SP_CANCELLED);
        ck_assert_int_eq(outcome_without_message(slots[i], rpc_raw_half_close), SP_INVALID_ARGUMENT);
    }
}
END_TEST

START_TEST(what_is_longer_than_a_message_may_be_is_an_invalid_argument)
{
    size_t size = 5 << 20;
    uint8_t *bytes = calloc(1, size);
    outcome o = deliver(ROOM_ECHO, bytes, size);

    ck_assert_int_eq(o.code, SP_INVALID_ARGUMENT);
    ck_assert_str_eq(o.reason, "MESSAGE_TOO_LONG");
    o = deliver(ROOM_CHAT, bytes, size);
    ck_assert_int_eq(o.code, SP_INVALID_ARGUMENT);
    ck_assert_str_eq(o.reason, "MESSAGE_TOO_LONG");
    free(bytes);
}
END_TEST

/* Resident memory of this process, in MiB. */
static long resident_mib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE) >> 20;
}

/* The core takes a whole message in before anybody can judge its length. */
START_TEST(one_message_cannot_take_all_memory)
{
    enum { LONG_MIB = 300, ALLOWED_MIB = 32 };
    room narrow;
    size_t size = (size_t)LONG_MIB << 20;
    uint8_t *bytes = calloc(1, size);
    outcome o;

    ck_assert_ptr_nonnull(bytes);
    memset(bytes, 1, size); /* resident from now on, as the client's copy of it will be */
    room_open(&narrow, &(rpc_server_options){.workers = 2, .max_buffered = ALLOWED_MIB << 20});
    rpc_client_free(client);
    client = room_client(&narrow);

    long before_mib = resident_mib();

    o = deliver(ROOM_ECHO, bytes, size);
    ck_assert_int_eq(o.code, SP_RESOURCE_EXHAUSTED);
    ck_assert_int_lt(resident_mib() - before_mib, LONG_MIB * 3 / 2); /* the other half would be the server's copy */
    free(bytes);
    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
    rpc_client_free(client);
    room_close(&narrow);
    client = room_client(&here);
}
END_TEST

START_TEST(what_would_fill_memory_is_exhausted)
{
    size_t size = 900000;
    uint8_t *bytes = malloc(size);

    for (size_t i = 0; i < size; i += 2) {
        bytes[i] = 0x3a;
        bytes[i + 1] = 0;
    }

    outcome o = deliver(ROOM_ECHO, bytes, size);

    ck_assert_int_eq(o.code, SP_RESOURCE_EXHAUSTED);
    ck_assert_str_eq(o.reason, "MESSAGE_TOO_COMPLEX");
    free(bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("untrusted bytes");
    TCase *alone = tcase_create("prescan");
    TCase *served = tcase_create("served");

    tcase_add_checked_fixture(alone, begin, NULL);
    tcase_set_timeout(alone, 60);
    tcase_add_test(alone, well_formed_messages_pass);
    tcase_add_test(alone, malformed_messages_are_refused);
    tcase_add_test(alone, strings_must_be_utf8_without_nul);
    tcase_add_test(alone, sixty_four_levels_are_deep_enough);
    tcase_add_test(alone, limits_name_their_field);
    tcase_add_test(alone, each_message_of_a_list_is_counted_by_itself);
    tcase_add_test(alone, required_means_present_and_not_empty);
    tcase_add_test(alone, scalars_can_be_required_too);
    tcase_add_test(alone, what_passes_unpacks_within_its_cap);
    tcase_add_test(alone, amplification_stops_at_the_cap);
    tcase_add_test(alone, random_bytes_do_no_harm);
    suite_add_tcase(suite, alone);

    tcase_add_checked_fixture(served, open_room, close_room);
    tcase_set_timeout(served, 60);
    tcase_add_test(served, ten_thousand_levels_are_an_invalid_argument);
    tcase_add_test(served, invalid_utf8_and_rubbish_are_invalid_arguments);
    tcase_add_test(served, who_leaves_before_his_message_is_gone_and_sent_nothing_wrong);
    tcase_add_test(served, what_is_longer_than_a_message_may_be_is_an_invalid_argument);
    tcase_add_test(served, one_message_cannot_take_all_memory);
    tcase_add_test(served, what_would_fill_memory_is_exhausted);
    suite_add_tcase(suite, served);
    return suite_run(suite);
}
