/* The terminal's store: what it keeps, what it gives up, and under which epoch it begins again. */
#include <signal.h>
#include <sys/wait.h>

#include "authority.h"
#include "credentials.h"
#include "csr.h"
#include "database.h"
#include "file.h"
#include "memory_journal.h"
#include "run_suite.h"
#include "sqlite_journal.h"
#include "store.h"
#include "store_epoch.h"
#include "temporary_folder.h"

enum { QUOTA = 3 << 20, PICTURE_SIZE = 100000 };

static char folder[64];
static uint8_t jpeg[PICTURE_SIZE];

static void begin(void)
{
    folder_make(folder);
}

static void end(void)
{
    folder_remove(folder);
}

static store *open_store(void)
{
    const store_options options = {.folder = folder, .picture_quota = QUOTA};
    store *s = NULL;
    sp_status status = store_open(&options, &s);

    ck_assert_msg(!sp_failed(status), "%s", status.reason);
    return s;
}

static journal_result append(journal *j, bool with_picture)
{
    journal_picture picture = {.size = PICTURE_SIZE};
    uint8_t record[16];
    int n = snprintf((char *)record, sizeof record, "record %d", (int)(j->facts.last_seq + 1));

    picture.sha256[0] = (uint8_t)(j->facts.last_seq + 1);
    return j->ops->append(j, record, (size_t)n, with_picture ? &picture : NULL, jpeg);
}

/* Joins what it reads, and checks that nothing is missing in between. */
typedef struct {
    uint64_t first, last;
    uint32_t count;
} run;

static bool note_record(void *arg, uint64_t seq, const uint8_t *record, size_t size)
{
    char expected[16];
    run *r = arg;
    int n = snprintf(expected, sizeof expected, "record %d", (int)seq);

    ck_assert_uint_eq(size, (size_t)n);
    ck_assert_mem_eq(record, expected, size);
    if (r->count++ == 0)
        r->first = seq;
    else
        ck_assert_uint_eq(seq, r->last + 1);
    r->last = seq;
    return true;
}

static run read_from(journal *j, uint64_t from, uint32_t max)
{
    run r = {0};

    ck_assert_uint_eq(j->ops->read(j, from, max, note_record, &r), r.count);
    return r;
}

/* ---- Journal ---- */

static void check_journal(journal *j)
{
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    ck_assert_uint_eq(j->facts.last_seq, 10);
    ck_assert_uint_eq(read_from(j, 4, 3).first, 4);
    ck_assert_uint_eq(read_from(j, 4, 3).last, 6);
    ck_assert_uint_eq(read_from(j, 11, 3).count, 0);
    j->ops->acked(j, 7);
    j->ops->acked(j, 5);
    j->ops->acked(j, 99);
    ck_assert_uint_eq(j->facts.acked_seq, 7);
    ck_assert_uint_eq(read_from(j, 8, 100).count, 3);
}

START_TEST(both_journals_give_back_what_they_were_given)
{
    store *s = open_store();
    journal *in_memory = memory_journal_new(1, 16, 64);

    check_journal(store_journal(s));
    check_journal(in_memory);
    memory_journal_free(in_memory);
    store_close(s);
}
END_TEST

START_TEST(a_full_memory_journal_loses_nothing)
{
    journal *j = memory_journal_new(1, 16, 64);

    for (int i = 0; i < 16; i++)
        ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    ck_assert_int_eq(append(j, false), JOURNAL_FULL);
    ck_assert_uint_eq(read_from(j, 1, 100).count, 16);
    j->ops->acked(j, 1);
    ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    ck_assert_uint_eq(read_from(j, 2, 100).last, 17);
    memory_journal_free(j);
}
END_TEST

START_TEST(records_acks_and_pictures_are_there_after_a_restart)
{
    store *s = open_store();
    journal *j = store_journal(s);
    journal_picture picture;
    uint8_t part[1000];

    for (int i = 0; i < PICTURE_SIZE; i++)
        jpeg[i] = (uint8_t)(i % 251);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(append(j, i % 2 == 0), JOURNAL_DONE);
    j->ops->acked(j, 2);
    store_close(s);

    s = open_store();
    j = store_journal(s);
    ck_assert_uint_eq(j->facts.last_seq, 5);
    ck_assert_uint_eq(j->facts.acked_seq, 2);
    ck_assert_uint_eq(j->facts.waiting_pictures, 3);
    ck_assert(j->ops->oldest_picture(j, &picture));
    ck_assert_uint_eq(picture.seq, 1);
    ck_assert_uint_eq(picture.sha256[0], 1);
    ck_assert_uint_eq(j->ops->read_picture(j, 1, 99500, part, sizeof part), 500);
    ck_assert_mem_eq(part, jpeg + 99500, 500);
    ck_assert_uint_eq(j->ops->read_picture(j, 2, 0, part, sizeof part), 0);
    store_close(s);
}
END_TEST

START_TEST(a_picture_leaves_only_after_its_record_is_acknowledged)
{
    store *s = open_store();
    journal *j = store_journal(s);
    journal_picture picture;

    append(j, true);
    ck_assert(!j->ops->oldest_picture(j, &picture));
    j->ops->acked(j, 1);
    ck_assert(j->ops->oldest_picture(j, &picture));
    j->ops->picture_done(j, 1, PICTURE_STORED);
    ck_assert(!j->ops->oldest_picture(j, &picture));
    ck_assert_uint_eq(j->facts.waiting_pictures, 0);
    store_close(s);
}
END_TEST

START_TEST(the_oldest_acknowledged_pictures_go_first_and_no_other_ever)
{
    store *s = open_store();
    journal *j = store_journal(s);
    uint8_t byte;
    unsigned held = QUOTA / PICTURE_SIZE;

    for (unsigned i = 0; i < held; i++) {
        ck_assert(j->ops->make_room(j, PICTURE_SIZE));
        append(j, true);
    }
    ck_assert(!j->ops->make_room(j, PICTURE_SIZE));
    j->ops->acked(j, held);
    j->ops->picture_done(j, 3, PICTURE_STORED);
    j->ops->picture_done(j, 5, PICTURE_STORED);
    j->ops->picture_done(j, 2, PICTURE_STORED);
    ck_assert(j->ops->make_room(j, PICTURE_SIZE));
    ck_assert_uint_eq(j->ops->read_picture(j, 2, 0, &byte, 1), 0);
    ck_assert_uint_ge(j->facts.evicted_pictures, 1);
    for (unsigned seq = 1; seq <= held; seq++)
        if (seq != 2 && seq != 3 && seq != 5)
            ck_assert_uint_eq(j->ops->read_picture(j, seq, 0, &byte, 1), 1);
    ck_assert_uint_eq(read_from(j, 1, 1000).count, held);
    store_close(s);
}
END_TEST

START_TEST(a_disk_that_is_full_refuses_and_keeps_everything)
{
    journal_result result = JOURNAL_DONE;
    sqlite3 *database;
    journal *j;
    uint64_t kept;
    char path[128];

    /* A limit of pages is SQLite's own idea of a full disk. */
    snprintf(path, sizeof path, "%s/full.db", folder);
    ck_assert(!sp_failed(database_open(path, NULL, &database)));
    ck_assert(!sp_failed(database_run(database, "PRAGMA max_page_count = 200")));
    ck_assert(!sp_failed(sqlite_journal_new(database, 1, 1u << 30, &j)));
    while (result == JOURNAL_DONE)
        result = append(j, true);
    ck_assert_int_eq(result, JOURNAL_FULL);
    kept = j->facts.last_seq;
    ck_assert_uint_eq(read_from(j, 1, 1000).count, kept);
    while (append(j, false) == JOURNAL_DONE)
        continue;
    ck_assert_uint_ge(j->facts.last_seq, kept);
    ck_assert_uint_eq(read_from(j, 1, 100000).count, j->facts.last_seq);

    /* With the server having some, room is found again. */
    j->ops->acked(j, j->facts.last_seq);
    for (uint64_t seq = 1; seq <= 3; seq++)
        j->ops->picture_done(j, seq, PICTURE_STORED);
    ck_assert_int_eq(append(j, true), JOURNAL_DONE);
    ck_assert_uint_gt(j->facts.evicted_pictures, 0);
    sqlite_journal_free(j);
    database_close(database);
}
END_TEST

/* ---- Killed between journal and acknowledgement ---- */

/* Appends and tells each number to the parent after the append has returned. */
static void append_until_killed(int out)
{
    store *s = open_store();
    journal *j = store_journal(s);

    for (;;) {
        uint64_t seq;

        if (append(j, j->facts.last_seq % 3 == 0) != JOURNAL_DONE)
            _exit(1);
        seq = j->facts.last_seq;
        if (write(out, &seq, sizeof seq) != sizeof seq)
            _exit(1);
    }
}

START_TEST(killed_at_any_moment_nothing_that_was_appended_is_missing)
{
    for (int round = 0; round < 15; round++) {
        int ends[2];
        uint64_t told = 0;
        uint64_t seq;
        pid_t child;
        store *s;

        ck_assert_int_eq(pipe(ends), 0);
        child = fork();
        if (child == 0) {
            close(ends[0]);
            append_until_killed(ends[1]);
        }
        close(ends[1]);
        while (told < (uint64_t)(round * 7 + 3) && read(ends[0], &seq, sizeof seq) == sizeof seq)
            told++;
        usleep((useconds_t)(round * 137 % 1500));
        kill(child, SIGKILL);
        while (read(ends[0], &seq, sizeof seq) == sizeof seq)
            continue;
        waitpid(child, NULL, 0);
        close(ends[0]);

        s = open_store();
        ck_assert_uint_ge(store_journal(s)->facts.last_seq, seq);
        ck_assert_uint_eq(read_from(store_journal(s), 1, 100000).count, store_journal(s)->facts.last_seq);
        ck_assert_uint_eq(store_journal(s)->facts.epoch, 1);
        store_close(s);
    }
}
END_TEST

/* ---- Epochs ---- */

static void remove_database(void)
{
    static const char *const names[] = {"terminal.db", "terminal.db-wal", "terminal.db-shm"};
    char path[128];

    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
}

static uint32_t epoch_now(void)
{
    store *s = open_store();
    uint32_t epoch = store_journal(s)->facts.epoch;

    store_close(s);
    return epoch;
}

START_TEST(the_epoch_stays_as_long_as_the_store_and_rises_with_each_new_one)
{
    ck_assert_uint_eq(epoch_now(), 1);
    ck_assert_uint_eq(epoch_now(), 1);
    remove_database();
    ck_assert_uint_eq(epoch_now(), 2);
    remove_database();
    ck_assert_uint_eq(epoch_now(), 3);
    ck_assert_uint_eq(epoch_now(), 3);
}
END_TEST

START_TEST(an_old_copy_of_the_database_is_not_gone_on_with)
{
    ck_assert_uint_eq(epoch_now(), 1);
    ck_assert(!sp_failed(store_epoch_write(folder, 5)));
    ck_assert_uint_eq(epoch_now(), 6);
}
END_TEST

START_TEST(a_lost_epoch_file_is_written_again_from_the_database)
{
    char path[128];
    uint32_t epoch;

    ck_assert_uint_eq(epoch_now(), 1);
    remove_database();
    ck_assert_uint_eq(epoch_now(), 2);
    snprintf(path, sizeof path, "%s/epoch", folder);
    unlink(path);
    ck_assert_uint_eq(epoch_now(), 2);
    ck_assert(!sp_failed(store_epoch_read(folder, &epoch)));
    ck_assert_uint_eq(epoch, 2);
}
END_TEST

START_TEST(a_wiped_store_begins_the_next_epoch_with_nothing_in_it)
{
    store *s = open_store();

    append(store_journal(s), true);
    ck_assert(!sp_failed(store_wipe(s)));
    s = open_store();
    ck_assert_uint_eq(store_journal(s)->facts.epoch, 2);
    ck_assert_uint_eq(store_journal(s)->facts.last_seq, 0);
    store_close(s);
}
END_TEST

START_TEST(a_raised_epoch_keeps_what_the_server_does_not_have)
{
    store *s = open_store();
    journal *j = store_journal(s);

    for (int i = 0; i < 6; i++)
        append(j, false);
    j->ops->acked(j, 4);
    ck_assert(!sp_failed(store_raise_epoch(s, 2)));
    ck_assert_uint_eq(j->facts.epoch, 2);
    ck_assert_uint_eq(read_from(j, 1, 100).first, 5);
    store_close(s);
    s = open_store();
    ck_assert_uint_eq(store_journal(s)->facts.epoch, 2);
    ck_assert_uint_eq(store_journal(s)->facts.last_seq, 6);
    store_close(s);
}
END_TEST

START_TEST(an_ordered_epoch_is_begun_by_old_stores_and_new_ones)
{
    store *s;

    ck_assert(!sp_failed(store_epoch_order(folder, 5)));
    ck_assert_uint_eq(epoch_now(), 5);
    ck_assert(!sp_failed(store_epoch_order(folder, 7)));
    s = open_store();
    append(store_journal(s), false);
    ck_assert_uint_eq(store_journal(s)->facts.epoch, 7);
    store_close(s);
    ck_assert(!sp_failed(store_epoch_order(folder, 6)));
    ck_assert_uint_eq(epoch_now(), 7);
}
END_TEST

START_TEST(a_condemned_store_is_set_aside_at_the_next_start)
{
    store *s = open_store();
    char path[128];

    append(store_journal(s), false);
    store_condemn(s);
    store_close(s);
    ck_assert_uint_eq(epoch_now(), 2);
    ck_assert_uint_eq(epoch_now(), 2);
    snprintf(path, sizeof path, "%s/terminal.db.damaged-1", folder);
    ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(two_processes_cannot_share_a_folder)
{
    const store_options options = {.folder = folder, .picture_quota = QUOTA};
    store *s = open_store();
    store *other = NULL;

    ck_assert_str_eq(store_open(&options, &other).reason, "STORE_IN_USE");
    store_close(s);
}
END_TEST

/* ---- People ---- */

START_TEST(people_come_back_whole_and_a_broken_transaction_leaves_no_trace)
{
    store *s = open_store();
    people_store *people = store_people(s);
    person p = {.id = 7, .kind = PERSON_VISITOR, .name = "Mia", .card = "0042", .engine = "e", .has_face = true,
                .valid_until_ms = 99};
    person found;

    p.face[127] = 0.5f;
    ck_assert(!sp_failed(people_store_begin(people)));
    ck_assert(!sp_failed(people_store_put(people, &p)));
    ck_assert(!sp_failed(people_store_commit(people, 12)));
    ck_assert(!sp_failed(people_store_begin(people)));
    ck_assert(!sp_failed(people_store_remove(people, 7)));
    people_store_rollback(people);
    store_close(s);

    s = open_store();
    people = store_people(s);
    ck_assert_int_eq(people_store_revision(people), 12);
    ck_assert_uint_eq(people_store_face_count(people), 1);
    ck_assert(people_store_find_card(people, "0042", &found));
    ck_assert_int_eq(found.id, 7);
    ck_assert_int_eq(found.kind, PERSON_VISITOR);
    ck_assert_int_eq(found.valid_until_ms, 99);
    ck_assert_float_eq(found.face[127], 0.5f);
    ck_assert(!people_store_find_card(people, "", &found));
    store_close(s);
}
END_TEST

/* ---- Credentials ---- */

static char *sign(const char *csr)
{
    char *ca_key, *ca_pem, *certificate;
    authority *ca;
    const client_subject subject = {.common_name = "1"};

    ck_assert(!sp_failed(authority_create("test", 1700000000000, &ca_key, &ca_pem)));
    ck_assert(!sp_failed(authority_load(ca_pem, ca_key, &ca)));
    ck_assert(!sp_failed(authority_sign_client(ca, csr, strlen(csr), &subject, 1700000000000, &certificate)));
    authority_free(ca);
    secret_text_free(ca_key);
    free(ca_pem);
    return certificate;
}

static void write_text(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert(!sp_failed(file_write(path, text, strlen(text), 0600)));
}

START_TEST(a_renewal_that_was_interrupted_is_brought_to_its_end)
{
    char *keys[2], *requests[2], *certificates[2];
    credentials c = {.device_id = 5};
    char path[128];

    for (int i = 0; i < 2; i++) {
        ck_assert(!sp_failed(csr_new("t", &keys[i], &requests[i])));
        certificates[i] = sign(requests[i]);
    }
    ck_assert(!sp_failed(credentials_save(folder, &c, keys[0], certificates[0], certificates[0])));
    ck_assert(!sp_failed(credentials_load(folder, &c)));

    /* Killed before anything moved: the old pair. */
    write_text("key.pem.new", keys[1]);
    write_text("cert.pem.new", certificates[1]);
    ck_assert(!sp_failed(credentials_load(folder, &c)));

    /* Killed after the key moved: the new pair. */
    write_text("key.pem", keys[1]);
    ck_assert(!sp_failed(credentials_load(folder, &c)));
    snprintf(path, sizeof path, "%s/cert.pem.new", folder);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(!sp_failed(credentials_load(folder, &c)));
    ck_assert_int_eq(c.device_id, 5);

    /* A key that fits neither is told. */
    write_text("key.pem", keys[0]);
    ck_assert_str_eq(credentials_load(folder, &c).reason, "CREDENTIALS_UNFIT");
    credentials_clear(folder);
    ck_assert_str_eq(credentials_load(folder, &c).reason, "CREDENTIALS_MISSING");
    for (int i = 0; i < 2; i++) {
        secret_text_free(keys[i]);
        free(requests[i]);
        free(certificates[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tests = tcase_create("store");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tests, begin, end);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, both_journals_give_back_what_they_were_given);
    tcase_add_test(tests, a_full_memory_journal_loses_nothing);
    tcase_add_test(tests, records_acks_and_pictures_are_there_after_a_restart);
    tcase_add_test(tests, a_picture_leaves_only_after_its_record_is_acknowledged);
    tcase_add_test(tests, the_oldest_acknowledged_pictures_go_first_and_no_other_ever);
    tcase_add_test(tests, a_disk_that_is_full_refuses_and_keeps_everything);
    tcase_add_test(tests, killed_at_any_moment_nothing_that_was_appended_is_missing);
    tcase_add_test(tests, the_epoch_stays_as_long_as_the_store_and_rises_with_each_new_one);
    tcase_add_test(tests, an_old_copy_of_the_database_is_not_gone_on_with);
    tcase_add_test(tests, a_lost_epoch_file_is_written_again_from_the_database);
    tcase_add_test(tests, a_wiped_store_begins_the_next_epoch_with_nothing_in_it);
    tcase_add_test(tests, a_raised_epoch_keeps_what_the_server_does_not_have);
    tcase_add_test(tests, an_ordered_epoch_is_begun_by_old_stores_and_new_ones);
    tcase_add_test(tests, a_condemned_store_is_set_aside_at_the_next_start);
    tcase_add_test(tests, two_processes_cannot_share_a_folder);
    tcase_add_test(tests, people_come_back_whole_and_a_broken_transaction_leaves_no_trace);
    tcase_add_test(tests, a_renewal_that_was_interrupted_is_brought_to_its_end);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
