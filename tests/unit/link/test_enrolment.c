/* How a terminal becomes one of ours, comes again, and renews its certificate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "clock.h"
#include "csr.h"
#include "hall.h"
#include "link_tests.h"

static int64_t enterprise;
static char username[32];
static char *key, *request;

static void up(void)
{
    hall_up();
    enterprise = world_enterprise("UTC");
    snprintf(username, sizeof username, "fitter-%lld", (long long)enterprise);
    hall_add_account(enterprise, username, "a fitter's long password");
    assert_done(csr_new("terminal", &key, &request));
}

static void down(void)
{
    secret_text_free(key);
    free(request);
    hall_down();
}

/* NULL when refused; then *ret_reason says why. */
static EnrolResponse *enrol(const EnrolRequest *changes, char ret_reason[64])
{
    EnrolRequest body = *changes;
    EnrolResponse *reply = NULL;
    rpc_client *client = hall_client(NULL, NULL);
    rpc_answer answer;

    if (!*body.username)
        body.username = username;
    if (!*body.password)
        body.password = "a fitter's long password";
    if (!*body.certificate_request)
        body.certificate_request = request;
    if (!*body.serial_number)
        body.serial_number = "SN-0001";
    sp_status status = link_enrol(client, NULL, &body, &reply, &answer);
    snprintf(ret_reason, 64, "%s", sp_failed(status) ? status.reason : "");
    rpc_answer_done(&answer);
    rpc_client_free(client);
    return reply;
}

static EnrolResponse *enrol_well(void)
{
    EnrolRequest body = ENROL_REQUEST_INIT;
    char reason[64];

    body.name = "Front door";
    body.mac = "02:00:00:00:00:07";
    body.model = "M1";
    EnrolResponse *reply = enrol(&body, reason);
    ck_assert_str_eq(reason, "");
    return reply;
}

static void forget(EnrolResponse *reply)
{
    smartpass__link__v1__enrol_response__free_unpacked(reply, NULL);
}

START_TEST(an_enrolled_terminal_may_connect)
{
    EnrolResponse *reply = enrol_well();
    station gate;

    ck_assert_int_eq(reply->enterprise_id, enterprise);
    ck_assert_uint_eq(reply->store_epoch, 1);
    ck_assert_int_gt(reply->not_after_ms, clock_now_ms() + 80LL * 86400000);
    ck_assert_str_eq(
        fixture_sql("SELECT concat_ws('|', name, serial_number, mac, model, group_id = %lld, settings_version)"
                    " FROM device WHERE id = %lld",
                    (long long)world_group(enterprise), (long long)reply->device_id),
        "Front door|SN-0001|02:00:00:00:00:07|M1|t|0");
    station_open_with(&gate, key, reply->certificate);
    ck_assert_int_eq(station_hello(&gate, &(hello){.epoch = 1})->device_id, reply->device_id);
    station_close(&gate);
    forget(reply);
}
END_TEST

START_TEST(a_terminal_without_a_name_is_called_by_its_mac)
{
    EnrolRequest body = ENROL_REQUEST_INIT;
    char reason[64];

    body.mac = "02:00:00:00:00:09";
    EnrolResponse *reply = enrol(&body, reason);
    ck_assert_str_eq(fixture_sql("SELECT name FROM device WHERE id = %lld", (long long)reply->device_id),
                     "02:00:00:00:00:09");
    forget(reply);
}
END_TEST

START_TEST(a_terminal_that_comes_again_keeps_its_place_and_loses_its_old_certificate)
{
    EnrolResponse *first = enrol_well();
    station gate;

    fixture_sql("UPDATE device SET name = 'Renamed' WHERE id = %lld", (long long)first->device_id);
    station_open_with(&gate, key, first->certificate);
    station_hello(&gate, &(hello){.epoch = 1});
    EnrolResponse *second = enrol_well();
    ck_assert_int_eq(second->device_id, first->device_id);
    ck_assert_uint_eq(second->store_epoch, 2);
    ck_assert_str_eq(station_end(&gate), "CERTIFICATE_REVOKED");
    station_close(&gate);
    ck_assert_str_eq(fixture_sql("SELECT name FROM device WHERE id = %lld", (long long)first->device_id), "Renamed");

    station_open_with(&gate, key, first->certificate);
    station_say_hello(&gate, &(hello){.epoch = 1});
    ck_assert_str_eq(station_end(&gate), "CERTIFICATE_REVOKED");
    station_close(&gate);
    station_open_with(&gate, key, second->certificate);
    station_hello(&gate, &(hello){.epoch = 2});
    station_close(&gate);
    forget(first);
    forget(second);
}
END_TEST

START_TEST(the_epoch_rises_above_every_epoch_that_was_seen)
{
    EnrolResponse *reply = enrol_well();
    station gate;

    station_open_with(&gate, key, reply->certificate);
    station_hello(&gate, &(hello){.epoch = 9});
    station_close(&gate);
    forget(reply);
    reply = enrol_well();
    ck_assert_uint_eq(reply->store_epoch, 10);
    forget(reply);
}
END_TEST

START_TEST(a_deleted_terminal_enrols_as_a_new_one)
{
    EnrolResponse *first = enrol_well();

    fixture_sql("UPDATE device SET deleted_at = now() WHERE id = %lld", (long long)first->device_id);
    EnrolResponse *second = enrol_well();
    ck_assert_int_ne(second->device_id, first->device_id);
    forget(first);
    forget(second);
}
END_TEST

START_TEST(wrong_passwords_and_bad_requests_are_refused)
{
    EnrolRequest password = ENROL_REQUEST_INIT, csr = ENROL_REQUEST_INIT;
    char reason[64];

    password.password = "not his password";
    ck_assert_ptr_null(enrol(&password, reason));
    ck_assert_str_eq(reason, "BAD_CREDENTIALS");
    csr.certificate_request = "-----BEGIN CERTIFICATE REQUEST-----\nnonsense\n-----END CERTIFICATE REQUEST-----\n";
    ck_assert_ptr_null(enrol(&csr, reason));
    ck_assert_str_eq(reason, "CSR_MALFORMED");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM device WHERE enterprise_id = %lld", (long long)enterprise), "0");
}
END_TEST

START_TEST(a_renewed_certificate_serves_beside_the_old_one)
{
    EnrolResponse *enrolled = enrol_well();
    RenewRequest body = RENEW_REQUEST_INIT;
    RenewResponse *renewed = NULL;
    rpc_client *client = hall_client(key, enrolled->certificate);
    char *new_key, *new_request;
    station gate;

    assert_done(csr_new("terminal", &new_key, &new_request));
    body.certificate_request = new_request;
    assert_done(link_renew(client, NULL, &body, &renewed, NULL));
    rpc_client_free(client);
    station_open_with(&gate, new_key, renewed->certificate);
    ck_assert_int_eq(station_hello(&gate, &(hello){.epoch = 1})->device_id, enrolled->device_id);
    station_close(&gate);
    station_open_with(&gate, key, enrolled->certificate);
    station_hello(&gate, &(hello){.epoch = 1});
    station_close(&gate);
    smartpass__link__v1__renew_response__free_unpacked(renewed, NULL);
    secret_text_free(new_key);
    free(new_request);
    forget(enrolled);
}
END_TEST

TCase *enrolment_tests(void)
{
    TCase *tests = tcase_create("enrolment");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, an_enrolled_terminal_may_connect);
    tcase_add_test(tests, a_terminal_without_a_name_is_called_by_its_mac);
    tcase_add_test(tests, a_terminal_that_comes_again_keeps_its_place_and_loses_its_old_certificate);
    tcase_add_test(tests, the_epoch_rises_above_every_epoch_that_was_seen);
    tcase_add_test(tests, a_deleted_terminal_enrols_as_a_new_one);
    tcase_add_test(tests, wrong_passwords_and_bad_requests_are_refused);
    tcase_add_test(tests, a_renewed_certificate_serves_beside_the_old_one);
    return tests;
}
