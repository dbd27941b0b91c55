/* Pictures of passes, part by part. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blobs.h"
#include "hall.h"
#include "hash.h"
#include "link_tests.h"
#include "pass_store.h"

enum { PICTURE = 50000, PART = 16384 };

static int64_t enterprise, device;
static station gate;
static uint8_t picture[PICTURE], sha[SHA256_SIZE];

/* A terminal that has sent record 1, whose picture is to come. */
static void up(void)
{
    PassRecord record = world_record(1), *list[] = {&record};

    hall_up();
    for (size_t i = 0; i < PICTURE; i++)
        picture[i] = (uint8_t)(i * 7 >> 2);
    memcpy(picture, "\xff\xd8\xff\xe0", 4);
    assert_done(sha256_of(picture, PICTURE, sha));
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
    station_open(&gate, enterprise, device);
    station_hello(&gate, &(hello){.epoch = 1});
    record.snapshot_sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    ck_assert(station_send_records(&gate, 1, list, 1));
    station_record_ack(&gate);
}

static void down(void)
{
    station_close(&gate);
    hall_down();
}

static SnapshotChunk part_at(size_t offset)
{
    SnapshotChunk part = SNAPSHOT_CHUNK_INIT;
    size_t left = PICTURE - offset;

    part.store_epoch = 1;
    part.seq = 1;
    part.sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    part.offset = (uint32_t)offset;
    part.total = PICTURE;
    part.data = (ProtobufCBinaryData){left < PART ? left : PART, picture + offset};
    return part;
}

static const SnapshotAck *send(const SnapshotChunk *part)
{
    ck_assert(station_send_snapshot(&gate, part));
    return station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_SNAPSHOT_ACK)->snapshot_ack;
}

static void send_all(void)
{
    for (size_t offset = 0; offset < PICTURE; offset += PART) {
        const SnapshotChunk part = part_at(offset);
        const SnapshotAck *ack = send(&part);
        ck_assert(!ack->refused);
        ck_assert_uint_eq(ack->next_offset, offset + part.data.len);
        ck_assert_mem_eq(ack->sha256.data, sha, SHA256_SIZE);
    }
}

static int64_t pass_id(void)
{
    return atoll(fixture_sql("SELECT id FROM pass_record WHERE device_id = %lld", (long long)device));
}

static int stored(void)
{
    return atoi(fixture_sql("SELECT count(*) FROM pass_snapshot WHERE device_id = %lld", (long long)device));
}

START_TEST(a_picture_is_stored_for_good_and_can_be_read)
{
    const uint8_t *read;
    int64_t blob;
    size_t size;
    arena a;
    db_tx *tx;

    send_all();
    ck_assert(hall_was_told("snapshot %lld;", (long long)pass_id()));
    arena_init(&a, 4 << 20);
    assert_done(db_begin(hall_app, enterprise, &a, &tx));
    assert_done(pass_store_snapshot(tx, enterprise, db_null(), pass_id(), &blob));
    assert_done(blob_get(hall_blobs, tx, enterprise, blob, &read, &size));
    ck_assert_uint_eq(size, PICTURE);
    ck_assert_mem_eq(read, picture, PICTURE);
    db_rollback(tx);
    arena_done(&a);
    ck_assert_str_eq(
        fixture_sql("SELECT k.owner = 'strangers:' || (now() AT TIME ZONE 'UTC')::date FROM pass_snapshot s"
                    " JOIN blob b ON b.id = s.blob_id JOIN blob_key k ON k.id = b.key_id WHERE s.device_id = %lld",
                    (long long)device),
        "t");
}
END_TEST

/* Record 2, of this person; its picture is to come. */
static int64_t somebody_passes(void)
{
    PassRecord record = world_record(2), *list[] = {&record};

    record.person_id = world_person(enterprise, "0007", "Ann");
    record.snapshot_sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    ck_assert(station_send_records(&gate, 1, list, 1));
    station_record_ack(&gate);
    return record.person_id;
}

static const SnapshotAck *send_part_of_second(size_t offset)
{
    SnapshotChunk part = part_at(offset);

    part.seq = 2;
    return send(&part);
}

START_TEST(a_picture_of_a_known_person_is_under_that_persons_key)
{
    char owner[40];

    snprintf(owner, sizeof owner, "person:%lld", (long long)somebody_passes());
    for (size_t offset = 0; offset < PICTURE; offset += PART)
        send_part_of_second(offset);
    ck_assert_str_eq(fixture_sql("SELECT k.owner FROM pass_snapshot s JOIN blob b ON b.id = s.blob_id"
                                 " JOIN blob_key k ON k.id = b.key_id WHERE s.device_id = %lld",
                                 (long long)device),
                     owner);
}
END_TEST

START_TEST(no_picture_is_kept_of_a_person_who_is_gone)
{
    int64_t somebody = somebody_passes();

    ck_assert(!send_part_of_second(0)->refused);
    fixture_sql("DELETE FROM person WHERE id = %lld", (long long)somebody);
    for (size_t offset = PART; offset < PICTURE; offset += PART) /* what was under way when he was erased */
        ck_assert_int_eq(send_part_of_second(offset)->refused, offset + PART >= PICTURE);
    ck_assert(send_part_of_second(0)->refused);
    ck_assert_int_eq(stored(), 0);
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM blob_key WHERE owner = 'person:%lld'", (long long)somebody),
                     "0");
}
END_TEST

START_TEST(a_picture_that_is_stored_is_not_wanted_again)
{
    const SnapshotChunk first = part_at(0);

    send_all();
    const SnapshotAck *ack = send(&first);
    ck_assert(!ack->refused);
    ck_assert_uint_eq(ack->next_offset, PICTURE);
    ck_assert_int_eq(stored(), 1);
}
END_TEST

START_TEST(a_lost_part_is_asked_for_again)
{
    const SnapshotChunk first = part_at(0), second = part_at(PART), third = part_at(2 * PART);

    send(&first);
    ck_assert_uint_eq(send(&third)->next_offset, PART);
    ck_assert_uint_eq(send(&first)->next_offset, PART);
    ck_assert_uint_eq(send(&second)->next_offset, 2 * PART);
}
END_TEST

static void reconnect(void)
{
    station_close(&gate);
    station_open(&gate, enterprise, device);
    station_hello(&gate, &(hello){.epoch = 1});
}

START_TEST(after_a_reconnect_the_picture_goes_on_where_it_was)
{
    const SnapshotChunk first = part_at(0), second = part_at(PART), third = part_at(2 * PART), last = part_at(3 * PART);

    send(&first);
    reconnect();
    ck_assert_uint_eq(send(&second)->next_offset, 2 * PART);
    reconnect();
    ck_assert_uint_eq(send(&first)->next_offset, 2 * PART); /* a terminal that does not know how far it was */
    ck_assert_uint_eq(send(&third)->next_offset, 3 * PART);
    ck_assert_uint_eq(send(&last)->next_offset, PICTURE);
    ck_assert_int_eq(stored(), 1);
}
END_TEST

START_TEST(a_second_stream_takes_over_what_the_first_has_sent)
{
    const SnapshotChunk first = part_at(0), second = part_at(PART);
    station former = gate;

    send(&first);
    station_open(&gate, enterprise, device);
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert_uint_eq(send(&second)->next_offset, 2 * PART);
    station_close(&former);
}
END_TEST

START_TEST(after_a_reconnect_another_picture_begins_at_its_beginning)
{
    PassRecord record = world_record(2), *list[] = {&record};
    SnapshotChunk first = part_at(0), second = part_at(PART);

    record.snapshot_sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    send(&first);
    reconnect();
    ck_assert(station_send_records(&gate, 1, list, 1));
    station_record_ack(&gate);
    first.seq = second.seq = 2;
    ck_assert_uint_eq(send(&second)->next_offset, 0);
    ck_assert_uint_eq(send(&first)->next_offset, PART);
}
END_TEST

START_TEST(no_terminal_goes_on_with_what_another_has_sent)
{
    const SnapshotChunk first = part_at(0), second = part_at(PART);
    PassRecord record = world_record(1), *list[] = {&record};

    record.snapshot_sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    send(&first);
    station_close(&gate);
    station_open(&gate, enterprise, world_device(enterprise, "Door"));
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_records(&gate, 1, list, 1));
    station_record_ack(&gate);
    ck_assert_uint_eq(send(&second)->next_offset, 0);
}
END_TEST

START_TEST(a_picture_that_is_not_what_its_hash_says_begins_anew)
{
    for (size_t offset = 0; offset < PICTURE; offset += PART) {
        const SnapshotChunk part = part_at(offset);
        picture[PICTURE - 1] = (uint8_t)~picture[PICTURE - 1];
        const SnapshotAck *ack = send(&part);
        picture[PICTURE - 1] = (uint8_t)~picture[PICTURE - 1];
        ck_assert(!ack->refused);
        ck_assert_uint_eq(ack->next_offset, offset + PART < PICTURE ? offset + PART : 0);
    }
    ck_assert_int_eq(stored(), 0);
    send_all();
    ck_assert_int_eq(stored(), 1);
}
END_TEST

START_TEST(what_is_no_jpeg_is_refused)
{
    uint8_t text[100] = "This is no picture at all.";
    PassRecord record = world_record(2), *list[] = {&record};
    SnapshotChunk part = part_at(0);

    assert_done(sha256_of(text, sizeof text, sha));
    record.snapshot_sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    ck_assert(station_send_records(&gate, 1, list, 1));
    station_record_ack(&gate);
    part.seq = 2;
    part.total = sizeof text;
    part.data = (ProtobufCBinaryData){sizeof text, text};
    ck_assert(send(&part)->refused);
    ck_assert_int_eq(stored(), 0);
}
END_TEST

START_TEST(pictures_that_no_record_announced_are_refused)
{
    SnapshotChunk of_no_record = part_at(0), of_another_epoch = part_at(0), another_picture = part_at(0);
    uint8_t other[SHA256_SIZE] = {9};

    of_no_record.seq = 77;
    of_another_epoch.store_epoch = 2;
    another_picture.sha256.data = other;
    ck_assert(send(&of_no_record)->refused);
    ck_assert(send(&of_another_epoch)->refused);
    ck_assert(send(&another_picture)->refused);
}
END_TEST

START_TEST(parts_that_make_no_sense_are_refused)
{
    SnapshotChunk large = part_at(0), beyond = part_at(0), empty = part_at(0), short_hash = part_at(0);

    large.total = (512 << 10) + 1;
    beyond.offset = PICTURE - 5;
    empty.data.len = 0;
    short_hash.sha256.len = 20;
    ck_assert(send(&large)->refused);
    ck_assert(send(&beyond)->refused);
    ck_assert(send(&empty)->refused);
    ck_assert(send(&short_hash)->refused);
    send_all();
}
END_TEST

/* Two records may have the same picture; each gets it. */
START_TEST(a_picture_is_of_the_record_that_it_names)
{
    PassRecord record = world_record(2), *list[] = {&record};
    const SnapshotChunk first = part_at(0);
    SnapshotChunk same = part_at(0);

    record.snapshot_sha256 = (ProtobufCBinaryData){SHA256_SIZE, sha};
    ck_assert(station_send_records(&gate, 1, list, 1));
    station_record_ack(&gate);
    send(&first);
    same.seq = 2;
    ck_assert_uint_eq(send(&same)->next_offset, PART);
    same = part_at(PART);
    same.seq = 77;
    ck_assert_uint_eq(send(&same)->next_offset, 0);
    for (size_t offset = PART; offset < PICTURE; offset += PART) {
        same = part_at(offset);
        same.seq = 2;
        send(&same);
    }
    ck_assert_str_eq(
        fixture_sql("SELECT string_agg(seq::text, ' ') FROM pass_snapshot WHERE device_id = %lld", (long long)device),
        "2");
    send_all();
    ck_assert_int_eq(stored(), 2);
}
END_TEST

TCase *snapshot_tests(void)
{
    TCase *tests = tcase_create("snapshots");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_picture_is_stored_for_good_and_can_be_read);
    tcase_add_test(tests, a_picture_of_a_known_person_is_under_that_persons_key);
    tcase_add_test(tests, no_picture_is_kept_of_a_person_who_is_gone);
    tcase_add_test(tests, a_picture_that_is_stored_is_not_wanted_again);
    tcase_add_test(tests, a_lost_part_is_asked_for_again);
    tcase_add_test(tests, after_a_reconnect_the_picture_goes_on_where_it_was);
    tcase_add_test(tests, a_second_stream_takes_over_what_the_first_has_sent);
    tcase_add_test(tests, after_a_reconnect_another_picture_begins_at_its_beginning);
    tcase_add_test(tests, no_terminal_goes_on_with_what_another_has_sent);
    tcase_add_test(tests, a_picture_that_is_not_what_its_hash_says_begins_anew);
    tcase_add_test(tests, what_is_no_jpeg_is_refused);
    tcase_add_test(tests, pictures_that_no_record_announced_are_refused);
    tcase_add_test(tests, parts_that_make_no_sense_are_refused);
    tcase_add_test(tests, a_picture_is_of_the_record_that_it_names);
    return tests;
}
