/* The private cluster: killed, adopted, refused. Each test makes one of its own. */
#include <errno.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cluster.h"
#include "db_tests.h"
#include "fixture.h"

static char folder[128], directory[300];
static char detail[512];

static void up(void)
{
    snprintf(folder, sizeof folder, "%s/cl-XXXXXX", fixture_directory);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chmod(folder, 0755), 0);
    snprintf(directory, sizeof directory, "%s/postgres", folder);
}

static int entry_remove(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void down(void)
{
    nftw(folder, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static db_cluster *start(void)
{
    db_cluster *cluster = NULL;
    sp_status status = db_cluster_start(&(db_cluster_options){.directory = directory}, &cluster, detail);

    ck_assert_msg(!sp_failed(status), "%s %s", status.reason, detail);
    return cluster;
}

static pid_t postmaster(void)
{
    char path[340];
    int pid = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/postmaster.pid", directory);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%d", &pid), 1);
    fclose(file);
    return (pid_t)pid;
}

static bool answers(const db_cluster *cluster)
{
    PGconn *pg = PQconnectdb(db_cluster_conninfo(cluster));
    PGresult *result = PQexec(pg, "SELECT 1");
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

    PQclear(result);
    PQfinish(pg);
    return ok;
}

static bool answers_within(const db_cluster *cluster, int seconds)
{
    for (int i = 0; i < seconds * 10; i++) {
        if (answers(cluster))
            return true;
        usleep(100000);
    }
    return false;
}

START_TEST(a_killed_database_comes_back)
{
    db_cluster *cluster = start();
    pid_t first = postmaster();

    ck_assert(answers(cluster));
    kill(first, SIGKILL);
    usleep(50000);
    ck_assert(answers_within(cluster, 30));
    ck_assert_int_ne(postmaster(), first);
    db_cluster_stop(cluster);
    ck_assert_int_eq(access(directory, F_OK), 0);
}
END_TEST

/* A server that is killed leaves its cluster running; the next one adopts it, and restarts it when it dies. */
START_TEST(a_cluster_left_running_is_adopted)
{
    db_cluster *cluster;
    pid_t left, server = fork();

    if (server == 0) {
        cluster = start();
        _exit(answers(cluster) ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(server, NULL, 0), server);
    left = postmaster();
    ck_assert_int_eq(kill(left, 0), 0);
    cluster = start();
    ck_assert_int_eq(postmaster(), left);
    ck_assert(answers(cluster));
    kill(left, SIGKILL);
    usleep(50000);
    ck_assert(answers_within(cluster, 30));
    ck_assert_int_ne(postmaster(), left);
    db_cluster_stop(cluster);
}
END_TEST

START_TEST(stopping_an_adopted_cluster_stops_it)
{
    db_cluster *cluster;
    pid_t server = fork();
    char path[340];

    if (server == 0) {
        cluster = start();
        _exit(0);
    }
    waitpid(server, NULL, 0);
    ck_assert_int_gt(postmaster(), 1);
    cluster = start();
    db_cluster_stop(cluster);
    snprintf(path, sizeof path, "%s/postmaster.pid", directory);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(an_initdb_that_was_killed_is_begun_anew)
{
    char unfinished[340], file[360];
    db_cluster *cluster;

    snprintf(unfinished, sizeof unfinished, "%s.unfinished", directory);
    ck_assert_int_eq(mkdir(unfinished, 0700), 0);
    snprintf(file, sizeof file, "%s/PG_VERSION", unfinished);
    fclose(fopen(file, "w"));
    cluster = start();
    ck_assert(answers(cluster));
    db_cluster_stop(cluster);
    ck_assert_int_ne(access(unfinished, F_OK), 0);
}
END_TEST

START_TEST(a_folder_of_another_major_version_is_refused_and_left_alone)
{
    char file[340];
    db_cluster *cluster;
    FILE *version;

    ck_assert_int_eq(mkdir(directory, 0700), 0);
    snprintf(file, sizeof file, "%s/PG_VERSION", directory);
    version = fopen(file, "w");
    fputs("14\n", version);
    fclose(version);
    assert_reason(db_cluster_start(&(db_cluster_options){.directory = directory}, &cluster, detail),
                  CLUSTER_OTHER_VERSION);
    ck_assert_ptr_nonnull(strstr(detail, "version 14"));
    ck_assert_int_eq(access(file, F_OK), 0);
}
END_TEST

START_TEST(a_long_path_gets_its_socket_elsewhere)
{
    size_t n = strlen(directory);
    db_cluster *cluster;

    snprintf(directory + n, sizeof directory - n, "-%0100d", 0);
    cluster = start();
    ck_assert(answers(cluster));
    ck_assert_ptr_null(strstr(db_cluster_conninfo(cluster), folder));
    db_cluster_stop(cluster);
}
END_TEST

START_TEST(a_user_that_does_not_exist_is_named)
{
    db_cluster *cluster;

    if (geteuid() != 0)
        return;
    assert_reason(
        db_cluster_start(&(db_cluster_options){.directory = directory, .user = "nobody-here"}, &cluster, detail),
        CLUSTER_NO_USER);
    ck_assert_ptr_nonnull(strstr(detail, "nobody-here"));
}
END_TEST

START_TEST(a_folder_that_the_user_may_not_enter_is_named)
{
    db_cluster *cluster;

    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chmod(folder, 0700), 0);
    assert_reason(db_cluster_start(&(db_cluster_options){.directory = directory}, &cluster, detail), CLUSTER_DIRECTORY);
    ck_assert_ptr_nonnull(strstr(detail, folder));
}
END_TEST

TCase *cluster_tests(void)
{
    TCase *tests = tcase_create("cluster");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_killed_database_comes_back);
    tcase_add_test(tests, a_cluster_left_running_is_adopted);
    tcase_add_test(tests, stopping_an_adopted_cluster_stops_it);
    tcase_add_test(tests, an_initdb_that_was_killed_is_begun_anew);
    tcase_add_test(tests, a_folder_of_another_major_version_is_refused_and_left_alone);
    tcase_add_test(tests, a_long_path_gets_its_socket_elsewhere);
    tcase_add_test(tests, a_user_that_does_not_exist_is_named);
    tcase_add_test(tests, a_folder_that_the_user_may_not_enter_is_named);
    return tests;
}
