/* The blob store on real files and a real database. */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "blobs.h"
#include "fixture.h"

enum { ENTERPRISE = 401 };

static char folder[128], key[136];
static arena memory;
static db_pool *pool;
static blob_store *store;

static blob_store *store_open(void)
{
    return blob_store_new(&(blob_options){folder, key});
}

static void up(void)
{
    snprintf(folder, sizeof folder, "%s/blobs-%d", fixture_directory, (int)getpid());
    snprintf(key, sizeof key, "%s.key", folder);
    arena_init(&memory, 64 * 1024 * 1024);
    pool = fixture_pool(DB_SYSTEM, 4);
    store = store_open();
    ck_assert_ptr_nonnull(store);
    fixture_sql("INSERT INTO enterprise VALUES (401, 'Blobs', 'UTC', now()), (402, 'Others', 'UTC', now()) ON CONFLICT "
                "DO NOTHING");
}

static void down(void)
{
    blob_store_free(store);
    db_pool_free(pool);
    arena_done(&memory);
}

static int64_t put(const char *owner, const void *bytes, size_t size)
{
    blob_item item = {owner, BLOB_PHOTO, bytes, size, 0};
    db_tx *tx;

    assert_done(db_begin(pool, ENTERPRISE, &memory, &tx));
    assert_done(blob_put(store, tx, ENTERPRISE, &item, 1));
    assert_done(db_commit(tx));
    return item.id;
}

static sp_status get(int64_t enterprise, int64_t id, const uint8_t **ret_bytes, size_t *ret_size)
{
    db_tx *tx;
    sp_status status;

    assert_done(db_begin(pool, enterprise, &memory, &tx));
    status = blob_get(store, tx, enterprise, id, ret_bytes, ret_size);
    db_rollback(tx);
    return status;
}

static char *only_segment(void)
{
    static char path[512];
    DIR *open_folder = opendir(folder);
    struct dirent *entry;

    path[0] = '\0';
    while ((entry = readdir(open_folder)) != NULL)
        if (entry->d_name[0] != '.')
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    closedir(open_folder);
    return path;
}

START_TEST(what_is_put_can_be_read_after_the_store_was_opened_again)
{
    int64_t id = put("person:1", "a face", 6);
    const uint8_t *bytes;
    size_t size;

    blob_store_free(store);
    store = store_open();
    assert_done(get(ENTERPRISE, id, &bytes, &size));
    ck_assert_uint_eq(size, 6);
    ck_assert_mem_eq(bytes, "a face", 6);
}
END_TEST

START_TEST(the_bytes_on_the_disk_tell_nothing)
{
    static const char face[] = "this is a face that nobody must see";
    char bytes[4096];
    ssize_t n;
    int fd;

    put("person:2", face, sizeof face);
    fd = open(only_segment(), O_RDONLY);
    n = read(fd, bytes, sizeof bytes);
    ck_assert_int_gt(n, (int)sizeof face);
    ck_assert_ptr_null(memmem(bytes, (size_t)n, face, sizeof face - 1));
    close(fd);
}
END_TEST

START_TEST(a_changed_byte_is_noticed)
{
    int64_t id = put("person:3", "a face", 6);
    const uint8_t *bytes;
    size_t size;
    int fd = open(only_segment(), O_RDWR);

    ck_assert_int_eq(pwrite(fd, "x", 1, lseek(fd, 0, SEEK_END) - 3), 1);
    assert_reason(get(ENTERPRISE, id, &bytes, &size), BLOB_DAMAGED);
    ck_assert_int_eq(ftruncate(fd, 5), 0);
    assert_reason(get(ENTERPRISE, id, &bytes, &size), BLOB_DAMAGED);
    close(fd);
}
END_TEST

START_TEST(a_torn_tail_of_a_killed_server_harms_nobody)
{
    const uint8_t *bytes;
    size_t size;
    int64_t first = put("person:4", "before", 6), second;
    int fd;

    blob_store_free(store);
    fd = open(only_segment(), O_WRONLY | O_APPEND);
    ck_assert_int_eq(write(fd, "torn", 4), 4);
    close(fd);
    store = store_open();
    second = put("person:4", "after", 5);
    assert_done(get(ENTERPRISE, first, &bytes, &size));
    ck_assert_mem_eq(bytes, "before", 6);
    assert_done(get(ENTERPRISE, second, &bytes, &size));
    ck_assert_mem_eq(bytes, "after", 5);
}
END_TEST

START_TEST(a_batch_keeps_its_parts_apart)
{
    blob_item items[] = {{"person:5", BLOB_PHOTO, "photo", 5, 0},
                         {"person:5", BLOB_PHOTO, "thumb", 5, 0},
                         {"strangers:2026-01-01", BLOB_SNAPSHOT, "snapshot", 8, 0}};
    const uint8_t *bytes;
    size_t size;
    db_tx *tx;

    assert_done(db_begin(pool, ENTERPRISE, &memory, &tx));
    assert_done(blob_put(store, tx, ENTERPRISE, items, 3));
    assert_done(db_commit(tx));
    for (int i = 0; i < 3; i++) {
        assert_done(get(ENTERPRISE, items[i].id, &bytes, &size));
        ck_assert_uint_eq(size, items[i].size);
        ck_assert_mem_eq(bytes, items[i].bytes, size);
    }
    ck_assert_str_eq(
        fixture_sql("SELECT count(DISTINCT key_id) FROM blob WHERE enterprise_id = 401 AND id IN (%lld, %lld, %lld)",
                    (long long)items[0].id, (long long)items[1].id, (long long)items[2].id),
        "2");
}
END_TEST

START_TEST(what_was_rolled_back_does_not_exist)
{
    blob_item item = {"person:6", BLOB_PHOTO, "never", 5, 0};
    const uint8_t *bytes;
    size_t size;
    db_tx *tx;

    assert_done(db_begin(pool, ENTERPRISE, &memory, &tx));
    assert_done(blob_put(store, tx, ENTERPRISE, &item, 1));
    db_rollback(tx);
    assert_reason(get(ENTERPRISE, item.id, &bytes, &size), BLOB_NOT_FOUND);
}
END_TEST

START_TEST(another_enterprise_does_not_find_it)
{
    int64_t id = put("person:7", "mine", 4);
    const uint8_t *bytes;
    size_t size;

    assert_reason(get(402, id, &bytes, &size), BLOB_NOT_FOUND);
}
END_TEST

START_TEST(swapping_two_rows_is_noticed)
{
    int64_t one = put("person:8", "one", 3), two = put("person:8", "two", 3);
    const uint8_t *bytes;
    size_t size;

    fixture_sql("UPDATE blob a SET place = b.place, sha256 = b.sha256 FROM blob b WHERE a.id = %lld AND b.id = %lld",
                (long long)one, (long long)two);
    assert_reason(get(ENTERPRISE, one, &bytes, &size), BLOB_DAMAGED);
}
END_TEST

START_TEST(erasing_an_owner_erases_key_and_rows)
{
    int64_t id = put("person:9", "gone", 4);
    const uint8_t *bytes;
    size_t size;
    db_tx *tx;

    assert_done(db_begin(pool, ENTERPRISE, &memory, &tx));
    assert_done(blob_erase(tx, ENTERPRISE, "person:9"));
    assert_done(db_commit(tx));
    assert_reason(get(ENTERPRISE, id, &bytes, &size), BLOB_NOT_FOUND);
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM blob_key WHERE owner = 'person:9'"), "0");
}
END_TEST

START_TEST(a_lost_master_key_is_not_replaced)
{
    put("person:10", "kept", 4);
    blob_store_free(store);
    ck_assert_int_eq(unlink(key), 0);
    store = store_open();
    ck_assert_ptr_null(store);
}
END_TEST

static void *put_many(void *arg)
{
    long writer = (long)arg;
    int64_t *ids = calloc(50, sizeof *ids);
    char owner[32], text[32];
    arena own;

    arena_init(&own, 16 * 1024 * 1024);
    for (int i = 0; i < 50; i++) {
        blob_item item = {owner, BLOB_SNAPSHOT, text, 0, 0};
        db_tx *tx;

        snprintf(owner, sizeof owner, "strangers:%d", i % 5);
        item.size = (size_t)snprintf(text, sizeof text, "writer %ld picture %d", writer, i);
        assert_done(db_begin(pool, ENTERPRISE, &own, &tx));
        assert_done(blob_put(store, tx, ENTERPRISE, &item, 1));
        assert_done(db_commit(tx));
        ids[i] = item.id;
    }
    arena_done(&own);
    return ids;
}

START_TEST(many_writers_at_once_lose_nothing)
{
    pthread_t threads[4];
    int64_t *ids;

    for (long i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, put_many, (void *)i), 0);
    for (long i = 0; i < 4; i++) {
        pthread_join(threads[i], (void **)&ids);
        for (int n = 0; n < 50; n++) {
            const uint8_t *bytes;
            size_t size;
            char text[32];

            snprintf(text, sizeof text, "writer %ld picture %d", i, n);
            assert_done(get(ENTERPRISE, ids[n], &bytes, &size));
            ck_assert_uint_eq(size, strlen(text));
            ck_assert_mem_eq(bytes, text, size);
        }
        free(ids);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("blobs");
    TCase *tests = tcase_create("store");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, what_is_put_can_be_read_after_the_store_was_opened_again);
    tcase_add_test(tests, the_bytes_on_the_disk_tell_nothing);
    tcase_add_test(tests, a_changed_byte_is_noticed);
    tcase_add_test(tests, a_torn_tail_of_a_killed_server_harms_nobody);
    tcase_add_test(tests, a_batch_keeps_its_parts_apart);
    tcase_add_test(tests, what_was_rolled_back_does_not_exist);
    tcase_add_test(tests, another_enterprise_does_not_find_it);
    tcase_add_test(tests, swapping_two_rows_is_noticed);
    tcase_add_test(tests, erasing_an_owner_erases_key_and_rows);
    tcase_add_test(tests, a_lost_master_key_is_not_replaced);
    tcase_add_test(tests, many_writers_at_once_lose_nothing);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
