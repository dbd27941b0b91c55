/* Zips of photos through real processes: names and photos arrive, what is wrong with one file is its reason alone, and
 * whatever becomes of a process, the next file is read. */
#include <check.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "made_files.h"
#include "made_zip.h"
#include "photo_archive.h"
#include "photos.h"
#include "picture_file.h"
#include "suite.h"

static worker_pool *pool;
static worker_archive *zip;
static arena memory;
static int file;

static void begin(void)
{
    pool = worker_pool_new(&(worker_options){.program = WORKER, .weights = WEIGHTS, .processes = 1, .files = 1});
    file = memfd_create("zip", MFD_CLOEXEC);
    ck_assert(pool && file >= 0);
    zip = worker_archive_open(pool, file);
    ck_assert_ptr_nonnull(zip);
    arena_init(&memory, 16 << 20);
}

static void end(void)
{
    worker_archive_close(zip);
    worker_pool_free(pool);
    arena_done(&memory);
    close(file);
}

static void add_photo(made_zip *z, const char *name, const char *photo)
{
    size_t size;
    uint8_t *bytes = photo_bytes(photo, &size);

    made_zip_add(z, name, bytes, size);
    free(bytes);
}

/* Ends the life of z. */
static void write_zip(made_zip *z)
{
    size_t size;
    uint8_t *bytes = made_zip_done(z, &size);

    ck_assert_int_eq(ftruncate(file, 0), 0);
    ck_assert_int_eq(pwrite(file, bytes, size, 0), (ssize_t)size);
    free(bytes);
}

static void write_text(const char *text)
{
    ck_assert_int_eq(ftruncate(file, 0), 0);
    ck_assert_int_eq(pwrite(file, text, strlen(text), 0), (ssize_t)strlen(text));
}

static void look_is(uint32_t entry, const char *reason)
{
    archive_look look;
    sp_status status = worker_archive_check(zip, &memory, entry, &look);

    ck_assert_str_eq(status.reason, "");
    ck_assert_str_eq(look.reason ? look.reason : "OK", reason);
    if (look.reason)
        ck_assert_str_ne(look.sentence, "");
    else
        ck_assert_mem_eq(look.photo.photo, "\xff\xd8\xff", 3);
}

static sp_status name_note(void *arg, uint32_t entry, const char *name)
{
    ck_assert(byte_buffer_printf(arg, "%u %s\n", (unsigned)entry, name));
    return SP_DONE;
}

/* ---- What is in it ----------------------------------------------------------------------------------------------- */

START_TEST(names_come_without_folders_and_in_order)
{
    made_zip z;
    byte_buffer names;

    made_zip_init(&z);
    made_zip_add(&z, "photos/", "", 0);
    made_zip_add(&z, "photos/0007.jpg", "x", 1);
    made_zip_add(&z, "__MACOSX/photos/._0007.jpg", "x", 1);
    made_zip_add(&z, "../../\x81.png", "x", 1);
    made_zip_add(&z, "a\n", "x", 1);
    write_zip(&z);
    byte_buffer_init(&names, 1000);
    ck_assert_str_eq(worker_archive_names(pool, file, name_note, &names).reason, "");
    ck_assert_str_eq((char *)names.data, "1 0007.jpg\n3 ü.png\n4 a?\n");
    byte_buffer_done(&names);
}
END_TEST

static sp_status name_check(void *arg, uint32_t entry, const char *name)
{
    char expected[16];

    snprintf(expected, sizeof expected, "%05d.jpg", *(int *)arg);
    ck_assert_str_eq(name, expected);
    ck_assert_int_eq((int)entry, (*(int *)arg)++);
    return SP_DONE;
}

START_TEST(many_names_fill_many_batches)
{
    enum { NAMES = 60000 };
    made_zip z;
    int count = 0;

    made_zip_init(&z);
    for (int i = 0; i < NAMES; i++) {
        char name[16];

        snprintf(name, sizeof name, "%05d.jpg", i);
        made_zip_add(&z, name, "", 0);
    }
    write_zip(&z);
    ck_assert_str_eq(worker_archive_names(pool, file, name_check, &count).reason, "");
    ck_assert_int_eq(count, NAMES);
}
END_TEST

SP_STATUS(ENOUGH, SP_ABORTED, "Enough.");

static sp_status stop_at_once(void *arg, uint32_t entry, const char *name)
{
    (void)arg;
    (void)entry;
    (void)name;
    return ENOUGH;
}

START_TEST(whoever_takes_names_can_stop_the_reading)
{
    made_zip z;

    made_zip_init(&z);
    made_zip_add(&z, "a.jpg", "x", 1);
    write_zip(&z);
    ck_assert_str_eq(worker_archive_names(pool, file, stop_at_once, NULL).reason, ENOUGH.reason);
}
END_TEST

START_TEST(every_file_has_its_own_verdict)
{
    uint8_t *large = calloc(1, 512001), *bomb = calloc(1, 32 << 20);
    made_file inner = made_white_png(600, 600);
    made_zip z, nested;
    size_t size;

    made_zip_init(&nested);
    add_photo(&nested, "in.jpg", "person-01");
    uint8_t *nested_bytes = made_zip_done(&nested, &size);
    made_zip_init(&z);
    add_photo(&z, "0.jpg", "person-01");
    add_photo(&z, "1.jpg", "nobody");
    made_zip_add(&z, "2.jpg", "no picture", 10);
    made_zip_add(&z, "3.jpg", "", 0);
    made_zip_add(&z, "4.png", inner.bytes, inner.size);
    made_zip_add(&z, "5.jpg", large, 512001);
    made_zip_add(&z, "6.jpg", bomb, 32 << 20);
    made_zip_add_lying(&z, "7.jpg", bomb, 32 << 20, 1000);
    made_zip_add(&z, "8.jpg", nested_bytes, size);
    add_photo(&z, "9.jpg", "person-02");
    write_zip(&z);
    static const char *const reasons[] = {"OK",           "NO_FACE",   "NOT_AN_IMAGE",          "NOT_AN_IMAGE",
                                          "NO_FACE",      "TOO_LARGE", "FILE_INFLATES_TOO_FAR", "FILE_DAMAGED",
                                          "NOT_AN_IMAGE", "OK"};
    for (uint32_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        look_is(i, reasons[i]);
    look_is(3, "NOT_AN_IMAGE"); /* in whichever order */
    look_is(0, "OK");
    free(large);
    free(bomb);
    free(inner.bytes);
    free(nested_bytes);
}
END_TEST

START_TEST(what_is_no_zip_has_a_reason)
{
    archive_look look;

    write_text("no zip at all, but long enough to have an end");
    ck_assert_str_eq(worker_archive_names(pool, file, stop_at_once, NULL).reason, ARCHIVE_NOT_READABLE.reason);
    ck_assert_str_eq(worker_archive_check(zip, &memory, 0, &look).reason, ARCHIVE_NOT_READABLE.reason);
    ck_assert_int_eq(ftruncate(file, ARCHIVE_FILE_BYTES_MAX + 1), 0);
    ck_assert_str_eq(worker_archive_names(pool, file, stop_at_once, NULL).reason, ARCHIVE_TOO_LARGE.reason);
}
END_TEST

/* ---- What becomes of processes ----------------------------------------------------------------------------------- */

static pid_t parent_of(pid_t pid)
{
    char path[64], line[512] = "";
    int parent = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *stat = fopen(path, "r");
    if (!stat)
        return 0;
    if (fgets(line, sizeof line, stat) && strrchr(line, ')'))
        sscanf(strrchr(line, ')') + 1, " %*c %d", &parent);
    fclose(stat);
    return parent;
}

/* A child of this test; 0: it has none. */
static pid_t any_worker(void)
{
    DIR *processes = opendir("/proc");
    pid_t found = 0;

    ck_assert_ptr_nonnull(processes);
    for (struct dirent *entry; (entry = readdir(processes)) && !found;) {
        pid_t pid = atoi(entry->d_name);

        if (pid > 0 && parent_of(pid) == getpid())
            found = pid;
    }
    closedir(processes);
    return found;
}

static void *kill_soon(void *arg)
{
    usleep(300000);
    kill(*(pid_t *)arg, SIGKILL);
    return NULL;
}

START_TEST(a_process_that_dies_takes_one_file_with_it)
{
    made_zip z;
    pthread_t killer;

    made_zip_init(&z);
    add_photo(&z, "0.jpg", "person-01");
    add_photo(&z, "1.jpg", "person-02");
    write_zip(&z);
    look_is(0, "OK");
    pid_t worker = any_worker();
    ck_assert_int_gt(worker, 0);
    kill(worker, SIGSTOP); /* so that it is in the middle of a file */
    ck_assert_int_eq(pthread_create(&killer, NULL, kill_soon, &worker), 0);
    look_is(0, "CHECK_CRASHED");
    pthread_join(killer, NULL);
    look_is(1, "OK");
    ck_assert_int_ne(any_worker(), worker);
    kill(any_worker(), SIGKILL); /* between two files: nobody hears of it */
    usleep(200000);
    look_is(0, "OK");
}
END_TEST

#ifndef WORKER_SANITIZED /* a sanitizer's own memory is another matter */
/* Of the worker, KiB. */
static long memory_of(pid_t pid, const char *field)
{
    char path[64], line[512];
    long kib = -1;

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *status = fopen(path, "r");
    ck_assert_ptr_nonnull(status);
    while (kib < 0 && fgets(line, sizeof line, status))
        if (strncmp(line, field, strlen(field)) == 0)
            kib = strtol(line + strlen(field), NULL, 10);
    fclose(status);
    ck_assert_int_ge(kib, 0);
    return kib;
}

/* As a telephone would take it. */
static void add_large_photo(made_zip *z, const char *name)
{
    bitmap photo = photo_load("person-01"), large;
    face_picture view = bitmap_view(&photo);
    uint8_t *bytes;
    size_t size;

    ck_assert(bitmap_resize(&view, 2660, 4000, &large));
    view = bitmap_view(&large);
    ck_assert(picture_file_encode(&view, 80, &bytes, &size));
    made_zip_add(z, name, bytes, size);
    bitmap_done(&photo);
    bitmap_done(&large);
    free(bytes);
}

START_TEST(many_photos_need_no_more_memory_than_one)
{
    enum { PHOTOS = 40, OWN_KIB_MAX = 14 * 1024 };
    made_zip z;
    char name[32];

    made_zip_init(&z);
    for (int i = 0; i < PHOTOS; i++) {
        snprintf(name, sizeof name, "person-%02d", 1 + i % PHOTO_PERSONS);
        if (i % 5 == 4)
            add_large_photo(&z, name);
        else
            add_photo(&z, name, name);
    }
    write_zip(&z);
    for (uint32_t i = 0; i < PHOTOS; i++) {
        look_is(i, "OK");
        arena_reset(&memory);
    }
    pid_t worker = any_worker();
    long mapped_kib = memory_of(worker, "RssFile:"); /* program, libraries and weights */
    ck_assert_int_lt(memory_of(worker, "VmHWM:") - mapped_kib, OWN_KIB_MAX);
}
END_TEST
#endif

START_TEST(no_process_outlives_its_zip)
{
    made_zip z;

    made_zip_init(&z);
    add_photo(&z, "0.jpg", "person-01");
    write_zip(&z);
    look_is(0, "OK");
    worker_archive_close(zip);
    zip = NULL;
    ck_assert_int_eq(any_worker(), 0);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_said)
{
    worker_pool *nothing = worker_pool_new(&(worker_options){.program = "/nowhere", .weights = WEIGHTS});
    worker_archive *none = worker_archive_open(nothing, file);
    archive_look look;

    ck_assert_str_eq(worker_archive_names(nothing, file, stop_at_once, NULL).reason, ARCHIVE_WORKER_NOT_STARTED.reason);
    ck_assert_str_eq(worker_archive_check(none, &memory, 0, &look).reason, ARCHIVE_WORKER_NOT_STARTED.reason);
    worker_archive_close(none);
    worker_pool_free(nothing);
}
END_TEST

#ifdef WORKER_SANITIZED
#define MEMORY_TESTS
#else
#define MEMORY_TESTS many_photos_need_no_more_memory_than_one,
#endif

int main(void)
{
    return RUN_SUITE_IN(begin, end, "worker archive", 120, names_come_without_folders_and_in_order,
                        many_names_fill_many_batches, whoever_takes_names_can_stop_the_reading,
                        every_file_has_its_own_verdict, what_is_no_zip_has_a_reason,
                        a_process_that_dies_takes_one_file_with_it, MEMORY_TESTS no_process_outlives_its_zip,
                        a_program_that_is_not_there_is_said);
}
