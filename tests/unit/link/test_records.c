/* Records over the link: acknowledged when they are stored, held back when the database is slow. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hall.h"
#include "link_tests.h"

static int64_t enterprise, device;
static station gate;

static void up(void)
{
    hall_up();
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
    station_open(&gate, enterprise, device);
}

static void down(void)
{
    station_close(&gate);
    hall_down();
}

static int stored(void)
{
    return atoi(fixture_sql("SELECT count(*) FROM pass_record WHERE enterprise_id = %lld", (long long)enterprise));
}

static void reconnect(void)
{
    station_close(&gate);
    station_open(&gate, enterprise, device);
}

START_TEST(records_are_acknowledged_when_they_are_stored)
{
    station_hello(&gate, &(hello){.epoch = 3});
    for (uint64_t batch = 0; batch < 20; batch++) {
        ck_assert(station_send_records(&gate, 3, world_records(1 + batch * 5, 5), 5));
        const RecordAck *ack = station_record_ack(&gate);
        ck_assert_uint_eq(ack->store_epoch, 3);
        ck_assert_uint_eq(ack->seq, 5 + batch * 5);
        ck_assert_int_eq(stored(), 5 + (int)batch * 5);
    }
}
END_TEST

START_TEST(the_next_welcome_says_what_is_stored)
{
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_records(&gate, 1, world_records(1, 30), 30));
    station_record_ack(&gate);
    reconnect();
    ck_assert_uint_eq(station_hello(&gate, &(hello){.epoch = 1})->acked_seq, 30);
    reconnect();
    ck_assert_uint_eq(station_hello(&gate, &(hello){.epoch = 2})->acked_seq, 0);
}
END_TEST

START_TEST(records_that_were_stored_without_an_acknowledgement_may_come_again)
{
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_records(&gate, 1, world_records(1, 30), 30));
    reconnect();
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_records(&gate, 1, world_records(1, 40), 40));
    ck_assert_uint_eq(station_record_ack(&gate)->seq, 40);
    ck_assert_int_eq(stored(), 40);
}
END_TEST

START_TEST(a_refused_record_does_not_hold_up_the_acknowledgement)
{
    PassRecord **records = world_records(1, 10);

    records[9]->temperature_centi = 99999;
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_records(&gate, 1, records, 10));
    ck_assert_uint_eq(station_record_ack(&gate)->seq, 10);
    ck_assert_int_eq(stored(), 9);
    reconnect();
    ck_assert_uint_eq(station_hello(&gate, &(hello){.epoch = 1})->acked_seq, 10);
}
END_TEST

START_TEST(records_of_another_epoch_end_the_stream)
{
    station_hello(&gate, &(hello){.epoch = 2});
    station_send_records(&gate, 1, world_records(1, 1), 1);
    ck_assert_str_eq(station_end(&gate), "LINK_EPOCH_UNKNOWN");
    ck_assert_int_eq(stored(), 0);
}
END_TEST

START_TEST(records_out_of_order_end_the_stream)
{
    static const uint64_t seqs[][3] = {{0, 1, 2}, {2, 1, 3}, {1, 1, 2}, {1, 2, UINT64_MAX}};

    for (size_t i = 0; i < sizeof seqs / sizeof *seqs; i++) {
        PassRecord **records = world_records(1, 3);
        for (int k = 0; k < 3; k++)
            records[k]->seq = seqs[i][k];
        if (i > 0)
            reconnect();
        station_hello(&gate, &(hello){.epoch = 1});
        station_send_records(&gate, 1, records, 3);
        ck_assert_str_eq(station_end(&gate), "LINK_RECORDS_UNORDERED");
    }
    ck_assert_int_eq(stored(), 0);
}
END_TEST

START_TEST(too_many_records_in_one_message_end_the_stream)
{
    station_hello(&gate, &(hello){.epoch = 1});
    station_send_records(&gate, 1, world_records(1, 129), 129);
    ck_assert_str_ne(station_end(&gate), "");
    ck_assert_int_eq(stored(), 0);
}
END_TEST

START_TEST(an_empty_batch_is_no_offence)
{
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_records(&gate, 1, NULL, 0));
    ck_assert(station_send_records(&gate, 1, world_records(1, 1), 1));
    ck_assert_uint_eq(station_record_ack(&gate)->seq, 1);
}
END_TEST

/* ---- A slow database --------------------------------------------------------------------------------------------- */

enum { BATCHES = 24, BATCH = 128 };

static atomic_int written;

/* Records as long as they can be, so that the network's own buffers hold few messages. */
static void *write_batches(void *arg)
{
    static char name[97], number[33], card[33];

    (void)arg;
    memset(name, 'n', sizeof name - 1);
    memset(number, '7', sizeof number - 1);
    memset(card, 'C', sizeof card - 1);
    for (uint64_t i = 0; i < BATCHES; i++) {
        PassRecord **records = world_records(1 + i * BATCH, BATCH);
        for (int k = 0; k < BATCH; k++) {
            records[k]->person_name = name;
            records[k]->person_number = number;
            records[k]->card_number = card;
        }
        ck_assert(station_send_records(&gate, 1, records, BATCH));
        atomic_fetch_add(&written, 1);
    }
    return NULL;
}

START_TEST(while_four_batches_wait_the_terminal_is_held_back_and_then_goes_on)
{
    PGconn *blocker = PQconnectdb(fixture_conninfo);
    pthread_t writer;
    int held;

    station_hello(&gate, &(hello){.epoch = 1});
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE pass_record IN ACCESS EXCLUSIVE MODE"));
    ck_assert_int_eq(pthread_create(&writer, NULL, write_batches, NULL), 0);
    usleep(1500000);
    held = atomic_load(&written);
    ck_assert_int_ge(held, 4);
    ck_assert_int_lt(held, BATCHES);
    usleep(500000);
    ck_assert_int_eq(atomic_load(&written), held);
    PQfinish(blocker);

    for (uint64_t acked = 0, before = 0; acked < BATCHES * BATCH; before = acked) { /* one may stand for several */
        acked = station_record_ack(&gate)->seq;
        ck_assert_uint_gt(acked, before);
        ck_assert_uint_eq(acked % BATCH, 0);
    }
    pthread_join(writer, NULL);
    ck_assert_int_eq(stored(), BATCHES * BATCH);
}
END_TEST

START_TEST(a_terminal_that_leaves_before_the_commit_harms_nobody)
{
    PGconn *blocker = PQconnectdb(fixture_conninfo);

    station_hello(&gate, &(hello){.epoch = 1});
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE pass_record IN ACCESS EXCLUSIVE MODE"));
    for (uint64_t i = 0; i < 3; i++)
        ck_assert(station_send_records(&gate, 1, world_records(1 + i * 10, 10), 10));
    ck_assert(station_send_heartbeat(&gate, 0));
    station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK);
    station_close(&gate);
    usleep(100000);
    PQfinish(blocker);
    for (int i = 0; i < 100 && stored() < 30; i++)
        usleep(50000);
    ck_assert_int_eq(stored(), 30);
    station_open(&gate, enterprise, device);
    ck_assert_uint_eq(station_hello(&gate, &(hello){.epoch = 1})->acked_seq, 30);
}
END_TEST

TCase *record_tests(void)
{
    TCase *tests = tcase_create("records");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, records_are_acknowledged_when_they_are_stored);
    tcase_add_test(tests, the_next_welcome_says_what_is_stored);
    tcase_add_test(tests, records_that_were_stored_without_an_acknowledgement_may_come_again);
    tcase_add_test(tests, a_refused_record_does_not_hold_up_the_acknowledgement);
    tcase_add_test(tests, records_of_another_epoch_end_the_stream);
    tcase_add_test(tests, records_out_of_order_end_the_stream);
    tcase_add_test(tests, too_many_records_in_one_message_end_the_stream);
    tcase_add_test(tests, an_empty_batch_is_no_offence);
    tcase_add_test(tests, while_four_batches_wait_the_terminal_is_held_back_and_then_goes_on);
    tcase_add_test(tests, a_terminal_that_leaves_before_the_commit_harms_nobody);
    return tests;
}
