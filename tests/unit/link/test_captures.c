/* Photos for forms: what happens to one while it is looked at. The whole way is tests/rpc/test_capture.py's. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hall.h"
#include "hash.h"
#include "link_tests.h"

enum { USER = 31, PICTURES_MAX = 64 };

#define STEP(name) SMARTPASS__LINK__V1__CAPTURE_STEP__CAPTURE_STEP_##name

static int64_t enterprise, device, capture;
static station gate;
static sem_t look_begins, look_may_end;

/* ---- The look: the picture says what is found ---- */

SP_STATUS(LOOK_CRASHED, SP_UNAVAILABLE, "The look at the picture ended early.");

static sp_status look(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                      photo_refusal *ret_refusal)
{
    static const uint8_t piece[] = "piece";

    (void)arg, (void)a;
    if (size > 4 && memcmp(bytes, "SLOW", 4) == 0) {
        sem_post(&look_begins);
        sem_wait(&look_may_end);
        bytes += 4;
        size -= 4;
    }
    if (size == 5 && memcmp(bytes, "CRASH", 5) == 0)
        return LOOK_CRASHED;
    if (size == 4 && memcmp(bytes, "DARK", 4) == 0)
        *ret_refusal = (photo_refusal){"TOO_DARK", "A sentence."};
    *ret_facts = (photo_facts){piece, sizeof piece, piece, sizeof piece, piece, sizeof piece, "engine-1", 640, 480};
    return SP_DONE;
}

/* ---- What the console does ---- */

static int64_t ask_for_photo(int64_t of)
{
    static int64_t next = 9000;

    next++;
    fixture_sql("INSERT INTO capture VALUES (%lld, %lld, %lld, %d, 1, '', NULL, now(), now() + interval '1 minute');"
                "SELECT pg_notify('smartpass_device', '%lld')",
                (long long)enterprise, (long long)next, (long long)of, USER, (long long)of);
    return next;
}

static const char *row(void)
{
    return fixture_sql("SELECT state || ' ' || reason FROM capture WHERE enterprise_id = %lld AND id = %lld",
                       (long long)enterprise, (long long)capture);
}

static bool becomes(const char *wanted)
{
    for (int i = 0; i < 500; i++) {
        if (strcmp(row(), wanted) == 0)
            return true;
        usleep(10000);
    }
    return false;
}

static int photos(void)
{
    return atoi(fixture_sql("SELECT count(*) FROM photo WHERE enterprise_id = %lld", (long long)enterprise));
}

/* ---- What the terminal does ---- */

static CaptureChunk part_of(int64_t id, const char *picture)
{
    static uint8_t sha[SHA256_SIZE];
    CaptureChunk part = CAPTURE_CHUNK_INIT;

    assert_done(sha256_of(picture, strlen(picture), sha));
    part.id = id;
    part.sha256 = (ProtobufCBinaryData){sizeof sha, sha};
    part.total = (uint32_t)strlen(picture);
    part.data = (ProtobufCBinaryData){strlen(picture), (uint8_t *)picture};
    return part;
}

static void send(const char *picture)
{
    const CaptureChunk part = part_of(capture, picture);

    ck_assert(station_send_capture_part(&gate, &part));
}

static void order_is(Smartpass__Link__V1__CaptureStep step, const char *again_reason)
{
    const CaptureOrder *order = station_capture(&gate);

    ck_assert_int_eq(order->id, capture);
    ck_assert_int_eq(order->step, step);
    ck_assert_str_eq(order->again_reason, again_reason);
}

static void up(void)
{
    hall_look = look;
    sem_init(&look_begins, 0, 0);
    sem_init(&look_may_end, 0, 0);
    hall_up();
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
    station_open(&gate, enterprise, device);
    station_hello(&gate, &(hello){.epoch = 1});
    capture = ask_for_photo(device);
    order_is(STEP(TAKE), "");
}

static void down(void)
{
    station_close(&gate);
    hall_down();
}

START_TEST(a_good_photo_is_kept_for_whoever_asked)
{
    send("good");
    order_is(STEP(DONE), "");
    ck_assert_str_eq(row(), "4 ");
    ck_assert_str_eq(fixture_sql("SELECT p.uploaded_by || ' ' || (p.person_id IS NULL) FROM capture c"
                                 " JOIN photo p ON p.enterprise_id = c.enterprise_id AND p.id = c.photo_id WHERE "
                                 "c.enterprise_id = %lld AND c.id = %lld",
                                 (long long)enterprise, (long long)capture),
                     "31 true");
}
END_TEST

START_TEST(a_bad_one_is_asked_for_again_and_so_is_one_that_nobody_could_look_at)
{
    send("DARK");
    order_is(STEP(TAKE), "TOO_DARK");
    ck_assert_str_eq(row(), "2 TOO_DARK");
    send("CRASH");
    order_is(STEP(TAKE), "BUSY");
    ck_assert_int_eq(photos(), 0);
    send("good");
    order_is(STEP(DONE), "");
}
END_TEST

START_TEST(while_one_is_looked_at_no_other_is_taken)
{
    send("SLOWgood");
    sem_wait(&look_begins);
    ck_assert_str_eq(row(), "3 ");
    send("good");
    send("DARK");
    ck_assert(station_ask_photo(&gate, 1, (ProtobufCBinaryData){0}, 0)); /* its answer comes behind them */
    station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PHOTO);
    sem_post(&look_may_end);
    order_is(STEP(DONE), "");
    ck_assert_int_eq(photos(), 1);
}
END_TEST

START_TEST(a_whole_photo_can_do_without_its_terminal)
{
    send("SLOWgood");
    sem_wait(&look_begins);
    station_close(&gate);
    ck_assert(becomes("3 "));
    sem_post(&look_may_end);
    ck_assert(becomes("4 "));
}
END_TEST

START_TEST(a_terminal_that_has_left_cannot_be_asked_again)
{
    send("SLOWDARK");
    sem_wait(&look_begins);
    station_close(&gate);
    while (atoi(fixture_sql("SELECT connected::int FROM device_status WHERE device_id = %lld", (long long)device)))
        usleep(10000);
    sem_post(&look_may_end);
    ck_assert(becomes("5 DEVICE_LEFT"));
}
END_TEST

START_TEST(one_that_is_cancelled_while_it_is_looked_at_is_not_the_forms)
{
    send("SLOWgood");
    sem_wait(&look_begins);
    fixture_sql("UPDATE capture SET state = 6 WHERE enterprise_id = %lld AND id = %lld", (long long)enterprise,
                (long long)capture);
    sem_post(&look_may_end);
    order_is(STEP(CANCEL), "");
    ck_assert_str_eq(row(), "6 ");
    ck_assert_str_eq(fixture_sql("SELECT count(photo_id) FROM capture WHERE enterprise_id = %lld AND id = %lld",
                                 (long long)enterprise, (long long)capture),
                     "0");
}
END_TEST

static void *end_look(void *arg)
{
    (void)arg;
    usleep(300000);
    sem_post(&look_may_end);
    return NULL;
}

START_TEST(a_server_that_stops_waits_for_the_look)
{
    pthread_t ender;

    send("SLOWgood");
    sem_wait(&look_begins);
    ck_assert_int_eq(pthread_create(&ender, NULL, end_look, NULL), 0);
    down();
    pthread_join(ender, NULL);
    ck_assert_str_eq(row(), "4 ");
    up(); /* for the fixture to take down */
}
END_TEST

START_TEST(so_many_halves_of_photos_are_held_and_no_more)
{
    static station crowd[PICTURES_MAX];
    CaptureChunk half = part_of(0, "good");

    half.data.len = 2;
    for (size_t i = 0; i < PICTURES_MAX; i++) {
        int64_t other = world_device(enterprise, "Crowd");

        station_open(&crowd[i], enterprise, other);
        station_hello(&crowd[i], &(hello){.epoch = 1});
        half.id = ask_for_photo(other);
        ck_assert_int_eq(station_capture(&crowd[i])->step, STEP(TAKE));
        ck_assert(station_send_capture_part(&crowd[i], &half));
    }
    while (atoi(fixture_sql("SELECT count(*) FROM capture WHERE state = 3 AND enterprise_id = %lld",
                            (long long)enterprise)) < PICTURES_MAX)
        usleep(10000);
    send("good");
    order_is(STEP(TAKE), "BUSY");
    station_close(&crowd[0]);
    while (strcmp(fixture_sql("SELECT count(*) FROM capture WHERE reason = 'DEVICE_LEFT' AND enterprise_id = %lld",
                              (long long)enterprise),
                  "1") != 0)
        usleep(10000);
    send("good");
    order_is(STEP(DONE), "");
    for (size_t i = 1; i < PICTURES_MAX; i++)
        station_close(&crowd[i]);
}
END_TEST

TCase *capture_tests(void)
{
    TCase *tests = tcase_create("captures");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_good_photo_is_kept_for_whoever_asked);
    tcase_add_test(tests, a_bad_one_is_asked_for_again_and_so_is_one_that_nobody_could_look_at);
    tcase_add_test(tests, while_one_is_looked_at_no_other_is_taken);
    tcase_add_test(tests, a_whole_photo_can_do_without_its_terminal);
    tcase_add_test(tests, a_terminal_that_has_left_cannot_be_asked_again);
    tcase_add_test(tests, one_that_is_cancelled_while_it_is_looked_at_is_not_the_forms);
    tcase_add_test(tests, a_server_that_stops_waits_for_the_look);
    tcase_add_test(tests, so_many_halves_of_photos_are_held_and_no_more);
    return tests;
}
