/* The sealer against a real database: several of them, killed ones, writers that go on meanwhile. */
#include "audit_sealer.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "audit_tests.h"
#include "audit_verify.h"
#include "fixture.h"
#include "log.h"

enum { ENTERPRISE = 611, OTHER = 612, WRITERS = 4 };

static const uint8_t KEY[AUDIT_KEY_SIZE] = "the installation's own key......";
static const uint8_t OTHER_KEY[AUDIT_KEY_SIZE] = "another installation's key......";

static arena memory;
static db_pool *app, *sys;

static void up(void)
{
    log_set_level(LOG_ERROR);
    arena_init(&memory, 1 << 20);
    app = fixture_pool(DB_APP, WRITERS);
    sys = fixture_pool(DB_SYSTEM, 3);
    fixture_sql("DELETE FROM audit_row; DELETE FROM audit_payload; DELETE FROM audit_head; DELETE FROM audit_lease");
}

static void down(void)
{
    db_pool_free(app);
    db_pool_free(sys);
    arena_done(&memory);
}

static audit_sealer *sealer_with(const uint8_t *key)
{
    audit_sealer *sealer = audit_sealer_new(&(audit_sealer_options){.system = sys, .key = key, .period_ms = -1});

    ck_assert_ptr_nonnull(sealer);
    return sealer;
}

static sp_status add(arena *a, int64_t enterprise_id, int64_t person_id)
{
    const audit_entry entry = {
        .enterprise_id = enterprise_id,
        .now_ms = 1000,
        .operator_name = "admin",
        .module = "people",
        .action = "update employee",
        .object = "employee 1 Ann",
        .outcome = SP_DONE,
        .person_id = person_id,
        .after = person_id ? "{\"name\":\"Ann\"}" : NULL,
    };
    db_tx *tx;
    sp_status status = db_begin(app, enterprise_id, a, &tx);

    return sp_failed(status) ? status : db_end(tx, audit_add(tx, &entry));
}

static void add_some(int64_t enterprise_id, int count)
{
    for (int i = 0; i < count; i++)
        assert_done(add(&memory, enterprise_id, i % 3 == 0 ? 7 : 0));
}

static int64_t sealed_by(audit_sealer *sealer)
{
    int64_t sealed;

    assert_done(audit_seal(sealer, &sealed));
    return sealed;
}

static audit_verdict verdict_of(int64_t enterprise_id)
{
    audit_verdict verdict;

    assert_done(
        audit_verify(&(audit_verify_options){.pool = app, .key = KEY, .enterprise_id = enterprise_id}, &verdict));
    return verdict;
}

static void assert_holds(int64_t enterprise_id, int64_t sealed, int64_t unsealed)
{
    audit_verdict verdict = verdict_of(enterprise_id);

    ck_assert(!verdict.broken);
    ck_assert_int_eq(verdict.sealed_rows, sealed);
    ck_assert_int_eq(verdict.unsealed_rows, unsealed);
}

START_TEST(rows_are_sealed_enterprise_by_enterprise)
{
    audit_sealer *sealer = sealer_with(KEY);

    assert_holds(ENTERPRISE, 0, 0);
    add_some(ENTERPRISE, 5);
    add_some(OTHER, 3);
    assert_holds(ENTERPRISE, 0, 5);
    ck_assert_int_eq(sealed_by(sealer), 8);
    ck_assert_int_eq(sealed_by(sealer), 0);
    add_some(ENTERPRISE, 2);
    assert_holds(ENTERPRISE, 5, 2);
    ck_assert_int_eq(sealed_by(sealer), 2);
    assert_holds(ENTERPRISE, 7, 0);
    assert_holds(OTHER, 3, 0);
    audit_sealer_free(sealer);
}
END_TEST

START_TEST(many_rows_take_several_batches_and_pages)
{
    audit_sealer *sealer = sealer_with(KEY);

    fixture_sql(
        "INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code, reason)"
        " SELECT %d, n, now(), 'x', '', 'older than the chain', '', 0, '' FROM generate_series(1, 2600) n",
        ENTERPRISE);
    ck_assert_int_eq(sealed_by(sealer), 2600);
    assert_holds(ENTERPRISE, 2600, 0);
    audit_sealer_free(sealer);
}
END_TEST

/* A row may become visible after one with a higher id: the order of seals is what counts. */
START_TEST(a_row_that_was_committed_late_is_sealed_when_it_is_seen)
{
    audit_sealer *sealer = sealer_with(KEY);

    fixture_sql(
        "INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code, reason)"
        " VALUES (%d, 20, now(), 'x', '', 'first', '', 0, '')",
        ENTERPRISE);
    ck_assert_int_eq(sealed_by(sealer), 1);
    fixture_sql(
        "INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code, reason)"
        " VALUES (%d, 10, now(), 'x', '', 'late', '', 0, '')",
        ENTERPRISE);
    ck_assert_int_eq(sealed_by(sealer), 1);
    assert_holds(ENTERPRISE, 2, 0);
    ck_assert_str_eq(fixture_sql("SELECT string_agg(id::text, ' ' ORDER BY seal) FROM audit_row"), "20 10");
    audit_sealer_free(sealer);
}
END_TEST

static const struct {
    const char *sql; /* done to a chain of ten rows by somebody who may do anything */
    int64_t bad_seal;
    bool row_is_known;
} ATTACKS[] = {
    {"UPDATE audit_row SET operator = 'nobody' WHERE seal = 4", 4, true},
    {"UPDATE audit_row SET happened_at = happened_at + interval '1 microsecond' WHERE seal = 4", 4, true},
    {"UPDATE audit_row SET mac = sha256('x') WHERE seal = 4", 4, true},
    {"UPDATE audit_row SET person_id = NULL WHERE seal = 4", 4, true},
    {"UPDATE audit_row SET payload_hash = NULL WHERE seal = 4", 4, true},
    {"DELETE FROM audit_row WHERE seal = 4", 4, true},
    {"DELETE FROM audit_row WHERE seal > 8", 9, false},
    {"DELETE FROM audit_row", 1, false},
    {"DELETE FROM audit_head", 1, false},
    {"UPDATE audit_head SET seal = 9", 10, false},
    {"UPDATE audit_row SET seal = -1 WHERE seal = 4; UPDATE audit_row SET seal = 4 WHERE seal = 5;"
     "UPDATE audit_row SET seal = 5 WHERE seal = -1",
     4, true},
    {"UPDATE audit_row SET seal = NULL, mac = NULL WHERE seal = 6", 6, true},
    {"UPDATE audit_payload p SET after = '{}' FROM audit_row r WHERE p.row_id = r.id AND r.seal = 4", 4, true},
    {"DELETE FROM audit_payload p USING audit_row r WHERE p.row_id = r.id AND p.person_id IS NULL", 2, true},
    {"INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code, reason, seal, "
     "mac)"
     " VALUES (611, 5, now(), 'x', '', 'forged', '', 0, '', 11, sha256('x'))",
     11, true},
};

START_TEST(whatever_is_done_to_the_tables_the_first_bad_row_is_named)
{
    audit_sealer *sealer = sealer_with(KEY);
    audit_verdict verdict;
    db_tx *tx;

    add_some(ENTERPRISE, 1);
    assert_done(db_begin(app, ENTERPRISE, &memory, &tx));
    assert_done(audit_add(
        tx, &(audit_entry){.enterprise_id = ENTERPRISE, .now_ms = 1, .outcome = SP_DONE, .before = "{\"a\":1}"}));
    assert_done(db_commit(tx));
    add_some(ENTERPRISE, 1);
    for (int i = 0; i < 7; i++)
        assert_done(add(&memory, ENTERPRISE, 7));
    ck_assert_int_eq(sealed_by(sealer), 10);
    assert_holds(ENTERPRISE, 10, 0);
    fixture_sql("%s", ATTACKS[_i].sql);
    verdict = verdict_of(ENTERPRISE);
    ck_assert(verdict.broken);
    ck_assert_int_eq(verdict.bad_seal, ATTACKS[_i].bad_seal);
    ck_assert_int_eq(verdict.bad_row != 0, ATTACKS[_i].row_is_known);
    audit_sealer_free(sealer);
}
END_TEST

START_TEST(erasing_a_person_leaves_the_chain_whole)
{
    audit_sealer *sealer = sealer_with(KEY);
    db_tx *tx;

    add_some(ENTERPRISE, 10);
    ck_assert_int_eq(sealed_by(sealer), 10);
    assert_done(db_begin(app, ENTERPRISE, &memory, &tx));
    assert_done(audit_erase_person(tx, ENTERPRISE, 7));
    assert_done(db_commit(tx));
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM audit_payload"), "0");
    assert_holds(ENTERPRISE, 10, 0);
    audit_sealer_free(sealer);
}
END_TEST

START_TEST(of_two_sealers_one_seals_until_it_leaves)
{
    audit_sealer *first = sealer_with(KEY), *second = sealer_with(KEY);

    add_some(ENTERPRISE, 1);
    ck_assert_int_eq(sealed_by(first), 1);
    add_some(ENTERPRISE, 1);
    ck_assert_int_eq(sealed_by(second), 0);
    ck_assert_int_eq(sealed_by(first), 1);
    add_some(ENTERPRISE, 1);
    audit_sealer_free(first);
    ck_assert_int_eq(sealed_by(second), 1);
    assert_holds(ENTERPRISE, 3, 0);
    audit_sealer_free(second);
}
END_TEST

START_TEST(a_sealer_with_another_key_never_gets_the_lease)
{
    audit_sealer *own = sealer_with(KEY), *foreign = sealer_with(OTHER_KEY);
    int64_t sealed;

    add_some(ENTERPRISE, 1);
    ck_assert_int_eq(sealed_by(own), 1);
    audit_sealer_free(own);
    add_some(ENTERPRISE, 1);
    assert_reason(audit_seal(foreign, &sealed), AUDIT_KEY_FOREIGN);
    assert_holds(ENTERPRISE, 1, 1);
    audit_sealer_free(foreign);
}
END_TEST

/* ---- While others write ------------------------------------------------------------------------------------------ */

static atomic_bool enough;
static atomic_int written;

static void *write_rows(void *arg)
{
    arena a;

    (void)arg;
    arena_init(&a, 1 << 20);
    while (!atomic_load(&enough)) {
        if (!sp_failed(add(&a, ENTERPRISE, 7)))
            atomic_fetch_add(&written, 1);
        arena_reset(&a);
    }
    arena_done(&a);
    return NULL;
}

static void writers_start(pthread_t threads[WRITERS])
{
    atomic_store(&enough, false);
    for (int i = 0; i < WRITERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_rows, NULL), 0);
}

static void writers_stop(pthread_t threads[WRITERS])
{
    atomic_store(&enough, true);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
}

START_TEST(the_chain_holds_at_every_moment_while_many_write)
{
    audit_sealer *sealer = sealer_with(KEY);
    pthread_t threads[WRITERS];
    int64_t sealed = 0;

    writers_start(threads);
    for (int i = 0; i < 20 || atomic_load(&written) < 200; i++) {
        sealed += sealed_by(sealer);
        ck_assert(!verdict_of(ENTERPRISE).broken);
    }
    writers_stop(threads);
    sealed += sealed_by(sealer);
    ck_assert_int_eq(sealed, atomic_load(&written));
    assert_holds(ENTERPRISE, sealed, 0);
    audit_sealer_free(sealer);
}
END_TEST

/* In a process of its own, with connections of its own, without end. */
static pid_t sealing_process(void)
{
    pid_t child = fork();

    if (child != 0)
        return child;
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    audit_sealer *sealer = audit_sealer_new(&(audit_sealer_options){.system = pool, .key = KEY, .period_ms = -1});
    for (;;) {
        int64_t sealed;
        sp_status status = audit_seal(sealer, &sealed);
        if (sp_failed(status))
            _exit(1);
    }
}

START_TEST(a_sealer_that_is_killed_leaves_a_chain_that_holds)
{
    audit_sealer *sealer;
    int64_t before;

    for (int i = 0; i < 8; i++) {
        pid_t child;

        fixture_sql("INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code,"
                    " reason) SELECT %d, %d + n, now(), 'x', '', 'y', '', 0, '' FROM generate_series(1, 5000) n",
                    ENTERPRISE, i * 10000);
        before = verdict_of(ENTERPRISE).sealed_rows;
        child = sealing_process();
        ck_assert_int_gt(child, 0);
        while (verdict_of(ENTERPRISE).sealed_rows == before)
            usleep(1000);
        usleep((useconds_t)(rand() % 20000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        ck_assert(!verdict_of(ENTERPRISE).broken);
        fixture_sql("UPDATE audit_lease SET expires_at = now()");
    }
    sealer = sealer_with(KEY);
    sealed_by(sealer);
    assert_holds(ENTERPRISE, 8 * 5000, 0);
    audit_sealer_free(sealer);
}
END_TEST

START_TEST(the_sealers_own_thread_seals_within_seconds)
{
    audit_sealer *sealer = audit_sealer_new(&(audit_sealer_options){.system = sys, .key = KEY, .period_ms = 20});

    add_some(ENTERPRISE, 3);
    for (int i = 0; i < 500 && verdict_of(ENTERPRISE).sealed_rows < 3; i++)
        usleep(10000);
    assert_holds(ENTERPRISE, 3, 0);
    audit_sealer_free(sealer);
}
END_TEST

TCase *sealer_tests(void)
{
    TCase *tests = tcase_create("sealer");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, rows_are_sealed_enterprise_by_enterprise);
    tcase_add_test(tests, many_rows_take_several_batches_and_pages);
    tcase_add_test(tests, a_row_that_was_committed_late_is_sealed_when_it_is_seen);
    tcase_add_loop_test(tests, whatever_is_done_to_the_tables_the_first_bad_row_is_named, 0,
                        sizeof ATTACKS / sizeof *ATTACKS);
    tcase_add_test(tests, erasing_a_person_leaves_the_chain_whole);
    tcase_add_test(tests, of_two_sealers_one_seals_until_it_leaves);
    tcase_add_test(tests, a_sealer_with_another_key_never_gets_the_lease);
    tcase_add_test(tests, the_chain_holds_at_every_moment_while_many_write);
    tcase_add_test(tests, a_sealer_that_is_killed_leaves_a_chain_that_holds);
    tcase_add_test(tests, the_sealers_own_thread_seals_within_seconds);
    return tests;
}
