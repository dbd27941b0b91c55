/* The journal: what it keeps, what it gives up, and what a kill cannot take from it. */
#include <signal.h>
#include <sys/wait.h>

#include "database.h"
#include "memory_journal.h"
#include "sqlite_journal.h"
#include "store_fixture.h"

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
    ck_assert(!sp_failed(sqlite_journal_new(database, 1, 1u << 30, NULL, &j)));
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

START_TEST(old_records_go_when_the_server_has_them_and_never_before)
{
    sqlite3 *database;
    journal *j;
    char path[128];

    snprintf(path, sizeof path, "%s/old.db", folder);
    ck_assert(!sp_failed(database_open(path, NULL, &database)));
    ck_assert(!sp_failed(database_run(database, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                                                " WHERE i < 100010) INSERT INTO record SELECT i, 'record ' || i, 0, 0,"
                                                " NULL FROM n")));
    ck_assert(!sp_failed(sqlite_journal_new(database, 1, QUOTA, NULL, &j)));
    ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    ck_assert_uint_eq(read_from(j, 1, 1).first, 1);
    j->ops->acked(j, 5);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    ck_assert_uint_eq(read_from(j, 1, 1).first, 6);
    j->ops->acked(j, 100000);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    ck_assert_uint_eq(read_from(j, 1, 1).first, 16);
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

START_TEST(nothing_is_posted_until_somebody_says_so_and_what_was_is_remembered)
{
    store *s = open_store();
    journal *j = store_journal(s);

    ck_assert_uint_eq(j->facts.posted_seq, JOURNAL_POSTS_NOTHING);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    j->ops->posted(j, 3);
    store_close(s);
    s = open_store();
    ck_assert_uint_eq(store_journal(s)->facts.posted_seq, 3);
    store_journal(s)->ops->posted(store_journal(s), JOURNAL_POSTS_NOTHING);
    store_close(s);
    s = open_store();
    ck_assert_uint_eq(store_journal(s)->facts.posted_seq, JOURNAL_POSTS_NOTHING);
    store_close(s);
}
END_TEST

START_TEST(what_was_posted_is_durable_with_the_next_record)
{
    store *s;
    pid_t child = fork();

    if (child == 0) {
        journal *j;

        s = open_store();
        j = store_journal(s);
        append(j, false);
        j->ops->posted(j, 1);
        append(j, false);
        j->ops->posted(j, 2);
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    s = open_store();
    ck_assert_uint_eq(store_journal(s)->facts.posted_seq, 1);
    ck_assert_uint_eq(store_journal(s)->facts.last_seq, 2);
    store_close(s);
}
END_TEST

START_TEST(another_epoch_remembers_what_was_posted)
{
    store *s = open_store();
    journal *j = store_journal(s);

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(append(j, false), JOURNAL_DONE);
    j->ops->acked(j, 4);
    j->ops->posted(j, 2);
    ck_assert(!sp_failed(store_raise_epoch(s, 2)));
    ck_assert_uint_eq(j->facts.posted_seq, 2);
    ck_assert_uint_eq(read_from(j, 3, 10).first, 5);
    store_close(s);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(
        begin, end, "journal", 120, both_journals_give_back_what_they_were_given, a_full_memory_journal_loses_nothing,
        records_acks_and_pictures_are_there_after_a_restart, a_picture_leaves_only_after_its_record_is_acknowledged,
        the_oldest_acknowledged_pictures_go_first_and_no_other_ever, a_disk_that_is_full_refuses_and_keeps_everything,
        old_records_go_when_the_server_has_them_and_never_before,
        killed_at_any_moment_nothing_that_was_appended_is_missing,
        nothing_is_posted_until_somebody_says_so_and_what_was_is_remembered,
        what_was_posted_is_durable_with_the_next_record, another_epoch_remembers_what_was_posted);
}
