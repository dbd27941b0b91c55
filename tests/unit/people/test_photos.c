/* Photos: uploaded, claimed, shown, replaced and forgotten. */
#include <stdlib.h>
#include <unistd.h>

#include "house.h"
#include "people_tests.h"
#include "smartpass/v1/people.client.h"
#include "smartpass/v1/people.names.h"

static int64_t upload(const char *word)
{
    const char *reason;
    int64_t id = house_upload(HOUSE_ADMIN, house_picture(word, 300000), 300000, &reason);

    ck_assert_str_eq(reason, "");
    return id;
}

static Employee hire_with(int64_t photo_id)
{
    Employee employee = EMPLOYEE_INIT;

    employee.number = "1";
    employee.name = "Ann";
    employee.photo_id = photo_id;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &employee), "");
    return employee;
}

static void assert_seen(house_caller who, int64_t photo_id, const char *expected_reason)
{
    const char *type, *reason;
    char *bytes;
    size_t size;

    reason = house_download(who, photo_id, false, &bytes, &size, &type);
    ck_assert_str_eq(reason, expected_reason);
    if (!*expected_reason) {
        ck_assert_str_eq(type, "image/jpeg");
        ck_assert_uint_eq(size, 300000);
        ck_assert_mem_eq(bytes, house_picture("FINE", 300000), size);
    }
    free(bytes);
}

START_TEST(a_photo_comes_back_as_it_was_sent)
{
    int64_t id = upload("FINE");
    const char *type;
    char *bytes;
    size_t size;

    assert_seen(HOUSE_ADMIN, id, "");
    ck_assert_str_eq(house_download(HOUSE_ADMIN, id, true, &bytes, &size, &type), "");
    ck_assert_uint_eq(size, 11);
    ck_assert_mem_eq(bytes, "\xff\xd8thumbnail", size);
    free(bytes);
}
END_TEST

static const struct {
    const char *word;
    size_t size;
    const char *reason;
} UPLOADS[] = {
    {"FINE", 512000, ""},
    {"FINE", 512001, "TOO_LARGE"},
    {"FINE", 1000000, "TOO_LARGE"},
    {"NO_FACE", 1000, "NO_FACE"},
    {"SEVERAL_FACES", 1000, "SEVERAL_FACES"},
    {"CRASH", 1000, "LOOK_CRASHED"},
};

START_TEST(a_photo_that_does_not_fit_is_refused_with_its_reason)
{
    const char *reason;
    int64_t id =
        house_upload(HOUSE_ADMIN, house_picture(UPLOADS[_i].word, UPLOADS[_i].size), UPLOADS[_i].size, &reason);

    ck_assert_str_eq(reason, UPLOADS[_i].reason);
    ck_assert((id != 0) == !*UPLOADS[_i].reason);
    ck_assert(!*reason || _i == 5 || house_refused_field("photo"));
}
END_TEST

START_TEST(what_is_no_picture_is_not_even_looked_at)
{
    const char *reason;

    ck_assert_int_eq(house_upload(HOUSE_ADMIN, "GIF89a", 6, &reason), 0);
    ck_assert_str_eq(reason, "NOT_AN_IMAGE");
    ck_assert_int_eq(house_upload(HOUSE_ADMIN, "", 0, &reason), 0);
    ck_assert_str_eq(reason, "NOT_AN_IMAGE");
}
END_TEST

START_TEST(an_unclaimed_photo_is_its_uploaders_alone)
{
    int64_t id = upload("FINE");

    assert_seen(HOUSE_OFFICE_CLERK, id, "PHOTO_NOT_FOUND");
    assert_seen(HOUSE_STRANGER, id, "PHOTO_NOT_FOUND");
    fixture_sql("UPDATE photo SET expires_at = now() WHERE id = %lld", (long long)id);
    assert_seen(HOUSE_ADMIN, id, "PHOTO_NOT_FOUND");
}
END_TEST

START_TEST(a_claimed_photo_is_seen_by_who_sees_the_person)
{
    Employee ann = hire_with(upload("FINE"));

    assert_seen(HOUSE_ADMIN, ann.photo_id, "");
    assert_seen(HOUSE_OFFICE_CLERK, ann.photo_id, "PHOTO_NOT_FOUND");
    ann.group_id = HOUSE_OFFICE;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    assert_seen(HOUSE_OFFICE_CLERK, ann.photo_id, "");
}
END_TEST

START_TEST(claiming_seals_a_photo_under_the_persons_own_key)
{
    Employee ann = hire_with(upload("FINE"));

    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM photo f"
                                 " JOIN blob b ON b.id IN (f.blob_id, f.thumbnail_blob_id, f.template_blob_id)"
                                 " JOIN blob_key k ON k.id = b.key_id"
                                 " WHERE f.id = %lld AND k.owner = 'person:%lld'",
                                 (long long)ann.photo_id, (long long)ann.id),
                     "3");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM blob_key WHERE owner = 'upload:%lld'", (long long)ann.photo_id),
                     "0");
}
END_TEST

START_TEST(a_photo_is_good_for_one_person)
{
    Employee ann = hire_with(upload("FINE")), bob = EMPLOYEE_INIT;

    bob.number = "2";
    bob.name = "Bob";
    bob.photo_id = ann.photo_id;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "PHOTO_UNKNOWN");
    ck_assert(house_refused_field("employee.photo_id"));
    bob.photo_id = 12345;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "PHOTO_UNKNOWN");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM person WHERE enterprise_id = 501"), "1");
}
END_TEST

START_TEST(another_photo_replaces_the_first_and_terminals_hear_of_it)
{
    Employee ann = hire_with(upload("OLD"));
    int64_t before = ann.photo_id;

    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    ck_assert_int_eq(house_told, 0);
    ann.photo_id = upload("FINE");
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    ck_assert_int_eq(house_told, 1);
    assert_seen(HOUSE_ADMIN, ann.photo_id, "");
    assert_seen(HOUSE_ADMIN, before, "PHOTO_NOT_FOUND");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM blob b JOIN blob_key k ON k.id = b.key_id"
                                 " WHERE k.owner = 'person:%lld'",
                                 (long long)ann.id),
                     "3");
    ann.photo_id = 0;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    ck_assert_int_eq(house_told, 2);
    ck_assert_int_eq(ann.photo_id, 0);
}
END_TEST

START_TEST(nobody_has_a_photo_any_more_that_was_not_claimed_in_time)
{
    Employee ann = hire_with(upload("FINE"));
    int64_t late = upload("LATE"), early = upload("EARLY");

    fixture_sql("UPDATE photo SET expires_at = now() - interval '1 second' WHERE id = %lld", (long long)late);
    assert_done(people_sweep(house_people));
    ck_assert_str_eq(
        fixture_sql("SELECT count(*) FROM photo WHERE id IN (%lld, %lld)", (long long)early, (long long)ann.photo_id),
        "2");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM blob_key WHERE owner = 'upload:%lld'", (long long)late), "0");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM blob_key WHERE owner = 'upload:%lld'", (long long)early), "1");
    ann.photo_id = late;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "PHOTO_UNKNOWN");
}
END_TEST

/* ---- Callers who leave ------------------------------------------------------------------------------------------- */

static const char *failed_uploads(void)
{
    return fixture_sql("SELECT count(*) FROM audit_row WHERE action = 'upload photo' AND code <> 0");
}

/* Returns when the server, too, has closed the call, and the look still goes on. */
static void leave_during_the_look(void)
{
    rpc_options impatient = *house_as(HOUSE_ADMIN);
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    int before = atoi(failed_uploads());

    impatient.timeout_ms = 1000;
    people_upload_photo_client *call = people_upload_photo_client_open(house_client, &impatient);
    part.data = (ProtobufCBinaryData){1000, (uint8_t *)house_picture("SLOW", 1000)};
    ck_assert(people_upload_photo_client_write(call, &part));
    ck_assert_int_eq(people_upload_photo_client_finish(call, NULL, NULL).code, SP_DEADLINE_EXCEEDED);
    sem_wait(&house_look_begins);
    while (atoi(failed_uploads()) == before)
        usleep(10000);
    usleep(50000); /* the row is written just before the call's memory goes */
}

START_TEST(a_caller_who_leaves_during_the_look_harms_nobody)
{
    const char *kept = "SELECT count(*) FROM photo WHERE enterprise_id = 501";
    int before = atoi(fixture_sql("%s", kept));

    leave_during_the_look();
    sem_post(&house_look_may_end);
    upload("FINE"); /* each of the two threads looks at one */
    upload("FINE");
    ck_assert_int_eq(atoi(fixture_sql("%s", kept)), before + 2);
}
END_TEST

START_TEST(a_server_that_stops_waits_for_the_look)
{
    leave_during_the_look();
    sem_post(&house_look_may_end); /* the rest is house_down's */
}
END_TEST

START_TEST(too_many_uploads_at_once_are_refused_and_forgotten)
{
    enum { MANY = 80 }; /* more than the server takes: some of them, or the next one, are refused */
    people_upload_photo_client *calls[MANY];
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    const char *reason = "";

    part.data = (ProtobufCBinaryData){1000, (uint8_t *)house_picture("FINE", 1000)};
    for (int i = 0; i < MANY; i++) {
        calls[i] = people_upload_photo_client_open(house_client, house_as(HOUSE_ADMIN));
        people_upload_photo_client_write(calls[i], &part);
    }
    for (int attempts = 0; attempts < 100 && !*reason; attempts++) /* until all of them have arrived */
        house_upload(HOUSE_ADMIN, house_picture("FINE", 1000), 1000, &reason);
    ck_assert_str_eq(reason, "UPLOADS_BUSY");
    for (int i = 0; i < MANY; i++) {
        people_upload_photo_client_cancel(calls[i]);
        ck_assert(sp_failed(people_upload_photo_client_finish(calls[i], NULL, NULL)));
    }
    for (int attempts = 0; attempts < 100 && *reason; attempts++)
        house_upload(HOUSE_ADMIN, house_picture("FINE", 1000), 1000, &reason);
    ck_assert_str_eq(reason, "");
}
END_TEST

TCase *photos_tests(void)
{
    TCase *tests = tcase_create("photos");

    tcase_add_test(tests, a_photo_comes_back_as_it_was_sent);
    tcase_add_loop_test(tests, a_photo_that_does_not_fit_is_refused_with_its_reason, 0,
                        sizeof UPLOADS / sizeof *UPLOADS);
    tcase_add_test(tests, what_is_no_picture_is_not_even_looked_at);
    tcase_add_test(tests, an_unclaimed_photo_is_its_uploaders_alone);
    tcase_add_test(tests, a_claimed_photo_is_seen_by_who_sees_the_person);
    tcase_add_test(tests, claiming_seals_a_photo_under_the_persons_own_key);
    tcase_add_test(tests, a_photo_is_good_for_one_person);
    tcase_add_test(tests, another_photo_replaces_the_first_and_terminals_hear_of_it);
    tcase_add_test(tests, nobody_has_a_photo_any_more_that_was_not_claimed_in_time);
    tcase_add_test(tests, a_caller_who_leaves_during_the_look_harms_nobody);
    tcase_add_test(tests, a_server_that_stops_waits_for_the_look);
    tcase_add_test(tests, too_many_uploads_at_once_are_refused_and_forgotten);
    return tests;
}
