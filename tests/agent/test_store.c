/* The terminal's store: under which epoch it begins again, and the people it keeps. */
#include <sys/stat.h>
#include <unistd.h>

#include "reserve.h"
#include "store_epoch.h"
#include "store_fixture.h"

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

START_TEST(a_wiped_store_leaves_no_damaged_files_behind_either)
{
    store *s = open_store();
    char path[128];

    store_condemn(s);
    store_close(s);
    s = open_store();
    snprintf(path, sizeof path, "%s/terminal.db.damaged-1", folder);
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert(!sp_failed(store_wipe(s)));
    ck_assert_int_ne(access(path, F_OK), 0);
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

/* ---- The reserve ---- */

enum { RESERVE = 1 << 20 };

static off_t reserve_length(void)
{
    struct stat facts;
    char path[128];

    snprintf(path, sizeof path, "%s/reserve", folder);
    return stat(path, &facts) == 0 ? facts.st_size : -1;
}

START_TEST(the_reserve_is_written_when_the_store_opens_and_stays)
{
    const store_options options = {.folder = folder, .picture_quota = QUOTA, .reserve = RESERVE};
    store *s = NULL;
    reserve r;

    for (int i = 0; i < 2; i++) {
        ck_assert(!sp_failed(store_open(&options, &s)));
        ck_assert_int_eq(reserve_length(), RESERVE);
        store_close(s);
    }
    reserve_open(&r, folder, RESERVE);
    ck_assert(r.held && !r.released);
}
END_TEST

START_TEST(a_released_reserve_is_known_as_such_until_it_is_taken_again)
{
    reserve r;

    reserve_open(&r, folder, RESERVE);
    ck_assert(!r.held && !r.released);
    ck_assert(!reserve_release(&r));
    reserve_take(&r);
    ck_assert(reserve_release(&r));
    ck_assert(!reserve_release(&r));
    ck_assert_int_eq(reserve_length(), 0);
    reserve_open(&r, folder, RESERVE);
    ck_assert(!r.held && r.released);
    reserve_take(&r);
    ck_assert(r.held && !r.released);
    ck_assert_int_eq(reserve_length(), RESERVE);
}
END_TEST

START_TEST(a_reserve_that_was_cut_short_or_of_another_size_is_written_anew)
{
    reserve r;

    reserve_open(&r, folder, RESERVE);
    reserve_take(&r);
    ck_assert_int_eq(truncate(r.path, RESERVE / 2), 0);
    reserve_open(&r, folder, RESERVE);
    ck_assert(!r.held);
    ck_assert_int_eq(reserve_length(), 0);

    ck_assert_int_eq(truncate(r.path, RESERVE), 0); /* as long as it should be, with nothing on the disk */
    reserve_open(&r, folder, RESERVE);
    ck_assert(!r.held);
    reserve_take(&r);
    reserve_open(&r, folder, RESERVE * 2);
    ck_assert(!r.held);
    reserve_take(&r);
    ck_assert_int_eq(reserve_length(), RESERVE * 2);
    reserve_open(&r, folder, 0);
    reserve_take(&r);
    ck_assert(!r.held);
    ck_assert_int_eq(reserve_length(), 0);
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
    person p = {.id = 7,
                .kind = PERSON_VISITOR,
                .name = "Mia",
                .card = "0042",
                .engine = "e",
                .has_face = true,
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

START_TEST(templates_of_another_engine_are_not_used_and_the_feed_begins_anew)
{
    static face_owner owners[4];
    static float faces[4][FACE_INDEX_LENGTH];
    store *s = open_store();
    people_store *people = store_people(s);
    face_index index;
    person p = {.id = 7, .kind = PERSON_EMPLOYEE, .engine = "old", .has_face = true};

    face_index_init(&index, owners, faces, 4);
    ck_assert(!sp_failed(people_store_begin(people)));
    ck_assert(!sp_failed(people_store_put(people, &p)));
    ck_assert(!sp_failed(people_store_commit(people, 12)));
    ck_assert(!sp_failed(people_store_index(people, "old", &index)));
    ck_assert_uint_eq(index.count, 1);
    ck_assert_int_eq(people_store_revision(people), 12);
    ck_assert(!sp_failed(people_store_index(people, "new", &index)));
    ck_assert_uint_eq(index.count, 0);
    ck_assert_int_eq(people_store_revision(people), 0);
    store_close(s);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(
        begin, end, "store", 120, the_epoch_stays_as_long_as_the_store_and_rises_with_each_new_one,
        an_old_copy_of_the_database_is_not_gone_on_with, a_lost_epoch_file_is_written_again_from_the_database,
        a_wiped_store_begins_the_next_epoch_with_nothing_in_it, a_raised_epoch_keeps_what_the_server_does_not_have,
        a_wiped_store_leaves_no_damaged_files_behind_either,
        templates_of_another_engine_are_not_used_and_the_feed_begins_anew,
        an_ordered_epoch_is_begun_by_old_stores_and_new_ones, a_condemned_store_is_set_aside_at_the_next_start,
        the_reserve_is_written_when_the_store_opens_and_stays,
        a_released_reserve_is_known_as_such_until_it_is_taken_again,
        a_reserve_that_was_cut_short_or_of_another_size_is_written_anew, two_processes_cannot_share_a_folder,
        people_come_back_whole_and_a_broken_transaction_leaves_no_trace);
}
