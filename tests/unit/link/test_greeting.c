/* Hello, Welcome and who may say it; presence and settings. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "device_store.h"
#include "device_trust.h"
#include "hall.h"
#include "link_tests.h"
#include "settings.h"

static int64_t enterprise, device;
static station gate;

/* Nobody has called yet. A client that is freed before it has connected is no way to get there: gRPC's core loses what
 * that connection holds. */
static void up_alone(void)
{
    hall_up();
    enterprise = world_enterprise("Europe/Berlin");
    device = world_device(enterprise, "Gate");
}

static void up(void)
{
    up_alone();
    station_open(&gate, enterprise, device);
}

static void down(void)
{
    station_close(&gate);
    hall_down();
}

static const char *status(const char *column)
{
    return fixture_sql("SELECT %s FROM device_status WHERE device_id = %lld", column, (long long)device);
}

/* Waits for what the link writes on its own threads. */
static bool comes_to_be(const char *column, const char *value)
{
    for (int i = 0; i < 100; i++) {
        if (strcmp(status(column), value) == 0)
            return true;
        usleep(100000);
    }
    return false;
}

START_TEST(hello_is_answered_with_what_the_terminal_needs_to_know)
{
    int64_t before_ms = clock_now_ms();
    const Welcome *welcome = station_hello(&gate, &(hello){.epoch = 1});

    ck_assert_int_eq(welcome->device_id, device);
    ck_assert_uint_eq(welcome->acked_seq, 0);
    ck_assert_uint_eq(welcome->heartbeat_seconds, 20);
    ck_assert_str_eq(welcome->device_name, "Gate");
    ck_assert_str_eq(welcome->time_zone, "Europe/Berlin");
    ck_assert_int_ge(welcome->server_time_ms, before_ms);
    ck_assert_str_eq(status("concat_ws('|', connected, address, software_version, engine, people_count)"),
                     "t|192.0.2.7|1.2.3|engine-1|5");
    ck_assert(hall_was_told("device %lld;", (long long)device));
}
END_TEST

START_TEST(nothing_comes_before_hello)
{
    ck_assert(station_send_heartbeat(&gate, 0));
    ck_assert_str_eq(station_end(&gate), "LINK_HELLO_EXPECTED");
}
END_TEST

START_TEST(hello_comes_once)
{
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_say_hello(&gate, &(hello){.epoch = 1}));
    ck_assert_str_eq(station_end(&gate), "LINK_HELLO_EXPECTED");
}
END_TEST

START_TEST(an_epoch_that_cannot_be_is_refused)
{
    ck_assert(station_say_hello(&gate, &(hello){.epoch = 0}));
    ck_assert_str_eq(station_end(&gate), "LINK_EPOCH_OUT_OF_RANGE");
    station_close(&gate);
    station_open(&gate, enterprise, device);
    ck_assert(station_say_hello(&gate, &(hello){.epoch = 1u << 31}));
    ck_assert_str_eq(station_end(&gate), "LINK_EPOCH_OUT_OF_RANGE");
}
END_TEST

START_TEST(a_half_close_ends_the_stream_well)
{
    station_hello(&gate, &(hello){.epoch = 1});
    link_connect_client_half_close(gate.stream);
    ck_assert_str_eq(station_end(&gate), "");
    ck_assert(comes_to_be("connected", "f"));
}
END_TEST

START_TEST(a_cut_cable_is_noticed)
{
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert_str_eq(status("connected"), "t");
    station_close(&gate);
    ck_assert(comes_to_be("connected", "f"));
}
END_TEST

START_TEST(a_second_stream_replaces_the_first_and_stays_online)
{
    station second;

    station_hello(&gate, &(hello){.epoch = 1});
    station_open(&second, enterprise, device);
    station_hello(&second, &(hello){.epoch = 1});
    ck_assert_str_eq(station_end(&gate), "LINK_REPLACED");
    usleep(200000);
    ck_assert_str_eq(status("connected"), "t");
    ck_assert(station_send_heartbeat(&second, 0));
    station_read(&second, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK);
    station_close(&second);
}
END_TEST

START_TEST(heartbeats_are_answered_and_written_down_in_a_while)
{
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_heartbeat(&gate, 17));
    ck_assert_int_gt(station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK)
                         ->heartbeat_ack->server_time_ms,
                     0);
    ck_assert(comes_to_be("concat_ws('|', unsent_records, people_count)", "17|3"));
}
END_TEST

static void *send_heartbeats(void *arg)
{
    (void)arg;
    for (int i = 0; i < 200000 && station_send_heartbeat(&gate, 0); i++)
        continue;
    return NULL;
}

START_TEST(a_terminal_that_does_not_read_is_cut)
{
    pthread_t sender;

    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert_int_eq(pthread_create(&sender, NULL, send_heartbeats, NULL), 0);
    ck_assert(comes_to_be("connected", "f"));
    for (ConnectResponse *late; (late = link_connect_client_read(gate.stream)) != NULL;)
        smartpass__link__v1__connect_response__free_unpacked(late, NULL);
    pthread_join(sender, NULL);
    ck_assert_str_eq(station_end(&gate), "RESOURCE_EXHAUSTED");
}
END_TEST

/* ---- Settings ---------------------------------------------------------------------------------------------------- */

/* Returns the version of the second. */
static int64_t change_settings(int32_t threshold_centi)
{
    const setting_changes changes = {
        .list = {{setting_find(SETTING_KEY_alarm_threshold_centi), {threshold_centi, ""}},
                 {setting_find(SETTING_KEY_mask_required), {1, ""}}},
        .count = 2,
    };
    Smartpass__V1__Device *read;
    arena a;
    db_tx *tx;

    arena_init(&a, 1 << 20);
    assert_done(db_begin(hall_app, enterprise, &a, &tx));
    assert_done(settings_write(tx, enterprise, &device, 1, &changes));
    assert_done(device_read(tx, enterprise, device, clock_now_ms(), &read));
    ck_assert_int_eq(read->settings->alarm_threshold_centi, threshold_centi);
    ck_assert_int_eq(read->pending_settings, 2);
    int64_t version = read->settings->version;
    assert_done(db_commit(tx));
    arena_done(&a);
    return version;
}

static const char *setting_row(const char *columns)
{
    return fixture_sql("SELECT %s FROM device_setting WHERE device_id = %lld AND key = %d", columns, (long long)device,
                       SETTING_KEY_alarm_threshold_centi);
}

START_TEST(settings_that_changed_while_it_was_away_come_down_and_are_confirmed)
{
    change_settings(3800);
    station_hello(&gate, &(hello){.epoch = 1});
    const SettingChanges *changes = station_settings(&gate);
    ck_assert_uint_eq(changes->n_values, 2);
    ck_assert_uint_eq(changes->values[0]->key, SETTING_KEY_alarm_threshold_centi);
    ck_assert_int_eq(changes->values[0]->number, 3800);
    ck_assert_uint_eq(changes->values[0]->edit, 0);
    ck_assert_str_eq(setting_row("reported_version = version"), "f");
    ck_assert(station_send_settings(&gate, changes));
    for (int i = 0; i < 100 && strcmp(setting_row("reported_version = version"), "t") != 0; i++)
        usleep(20000);
    ck_assert_str_eq(setting_row("concat_ws('|', reported_version = version, reported_number)"), "t|3800");
}
END_TEST

START_TEST(a_change_of_settings_reaches_a_connected_terminal)
{
    station_hello(&gate, &(hello){.epoch = 1});
    int64_t version = change_settings(3850);
    const SettingChanges *changes = station_settings(&gate);
    ck_assert_int_eq(changes->values[1]->version, version);
    ck_assert_int_eq(changes->values[1]->number, 1);
}
END_TEST

/* A hint that something changed makes the link look, but what the terminal has is not sent again. */
START_TEST(settings_that_the_terminal_has_are_not_sent)
{
    station_hello(&gate, &(hello){.epoch = 1});
    change_settings(3850);
    station_send_settings(&gate, station_settings(&gate));
    link_poke(hall_link, device);
    ck_assert(station_send_heartbeat(&gate, 0));
    usleep(200000);
    station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK);
    ck_assert(station_send_heartbeat(&gate, 0));
    station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK);
    for (size_t i = 0; i < gate.kept_count; i++)
        ck_assert_int_ne(gate.kept[i]->message_case, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_SETTING_CHANGES);
}
END_TEST

/* ---- Deleted ----------------------------------------------------------------------------------------------------- */

static void delete_device(void)
{
    const char *name;
    arena a;
    const device_scope everywhere = {enterprise, db_null(), clock_now_ms()};
    db_tx *tx;

    arena_init(&a, 1 << 20);
    assert_done(db_begin(hall_app, enterprise, &a, &tx));
    assert_done(device_store_delete(tx, &everywhere, device, &name));
    assert_done(db_commit(tx));
    arena_done(&a);
}

START_TEST(a_deleted_terminal_is_told_to_wipe_and_nothing_else)
{
    char *key, *certificate;

    hall_certify(enterprise, device, &key, &certificate);
    delete_device();
    station_open_with(&gate, key, certificate);
    station_say_hello(&gate, &(hello){.epoch = 1});
    ck_assert_str_eq(station_end(&gate), "LINK_DEVICE_DELETED");
    ck_assert_uint_eq(gate.kept_count, 1);
    ck_assert_int_eq(gate.kept[0]->message_case, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_WIPE);
    secret_text_free(key);
    free(certificate);
}
END_TEST

/* Its stream looked dead when it was deleted, but it was only slow. */
START_TEST(a_terminal_that_is_deleted_while_its_stream_is_open_is_wiped_at_once)
{
    station_hello(&gate, &(hello){.epoch = 1});
    fixture_sql("UPDATE device_status SET last_seen_at = now() - interval '2 minutes' WHERE device_id = %lld",
                (long long)device);
    delete_device();
    ck_assert_str_eq(station_end(&gate), "LINK_DEVICE_DELETED");
    ck_assert_int_eq(gate.kept[gate.kept_count - 1]->message_case, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_WIPE);
}
END_TEST

START_TEST(a_terminal_that_is_online_cannot_be_deleted)
{
    const char *name;
    arena a;
    const device_scope everywhere = {enterprise, db_null(), clock_now_ms()};
    db_tx *tx;

    station_hello(&gate, &(hello){.epoch = 1});
    arena_init(&a, 1 << 20);
    assert_done(db_begin(hall_app, enterprise, &a, &tx));
    assert_reason(device_store_delete(tx, &everywhere, device, &name), DEVICE_STILL_ONLINE);
    db_rollback(tx);
    arena_done(&a);
}
END_TEST

START_TEST(without_a_certificate_nobody_comes_in)
{
    station_open_with(&gate, NULL, NULL);
    station_say_hello(&gate, &(hello){.epoch = 1});
    ck_assert_str_eq(station_end(&gate), "CERTIFICATE_MISSING");
}
END_TEST

START_TEST(a_revoked_certificate_opens_nothing)
{
    char *key, *certificate;

    hall_certify(enterprise, device, &key, &certificate);
    fixture_sql("UPDATE device_certificate SET revoked_at = now() WHERE device_id = %lld", (long long)device);
    station_open_with(&gate, key, certificate);
    station_say_hello(&gate, &(hello){.epoch = 1});
    ck_assert_str_eq(station_end(&gate), "CERTIFICATE_REVOKED");
    secret_text_free(key);
    free(certificate);
}
END_TEST

TCase *greeting_tests(void)
{
    TCase *tests = tcase_create("greeting");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, hello_is_answered_with_what_the_terminal_needs_to_know);
    tcase_add_test(tests, nothing_comes_before_hello);
    tcase_add_test(tests, hello_comes_once);
    tcase_add_test(tests, an_epoch_that_cannot_be_is_refused);
    tcase_add_test(tests, a_half_close_ends_the_stream_well);
    tcase_add_test(tests, a_cut_cable_is_noticed);
    tcase_add_test(tests, a_second_stream_replaces_the_first_and_stays_online);
    tcase_add_test(tests, heartbeats_are_answered_and_written_down_in_a_while);
    tcase_add_test(tests, a_terminal_that_does_not_read_is_cut);
    tcase_add_test(tests, settings_that_changed_while_it_was_away_come_down_and_are_confirmed);
    tcase_add_test(tests, a_change_of_settings_reaches_a_connected_terminal);
    tcase_add_test(tests, settings_that_the_terminal_has_are_not_sent);
    tcase_add_test(tests, a_terminal_that_is_deleted_while_its_stream_is_open_is_wiped_at_once);
    tcase_add_test(tests, a_terminal_that_is_online_cannot_be_deleted);
    return tests;
}

TCase *arrival_tests(void)
{
    TCase *tests = tcase_create("arrival");

    tcase_add_checked_fixture(tests, up_alone, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_deleted_terminal_is_told_to_wipe_and_nothing_else);
    tcase_add_test(tests, without_a_certificate_nobody_comes_in);
    tcase_add_test(tests, a_revoked_certificate_opens_nothing);
    return tests;
}
