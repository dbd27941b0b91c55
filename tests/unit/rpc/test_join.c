/* Messages that come in pieces, against what protobuf says they mean. */
#include "join.h"

#include <check.h>
#include <string.h>

#include "google/protobuf/struct.pb-c.h"
#include "message.h"
#include "room.h"
#include "suite.h"

/* Bytes and the text between them belong on one line. */
/* clang-format off */

static const struct {
    const char *name;
    const ProtobufCMessageDescriptor *type;
    const char *in;
    size_t size;
    const char *out;
    size_t out_size;
} cases[] = {
#define CASE(name, type, in, out) {name, &type, in, sizeof(in) - 1, out, sizeof(out) - 1}
    CASE("nothing", room__v1__note__descriptor, "", ""),
    CASE("no message in it", room__v1__note__descriptor, "\x10\x05" "\x0a\x01" "a", "\x10\x05" "\x0a\x01" "a"),
    CASE("one piece", room__v1__note__descriptor, "\x2a\x02\x10\x05", "\x2a\x02\x10\x05"),
    CASE("two pieces", room__v1__note__descriptor, "\x2a\x02\x10\x05" "\x2a\x03\x0a\x01" "a",
         "\x2a\x05\x10\x05\x0a\x01" "a"),
    CASE("pieces with something between", room__v1__note__descriptor, "\x2a\x02\x10\x05" "\x10\x07" "\x2a\x02\x10\x06",
         "\x10\x07" "\x2a\x04\x10\x05\x10\x06"),
    CASE("pieces of pieces", room__v1__note__descriptor, "\x2a\x04\x2a\x02\x10\x01" "\x2a\x04\x2a\x02\x10\x02",
         "\x2a\x06\x2a\x04\x10\x01\x10\x02"),
    CASE("pieces within an item", room__v1__note__descriptor, "\x3a\x08\x2a\x02\x10\x01\x2a\x02\x10\x02",
         "\x3a\x06\x2a\x04\x10\x01\x10\x02"),
    CASE("items are no pieces", room__v1__note__descriptor, "\x3a\x02\x10\x01" "\x3a\x02\x10\x02",
         "\x3a\x02\x10\x01" "\x3a\x02\x10\x02"),
    CASE("empty pieces", room__v1__note__descriptor, "\x2a\x00" "\x2a\x00", "\x2a\x00"),
    CASE("fields that nobody knows", room__v1__note__descriptor, "\x2a\x00" "\xf8\x01\x01" "\x2a\x00",
         "\xf8\x01\x01" "\x2a\x00"),
    CASE("a long spelling of a length", room__v1__note__descriptor, "\x2a\x82\x00\x10\x01" "\x2a\x00",
         "\x2a\x02\x10\x01"),
    CASE("pieces of a oneof's member", google__protobuf__value__descriptor,
         "\x32\x04\x0a\x02\x08\x00" "\x32\x04\x0a\x02\x20\x01", "\x32\x08\x0a\x02\x08\x00\x0a\x02\x20\x01"),
    CASE("a rival takes its place", google__protobuf__value__descriptor,
         "\x32\x04\x0a\x02\x08\x00" "\x32\x00" "\x20\x01", "\x20\x01"),
    CASE("what came before the rival is gone", google__protobuf__value__descriptor,
         "\x32\x04\x0a\x02\x08\x00" "\x20\x01" "\x32\x04\x0a\x02\x20\x01",
         "\x20\x01" "\x32\x04\x0a\x02\x20\x01"),
#undef CASE
};

/* clang-format on */

START_TEST(pieces_become_one)
{
    const uint8_t *bytes = (const uint8_t *)cases[_i].in;
    size_t size = cases[_i].size;
    arena a;

    arena_init(&a, 1 << 16);
    ck_assert_msg(join_pieces(cases[_i].type, &a, &bytes, &size), "%s", cases[_i].name);
    ck_assert_msg(size == cases[_i].out_size && memcmp(bytes, cases[_i].out, size) == 0, "%s", cases[_i].name);
    arena_done(&a);
}
END_TEST

/* The length of the whole takes two bytes where each piece's took one. */
START_TEST(a_length_grows_into_the_room_of_the_pieces)
{
    uint8_t in[204], *at = in;
    const uint8_t *bytes = in;
    size_t size = sizeof in;
    arena a;

    for (int piece = 0; piece < 2; piece++) {
        *at++ = 0x2a;
        *at++ = 100;
        *at++ = 0x0a;
        *at++ = 98;
        memset(at, 'a' + piece, 98);
        at += 98;
    }
    arena_init(&a, 1 << 16);
    ck_assert(join_pieces(&room__v1__note__descriptor, &a, &bytes, &size));
    ck_assert_uint_eq(size, 203);
    ck_assert_mem_eq(bytes, "\x2a\xc8\x01\x0a\x62", 5);

    const Note *note = (const Note *)rpc_unpack(&room__v1__note__descriptor, &a, in, sizeof in);

    ck_assert_ptr_nonnull(note);
    ck_assert_int_eq(note->child->text[0], 'b');
    arena_done(&a);
}
END_TEST

START_TEST(malformed_bytes_stay_as_they_are)
{
    static const uint8_t cut[] = {0x2a, 0x02, 0x10};
    const uint8_t *bytes = cut;
    size_t size = sizeof cut;
    arena a;

    arena_init(&a, 1 << 16);
    ck_assert(!join_pieces(&room__v1__note__descriptor, &a, &bytes, &size));
    ck_assert_ptr_eq(bytes, cut);
    ck_assert_uint_eq(size, sizeof cut);
    arena_done(&a);
}
END_TEST

START_TEST(a_full_arena_joins_nothing)
{
    static const uint8_t pieces[] = {0x2a, 0x00, 0x2a, 0x00};
    const uint8_t *bytes = pieces;
    size_t size = sizeof pieces;
    prescan_fault fault;
    arena a;

    arena_init(&a, 0);
    ck_assert(!join_pieces(&room__v1__note__descriptor, &a, &bytes, &size));
    ck_assert_str_eq(message_admit(&room__v1__note__descriptor, &a, &bytes, &size, NULL, 0, &fault).reason,
                     "MESSAGE_TOO_COMPLEX");
    arena_done(&a);
}
END_TEST

static sp_status admit(const char *text, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)text;
    prescan_fault fault;
    sp_status status;
    arena a;

    arena_init(&a, 1 << 16);
    status = message_admit(&room__v1__form__descriptor, &a, &bytes, &size, room_service.limits,
                           room_service.limit_count, &fault);
    arena_done(&a);
    return status;
}

/* Form.note.counts takes four items in all, Form.name is required. */
START_TEST(limits_hold_for_the_whole_and_not_for_a_piece)
{
    static const char counts[] = "\x0a\x01n\x12\x05\x32\x03\x01\x02\x03\x12\x05\x32\x03\x04\x05\x06";
    static const char fine[] = "\x0a\x01n\x12\x05\x32\x03\x01\x02\x03\x12\x03\x32\x01\x04";

    ck_assert_str_eq(admit(counts, sizeof counts - 1).reason, "TOO_MANY_ITEMS");
    ck_assert(!sp_failed(admit(fine, sizeof fine - 1)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("join");
    TCase *tests = tcase_create("join");

    tcase_add_loop_test(tests, pieces_become_one, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, a_length_grows_into_the_room_of_the_pieces);
    tcase_add_test(tests, malformed_bytes_stay_as_they_are);
    tcase_add_test(tests, a_full_arena_joins_nothing);
    tcase_add_test(tests, limits_hold_for_the_whole_and_not_for_a_piece);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
