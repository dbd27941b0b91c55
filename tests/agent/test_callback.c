/* What is posted of a recognition, what answers mean, and how long a terminal waits. */
#include <stdio.h>
#include <string.h>

#include "callback_rules.h"
#include "pass_json.h"
#include "pass_rules.h"
#include "smartpass/v1/types.pb-c.h"
#include "suite.h"

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

START_TEST(whatever_begins_with_two_is_taken_and_what_cannot_ever_be_is_refused)
{
    for (int status = 0; status < 1000; status++) {
        callback_fate expected = status >= 200 && status <= 299                    ? CALLBACK_TAKEN
                                 : status == 400 || status == 413 || status == 422 ? CALLBACK_REFUSED
                                                                                   : CALLBACK_AGAIN;

        ck_assert_int_eq(callback_judge(status), expected);
    }
}
END_TEST

static int64_t longest_wait(backoff *b)
{
    return callback_wait_ms(b, UINT32_MAX, 0);
}

START_TEST(waits_grow_to_five_minutes_and_begin_anew)
{
    backoff b;

    backoff_init(&b, CALLBACK_WAIT_FIRST_MS, CALLBACK_WAIT_LONGEST_MS);
    ck_assert_int_eq(longest_wait(&b), 2000);
    ck_assert_int_eq(longest_wait(&b), 4000);
    for (int i = 0; i < 20; i++)
        (void)longest_wait(&b);
    ck_assert_int_eq(longest_wait(&b), 300000);
    ck_assert_int_eq(callback_wait_ms(&b, 0, 0), 0);
    backoff_reset(&b);
    ck_assert_int_eq(longest_wait(&b), 2000);
}
END_TEST

START_TEST(an_answer_may_ask_for_a_longer_wait_within_an_hour)
{
    backoff b;

    backoff_init(&b, CALLBACK_WAIT_FIRST_MS, CALLBACK_WAIT_LONGEST_MS);
    ck_assert_int_eq(callback_wait_ms(&b, UINT32_MAX, 1), 2000);
    ck_assert_int_eq(callback_wait_ms(&b, 0, 30000), 30000);
    ck_assert_int_eq(callback_wait_ms(&b, 0, INT64_MAX), 3600000);
}
END_TEST

START_TEST(ten_thousand_records_wait_and_no_more)
{
    ck_assert_uint_eq(callback_given_up(0, 0), 0);
    ck_assert_uint_eq(callback_given_up(5, 10005), 5);
    ck_assert_uint_eq(callback_given_up(5, 10006), 6);
    ck_assert_uint_eq(callback_given_up(0, UINT64_MAX), UINT64_MAX - 10000);
    ck_assert_uint_eq(callback_given_up((uint64_t)INT64_MAX, 7), (uint64_t)INT64_MAX);
}
END_TEST

START_TEST(after_a_week_a_record_is_of_no_use)
{
    const int64_t now_ms = INT64_C(1800000000000), week_ms = INT64_C(7) * 24 * 3600 * 1000;

    ck_assert(!callback_is_too_old(now_ms - week_ms, now_ms));
    ck_assert(callback_is_too_old(now_ms - week_ms - 1, now_ms));
    ck_assert(!callback_is_too_old(now_ms + week_ms, now_ms));
}
END_TEST

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static const pass_origin origin = {
    .store_epoch = 3,
    .device_id = 77,
    .device_name = "Gate",
    .serial_number = "SN-1",
    .temperature_kept = true,
    .photo_kept = true,
};
static char json[PASS_JSON_MAX];

static const char *json_of(const PassRecord *record, const pass_origin *from)
{
    size_t size = pass_json(record, from, json);

    ck_assert_uint_gt(size, 0);
    json[size] = '\0';
    return json;
}

#define ASSERT_HAS(text, part) ck_assert_msg(strstr((text), (part)) != NULL, "%s is not in %s", part, text)
#define ASSERT_LACKS(text, part) ck_assert_msg(strstr((text), (part)) == NULL, "%s is in %s", part, text)

/* Every value that the contract has but "unspecified", under its name there. */
static void check_words(const ProtobufCEnumDescriptor *words, const char *member,
                        void (*put)(PassRecord *record, int value))
{
    for (unsigned i = 1; i < words->n_values; i++) {
        PassRecord record = {0};
        char expected[96];

        put(&record, words->values[i].value);
        snprintf(expected, sizeof expected, "\"%s\":\"%s\"", member, words->values[i].name);
        ASSERT_HAS(json_of(&record, &origin), expected);
    }
}

static void put_kind(PassRecord *record, int value)
{
    record->kind = (smartpass_v1_PersonKind)value;
}

static void put_reason(PassRecord *record, int value)
{
    record->deny_reason = (smartpass_v1_DenyReason)value;
}

static void put_result(PassRecord *record, int value)
{
    record->result = (smartpass_v1_PassResult)value;
}

START_TEST(values_have_the_names_of_the_contract)
{
    check_words(&smartpass__v1__person_kind__descriptor, "kind", put_kind);
    check_words(&smartpass__v1__deny_reason__descriptor, "denyReason", put_reason);
    check_words(&smartpass__v1__pass_result__descriptor, "result", put_result);
}
END_TEST

START_TEST(the_first_state_that_applies_is_told)
{
    PassRecord record = {.no_mask = true, .abnormal = true};

    ASSERT_HAS(json_of(&record, &origin), "\"state\":\"PASS_STATE_NO_MASK\"");
    record.no_mask = false;
    ASSERT_HAS(json_of(&record, &origin), "\"state\":\"PASS_STATE_ABNORMAL_TEMPERATURE\"");
    record.abnormal = false;
    ASSERT_HAS(json_of(&record, &origin), "\"state\":\"PASS_STATE_NORMAL\"");
}
END_TEST

START_TEST(the_longest_and_worst_texts_fit_and_are_escaped)
{
    PassRecord record = {.seq = UINT64_MAX >> 1,
                         .occurred_at_ms = INT64_C(253402300799999),
                         .person_id = INT64_MIN,
                         .temperature_centi = INT32_MIN,
                         .threshold_centi = INT32_MIN};
    char name[97], serial[65];
    pass_origin from = origin;

    memset(record.person_name, 1, sizeof record.person_name - 1);
    memset(record.person_number, '"', sizeof record.person_number - 1);
    memset(record.card_number, '\\', sizeof record.card_number - 1);
    memset(name, 2, sizeof name - 1);
    memset(serial, 3, sizeof serial - 1);
    name[sizeof name - 1] = serial[sizeof serial - 1] = '\0';
    from.device_name = name;
    from.serial_number = serial;
    from.device_id = INT64_MIN;
    ASSERT_HAS(json_of(&record, &from), "\\u0001\\u0001");
    ASSERT_HAS(json, "\"occurTime\":\"9999-12-31T23:59:59.999Z\"");
    ck_assert_int_eq(json[strlen(json) - 1], '}');
}
END_TEST

START_TEST(a_time_before_all_time_is_no_record)
{
    const PassRecord record = {.occurred_at_ms = -1};

    ck_assert_uint_eq(pass_json(&record, &origin, json), 0);
}
END_TEST

START_TEST(what_is_not_kept_now_is_not_told)
{
    PassRecord record = {.temperature_centi = 3661, .threshold_centi = 3730, .snapshot_sha256 = {.size = 32}};
    pass_origin from = origin;

    ASSERT_HAS(json_of(&record, &from), "\"temperatureCenti\":3661");
    ASSERT_HAS(json, "\"snapshotSha256\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"");
    from.temperature_kept = from.photo_kept = false;
    ASSERT_HAS(json_of(&record, &from), "\"temperatureCenti\":0");
    ASSERT_HAS(json, "\"hasSnapshot\":false,\"snapshotSha256\":\"\"");
    ASSERT_LACKS(json, "AAAA");
}
END_TEST

int main(void)
{
    return RUN_SUITE("callback", 10, whatever_begins_with_two_is_taken_and_what_cannot_ever_be_is_refused,
                     waits_grow_to_five_minutes_and_begin_anew, an_answer_may_ask_for_a_longer_wait_within_an_hour,
                     ten_thousand_records_wait_and_no_more, after_a_week_a_record_is_of_no_use,
                     values_have_the_names_of_the_contract, the_first_state_that_applies_is_told,
                     the_longest_and_worst_texts_fit_and_are_escaped, a_time_before_all_time_is_no_record,
                     what_is_not_kept_now_is_not_told);
}
