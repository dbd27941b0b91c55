/* What the check of who sees which groups costs: statements of the server as they are, and with the check taken out of
 * their text, on one connection of the database whose CPU time the kernel counts.
 *
 *   bench_scope_lists CONNINFO passes|people ENTERPRISE TOP NARROW CALLS
 *       microseconds of a page with its count, without and with the check
 *   bench_scope_lists CONNINFO page ENTERPRISE TOP CALLS
 *       microseconds of a page of records, for whoever stands there
 *   bench_scope_lists CONNINFO ingest ENTERPRISE DEVICE FIRST BATCHES
 *       microseconds of a record that is stored
 *
 * NARROW is the terminal or section that both ways ask for, 0 for none, -1 for a name that nobody has: then every row
 * is looked at. Both ways must give the same rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "id.h"
#include "ingest_store.h"
#include "org.h"
#include "server_pass_sql.h"
#include "server_people_sql.h"

enum { BATCH = 512, ARENA_BYTES = 64 << 20 };

static const db_statement BACKEND = {.name = "bench_backend", .text = "SELECT pg_backend_pid()", .shared = true};

static const db_statement VERSION = {
    .name = "bench_version", .text = "SELECT tree_version FROM enterprise WHERE id = $1::bigint", .shared = true};

typedef struct {
    db_pool *pool;
    int64_t backend, enterprise_id, narrow;
    caller who; /* as the look-up of his session has found him */
    const char *query;
    const db_statement *list, *count; /* count NULL: nothing is asked for, so one of the two that count all */
} bench;

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void must(sp_status status)
{
    if (sp_failed(status))
        fail(status.reason);
}

static db_pool *pool_open(const char *conninfo, db_role role)
{
    db_pool *pool = db_pool_new(&(db_pool_options){.conninfo = conninfo, .role = role, .size = 1});

    if (!pool)
        fail("out of memory");
    return pool;
}

static int64_t backend_of(db_pool *pool, int64_t enterprise_id)
{
    arena memory;
    db_rows rows;
    db_tx *tx;
    int64_t pid;

    arena_init(&memory, ARENA_BYTES);
    must(db_begin(pool, enterprise_id, &memory, &tx));
    must(db_query(tx, BACKEND, DB_NO_ARGS, &rows));
    pid = db_row_int(&rows, 0, 0);
    must(db_commit(tx));
    arena_done(&memory);
    return pid;
}

/* In role system, as a session is looked up. */
static int64_t tree_version_of(const char *conninfo, int64_t enterprise_id)
{
    db_pool *system = pool_open(conninfo, DB_SYSTEM);
    arena memory;
    db_rows rows;
    db_tx *tx;
    int64_t version;

    arena_init(&memory, ARENA_BYTES);
    must(db_begin(system, 0, &memory, &tx));
    must(db_query(tx, VERSION, DB_ARGS(db_int64(enterprise_id)), &rows));
    version = db_row_int(&rows, 0, 0);
    must(db_commit(tx));
    arena_done(&memory);
    db_pool_free(system);
    return version;
}

/* Nanoseconds on a CPU so far; exact while the backend waits for us. */
static long long cpu_ns(int64_t pid)
{
    char path[64];
    long long ns = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%lld/schedstat", (long long)pid);
    file = fopen(path, "r");
    if (!file || fscanf(file, "%lld", &ns) != 1)
        fail("the kernel counts no CPU time");
    fclose(file);
    return ns;
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

/* Behind the bracket that closes what begins at text; NULL when none does. */
static const char *behind_bracket(const char *text)
{
    int open = 0;

    for (; *text; text++) {
        open += (*text == '(') - (*text == ')');
        if (*text == ')' && open == 0)
            return text + 1;
    }
    return NULL;
}

/* The statement with its check folded away: the planner sees none of it. */
static const db_statement *without_check(const db_statement *from, const char *array)
{
    db_statement *made = calloc(1, sizeof *made);
    size_t size = strlen(from->text) + 128;
    char *text = malloc(size), *name = malloc(128), begin[64];
    const char *at, *after;

    snprintf(begin, sizeof begin, "(%s::bigint[] IS NULL OR cardinality(", array);
    at = strstr(from->text, begin);
    after = at ? behind_bracket(at) : NULL;
    if (!made || !text || !name || !after)
        fail("the check does not stand in the statement");
    snprintf(text, size, "%.*s(%s::bigint[] IS NULL OR true)%s", (int)(at - from->text), from->text, array, after);
    snprintf(name, 128, "bench_%s", from->name);
    *made = (db_statement){.name = name, .text = text};
    return made;
}

static void passes(db_tx *tx, const bench *b, db_arg groups, db_rows *ret_list, db_rows *ret_count)
{
    const db_arg enterprise = db_int64(b->enterprise_id), narrow = db_int64(b->narrow), none = db_int16(0);
    const db_arg never = db_time_or_null(0), any = db_text(b->query);
    const db_arg list[] = {enterprise, narrow, db_int64(0),   none,       none,        none,         never,      never,
                           any,        groups, db_bool(true), db_time(0), db_int64(0), db_int32(11), db_int32(0)};

    must(db_query_n(tx, b->list, list, sizeof list / sizeof *list, ret_list));
    if (b->count)
        must(db_query_n(tx, b->count, list, /* all up to groups */ 10, ret_count));
    else if (groups.is_null)
        must(db_query(tx, SQL_PASS_COUNT_ALL, DB_ARGS(enterprise), ret_count));
    else
        must(db_query(tx, SQL_PASS_COUNT_GROUPS, DB_ARGS(enterprise, groups), ret_count));
}

static void people(db_tx *tx, const bench *b, db_arg groups, db_rows *ret_list, db_rows *ret_count)
{
    const db_arg enterprise = db_int64(b->enterprise_id), narrow = db_int64(b->narrow), any = db_text(b->query);
    const db_arg employee = db_int16(1), all = db_int16(0);
    const db_arg list[] = {enterprise, groups,        employee,    any,         narrow,       all,
                           all,        db_bool(true), db_text(""), db_int64(0), db_int32(11), db_int32(0)};

    must(db_query_n(tx, b->list, list, sizeof list / sizeof *list, ret_list));
    if (b->count)
        must(db_query_n(tx, b->count, list, /* all of the filter */ 7, ret_count));
    else if (groups.is_null)
        must(db_query(tx, SQL_PERSON_COUNT_ALL, DB_ARGS(enterprise, employee), ret_count));
    else
        must(db_query(tx, SQL_PERSON_COUNT_GROUPS, DB_ARGS(enterprise, employee, groups), ret_count));
}

typedef void (*lister)(db_tx *tx, const bench *b, db_arg groups, db_rows *ret_list, db_rows *ret_count);

/* As a call of the server does it; returns microseconds a call, and what the last one found. */
static double calls(const bench *b, lister run, bool check, int count, char *ret_found, size_t size)
{
    long long before = cpu_ns(b->backend);

    for (int i = 0; i < count; i++) {
        db_arg groups = db_null();
        db_rows list, total;
        arena memory;
        db_tx *tx;
        size_t n = 0;

        arena_init(&memory, ARENA_BYTES);
        must(db_begin(b->pool, b->enterprise_id, &memory, &tx));
        if (check)
            must(org_scope(tx, &b->who, 0, &groups));
        run(tx, b, groups, &list, &total);
        n += (size_t)snprintf(ret_found, size, "%lld:", (long long)db_row_int(&total, 0, 0));
        for (int row = 0; row < list.count && n < size; row++)
            n += (size_t)snprintf(ret_found + n, size - n, " %lld", (long long)db_row_int(&list, row, 0));
        must(db_commit(tx));
        arena_done(&memory);
    }
    return (double)(cpu_ns(b->backend) - before) / 1000 / count;
}

static void compare(bench *b, const char *what, int count)
{
    bool of_people = strcmp(what, "people") == 0;
    lister run = of_people ? people : passes;
    const db_statement *list = of_people ? &SQL_PERSON_LIST : &SQL_PASS_LIST;
    const db_statement *total = of_people ? &SQL_PERSON_COUNT : &SQL_PASS_COUNT;
    bool asks = *b->query || b->narrow;
    bench bare = *b;
    char with[512], without[512];
    double without_us, with_us;

    b->list = list;
    b->count = asks ? total : NULL;
    bare.list = without_check(list, of_people ? "$2" : "$10");
    bare.count = asks ? without_check(total, of_people ? "$2" : "$10") : NULL;
    if (!*b->query) { /* both are prepared, and planned as often as it takes */
        calls(&bare, run, false, 10, without, sizeof without);
        calls(b, run, true, 10, with, sizeof with);
    }
    without_us = calls(&bare, run, false, count, without, sizeof without);
    with_us = calls(b, run, true, count, with, sizeof with);
    if (strcmp(with, without) != 0)
        fail("the two ways give different rows");
    printf("%.1f %.1f\n", without_us, with_us);
}

static void page_alone(bench *b, int count)
{
    char found[512];

    b->list = &SQL_PASS_LIST;
    calls(b, passes, true, 10, found, sizeof found);
    printf("%.1f\n", calls(b, passes, true, count, found, sizeof found));
}

/* ---- Ingest ------------------------------------------------------------------------------------------------------ */

static void store(db_pool *system, const ingest_source *source, uint64_t first)
{
    static Smartpass__Link__V1__PassRecord records[BATCH];
    static ingest_row rows[BATCH];
    char sqlstate[6];

    for (int i = 0; i < BATCH; i++) {
        smartpass__link__v1__pass_record__init(&records[i]);
        records[i].seq = first + (uint64_t)i;
        records[i].occurred_at_ms = clock_now_ms();
        records[i].kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
        records[i].result = SMARTPASS__V1__PASS_RESULT__PASS_RESULT_ALLOWED;
        records[i].person_id = 1000 + i;
        records[i].person_name = "Employee 123";
        records[i].person_number = "E0123";
        records[i].temperature_centi = 3650;
        rows[i] = (ingest_row){.source = source, .record = &records[i], .id = id_next()};
    }
    if (ingest_store_rows(system, 1, INGEST_AS_NEW, rows, BATCH, sqlstate) != INGEST_STORED)
        fail("records were not stored");
}

static void ingest_rows(const char *conninfo, int64_t enterprise_id, int64_t device_id, uint64_t first, int batches)
{
    const ingest_source source = {enterprise_id, device_id, 1};
    db_pool *system = pool_open(conninfo, DB_SYSTEM);
    int64_t backend = backend_of(system, 0);
    long long before;

    store(system, &source, first);
    before = cpu_ns(backend);
    for (int i = 1; i <= batches; i++)
        store(system, &source, first + (uint64_t)i * BATCH);
    printf("%.2f\n", (double)(cpu_ns(backend) - before) / 1000 / batches / BATCH);
    db_pool_free(system);
}

int main(int argc, char **argv)
{
    bench b = {0};

    if (argc == 7 && strcmp(argv[2], "ingest") == 0) {
        ingest_rows(argv[1], atoll(argv[3]), atoll(argv[4]), strtoull(argv[5], NULL, 10), atoi(argv[6]));
        return 0;
    }
    if (argc != 7 && !(argc == 6 && strcmp(argv[2], "page") == 0))
        fail("wrong arguments");
    b = (bench){.pool = pool_open(argv[1], DB_APP), .enterprise_id = atoll(argv[3])};
    b.who = (caller){.enterprise_id = b.enterprise_id, .group_id = atoll(argv[4])};
    b.who.tree_version = tree_version_of(argv[1], b.enterprise_id);
    if (!org_remember_trees())
        fail("out of memory");
    b.query = "";
    b.backend = backend_of(b.pool, b.enterprise_id);
    if (argc == 6) {
        page_alone(&b, atoi(argv[5]));
    } else {
        b.narrow = atoll(argv[5]);
        if (b.narrow == -1) {
            b.query = "nobody";
            b.narrow = 0;
        }
        compare(&b, argv[2], atoi(argv[6]));
    }
    org_forget_trees();
    db_pool_free(b.pool);
    return 0;
}
