/* Values go to the database and come back as they were. */
#include <string.h>

#include "db_tests.h"
#include "fixture.h"

static const db_statement SINGLES = {"t_singles",
                                     "SELECT $1::boolean, $2::smallint, $3::integer, $4::bigint, $5::text, $6::bytea, "
                                     "$7::timestamptz, $8::bigint, $9::text",
                                     true, false};
static const db_statement ARRAYS = {
    "t_arrays",
    "SELECT a, b, c, d, e, f, g FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::boolean[], $5::text[],"
    " $6::bytea[], $7::timestamptz[]) AS u(a, b, c, d, e, f, g)",
    true, false};
static const db_statement SUM = {"t_sum", "SELECT coalesce(sum(u), 0)::bigint FROM unnest($1::bigint[]) AS u", true,
                                 false};
static const db_statement TIME = {"t_time", "SELECT $1::timestamptz, to_char($1, 'YYYY-MM-DD HH24:MI:SS.MS')", true,
                                  false};
static const db_statement SMALL = {"t_small", "SELECT $1::smallint", true, false};

static const db_statement TUPLES = {"t_tuples", "SELECT r.* FROM unnest($1::t_tuple[]) AS r", true, false};

static arena memory;
static db_pool *pool;
static db_tx *tx;

static void up(void)
{
    arena_init(&memory, 8 * 1024 * 1024);
    pool = fixture_pool(DB_SYSTEM, 1);
    assert_done(db_begin(pool, 0, &memory, &tx));
}

static void down(void)
{
    db_rollback(tx);
    db_pool_free(pool);
    arena_done(&memory);
}

START_TEST(single_values_come_back)
{
    db_rows rows;
    size_t size;

    assert_done(db_query(tx, SINGLES,
                         DB_ARGS(db_bool(true), db_int16(-5), db_int32(-70000), db_int64(INT64_MIN), db_text("Zoë"),
                                 db_bytes("a\0b", 3), db_time(1700000000123), db_int64_or_null(0), db_text_or_null("")),
                         &rows));
    ck_assert_int_eq(rows.count, 1);
    ck_assert(db_row_bool(&rows, 0, 0));
    ck_assert_int_eq(db_row_int(&rows, 0, 1), -5);
    ck_assert_int_eq(db_row_int(&rows, 0, 2), -70000);
    ck_assert_int_eq(db_row_int(&rows, 0, 3), INT64_MIN);
    ck_assert_str_eq(db_row_text(&rows, 0, 4), "Zoë");
    ck_assert_mem_eq(db_row_bytes(&rows, 0, 5, &size), "a\0b", 3);
    ck_assert_uint_eq(size, 3);
    ck_assert_int_eq(db_row_time_ms(&rows, 0, 6), 1700000000123);
    ck_assert(db_row_is_null(&rows, 0, 7));
    ck_assert_int_eq(db_row_int(&rows, 0, 7), 0);
    ck_assert(db_row_is_null(&rows, 0, 8));
    ck_assert_str_eq(db_row_text(&rows, 0, 8), "");
}
END_TEST

START_TEST(times_before_2000_keep_their_millisecond)
{
    db_rows rows;

    assert_done(db_query(tx, TIME, DB_ARGS(db_time(-1)), &rows));
    ck_assert_int_eq(db_row_time_ms(&rows, 0, 0), -1);
    ck_assert_str_eq(db_row_text(&rows, 0, 1), "1969-12-31 23:59:59.999");
}
END_TEST

START_TEST(a_time_beyond_all_calendars_is_refused)
{
    assert_reason(db_query(tx, TIME, DB_ARGS(db_time(INT64_MAX)), NULL), DB_VALUE_REFUSED);
}
END_TEST

START_TEST(an_integer_that_does_not_fit_is_refused)
{
    assert_done(db_query(tx, SMALL, DB_ARGS(db_int64(-32768)), NULL));
    assert_reason(db_query(tx, SMALL, DB_ARGS(db_int64(32768)), NULL), DB_VALUE_REFUSED);
}
END_TEST

START_TEST(text_that_is_not_utf8_is_refused)
{
    assert_reason(db_query(tx, TIME, DB_ARGS(db_text("\xff")), NULL), DB_BROKEN); /* a text is no time */
    db_rollback(tx);
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_reason(db_query(tx, SINGLES,
                           DB_ARGS(db_null(), db_null(), db_null(), db_null(), db_text("\xff"), db_null(), db_null(),
                                   db_null(), db_null()),
                           NULL),
                  DB_VALUE_REFUSED);
}
END_TEST

START_TEST(a_wrong_number_of_parameters_never_reaches_the_database)
{
    assert_reason(db_query(tx, SMALL, DB_NO_ARGS, NULL), DB_BROKEN);
    ck_assert_str_eq(db_message(tx), "statement t_small takes another number of parameters");
}
END_TEST

START_TEST(columns_become_arrays_with_their_nulls)
{
    static const db_column_type types[] = {DB_COLUMN_INT16, DB_COLUMN_INT32, DB_COLUMN_INT64, DB_COLUMN_BOOL,
                                           DB_COLUMN_TEXT,  DB_COLUMN_BYTES, DB_COLUMN_TIME};
    db_column columns[7];
    db_arg args[7];
    db_rows rows;
    size_t size;

    for (int i = 0; i < 7; i++)
        db_column_init(&columns[i], &memory, types[i]);
    for (int row = 0; row < 300; row++) {
        for (int i = 0; i < 4; i++)
            db_column_int(&columns[i], i == 3 ? row % 2 : -row);
        db_column_text(&columns[4], row == 7 ? NULL : "text");
        db_column_bytes(&columns[5], "\0\1", 2);
        db_column_time(&columns[6], 1700000000000 + row);
    }
    for (int i = 0; i < 7; i++)
        args[i] = db_column_arg(&columns[i]);
    assert_done(db_query_n(tx, &ARRAYS, args, 7, &rows));
    ck_assert_int_eq(rows.count, 300);
    for (int row = 0; row < 300; row++) {
        for (int i = 0; i < 3; i++)
            ck_assert_int_eq(db_row_int(&rows, row, i), -row);
        ck_assert_int_eq(db_row_bool(&rows, row, 3), row % 2);
        ck_assert_int_eq(db_row_is_null(&rows, row, 4), row == 7);
        ck_assert_mem_eq(db_row_bytes(&rows, row, 5, &size), "\0\1", 2);
        ck_assert_int_eq(db_row_time_ms(&rows, row, 6), 1700000000000 + row);
    }
}
END_TEST

START_TEST(an_empty_array_is_an_array)
{
    int64_t three[] = {1, 2, 39};
    db_rows rows;

    assert_done(db_query(tx, SUM, DB_ARGS(db_int64_array(&memory, NULL, 0)), &rows));
    ck_assert_int_eq(db_row_int(&rows, 0, 0), 0);
    assert_done(db_query(tx, SUM, DB_ARGS(db_int64_array(&memory, three, 3)), &rows));
    ck_assert_int_eq(db_row_int(&rows, 0, 0), 42);
}
END_TEST

START_TEST(a_cut_number_in_a_column_fails_the_query)
{
    db_column column;

    db_column_init(&column, &memory, DB_COLUMN_INT16);
    db_column_int(&column, 40000);
    assert_reason(db_query(tx, SUM, DB_ARGS(db_column_arg(&column)), NULL), OUT_OF_MEMORY);
}
END_TEST

START_TEST(an_arena_that_is_full_fails_the_query)
{
    arena tiny;
    db_column column;

    arena_init(&tiny, 4096);
    db_column_init(&column, &tiny, DB_COLUMN_INT64);
    for (int i = 0; i < 10000; i++)
        db_column_int(&column, i);
    assert_reason(db_query(tx, SUM, DB_ARGS(db_column_arg(&column)), NULL), OUT_OF_MEMORY);
    arena_done(&tiny);
}
END_TEST

/* ---- Tuples ------------------------------------------------------------------------------------------------------ */

static const db_column_type tuple[] = {DB_COLUMN_INT16, DB_COLUMN_INT32, DB_COLUMN_INT64, DB_COLUMN_BOOL,
                                       DB_COLUMN_TEXT,  DB_COLUMN_BYTES, DB_COLUMN_TIME};
enum { TUPLE_COLUMNS = sizeof tuple / sizeof *tuple };

/* The type was made anew for each test: its number is never the same. */
static void tuples_up(void)
{
    fixture_sql("DROP TYPE IF EXISTS t_tuple");
    fixture_sql("CREATE TYPE t_tuple AS (a smallint, b integer, c bigint, d boolean, e text, f bytea, g timestamptz)");
    up();
}

static void add_tuple(db_tuples *t, int row)
{
    for (int i = 0; i < 4; i++)
        db_tuples_int(t, i == 3 ? row % 2 : -row);
    db_tuples_text(t, row == 7 ? NULL : "text");
    db_tuples_bytes(t, "\0\1", row % 3 ? 2 : 0);
    if (row == 8)
        db_tuples_null(t);
    else
        db_tuples_time(t, 1700000000000 + row);
}

START_TEST(tuples_come_back_as_rows_with_their_nulls)
{
    db_tuples tuples;
    db_rows rows;
    size_t size;

    db_tuples_init(&tuples, &memory, tuple, TUPLE_COLUMNS);
    for (int row = 0; row < 300; row++)
        add_tuple(&tuples, row);
    assert_done(db_query(tx, TUPLES, DB_ARGS(db_tuples_arg(&tuples)), &rows));
    ck_assert_int_eq(rows.count, 300);
    for (int row = 0; row < 300; row++) {
        for (int i = 0; i < 3; i++)
            ck_assert_int_eq(db_row_int(&rows, row, i), -row);
        ck_assert_int_eq(db_row_bool(&rows, row, 3), row % 2);
        ck_assert_int_eq(db_row_is_null(&rows, row, 4), row == 7);
        ck_assert_str_eq(db_row_text(&rows, row, 4), row == 7 ? "" : "text");
        ck_assert_mem_eq(db_row_bytes(&rows, row, 5, &size), "\0\1", row % 3 ? 2 : 0);
        ck_assert_int_eq(db_row_time_ms(&rows, row, 6), row == 8 ? 0 : 1700000000000 + row);
    }
}
END_TEST

START_TEST(no_tuples_are_no_rows)
{
    db_tuples tuples;
    db_rows rows;

    db_tuples_init(&tuples, &memory, tuple, TUPLE_COLUMNS);
    assert_done(db_query(tx, TUPLES, DB_ARGS(db_tuples_arg(&tuples)), &rows));
    ck_assert_int_eq(rows.count, 0);
}
END_TEST

static void refuse(const db_tuples *tuples)
{
    db_tuples copy = *tuples;

    assert_reason(db_query(tx, TUPLES, DB_ARGS(db_tuples_arg(&copy)), NULL), OUT_OF_MEMORY);
    db_rollback(tx);
    assert_done(db_begin(pool, 0, &memory, &tx));
}

START_TEST(a_tuple_that_is_cut_unfinished_or_of_other_types_fails_the_query)
{
    db_tuples tuples;

    db_tuples_init(&tuples, &memory, tuple, TUPLE_COLUMNS);
    db_tuples_int(&tuples, 1);
    refuse(&tuples);

    db_tuples_init(&tuples, &memory, tuple, 1);
    db_tuples_int(&tuples, 40000);
    refuse(&tuples);

    db_tuples_init(&tuples, &memory, tuple, 1);
    db_tuples_text(&tuples, "text where a number is due");
    refuse(&tuples);

    db_tuples_init(&tuples, &memory, tuple + 4, 1);
    db_tuples_int(&tuples, 5);
    refuse(&tuples);
}
END_TEST

START_TEST(tuples_of_another_type_are_refused_by_the_database)
{
    db_tuples tuples;

    db_tuples_init(&tuples, &memory, tuple, TUPLE_COLUMNS - 1);
    for (int i = 0; i < 4; i++)
        db_tuples_int(&tuples, 1);
    db_tuples_text(&tuples, "");
    db_tuples_bytes(&tuples, "", 0);
    assert_reason(db_query(tx, TUPLES, DB_ARGS(db_tuples_arg(&tuples)), NULL), DB_BROKEN);
}
END_TEST

START_TEST(tuples_for_a_parameter_of_another_type_never_reach_the_database)
{
    db_tuples tuples;

    db_tuples_init(&tuples, &memory, tuple, TUPLE_COLUMNS);
    assert_reason(db_query(tx, SUM, DB_ARGS(db_tuples_arg(&tuples)), NULL), DB_BROKEN);
    ck_assert_str_eq(db_message(tx), "statement t_sum takes parameters of other types");
}
END_TEST

START_TEST(tuples_that_fill_the_arena_fail_the_query)
{
    arena tiny;
    db_tuples tuples;

    arena_init(&tiny, 16384);
    db_tuples_init(&tuples, &tiny, tuple, TUPLE_COLUMNS);
    for (int row = 0; row < 1000; row++)
        add_tuple(&tuples, row);
    assert_reason(db_query(tx, TUPLES, DB_ARGS(db_tuples_arg(&tuples)), NULL), OUT_OF_MEMORY);
    arena_done(&tiny);
}
END_TEST

TCase *tuples_tests(void)
{
    TCase *tests = tcase_create("tuples");

    tcase_add_checked_fixture(tests, tuples_up, down);
    tcase_add_test(tests, tuples_come_back_as_rows_with_their_nulls);
    tcase_add_test(tests, no_tuples_are_no_rows);
    tcase_add_test(tests, a_tuple_that_is_cut_unfinished_or_of_other_types_fails_the_query);
    tcase_add_test(tests, tuples_of_another_type_are_refused_by_the_database);
    tcase_add_test(tests, tuples_for_a_parameter_of_another_type_never_reach_the_database);
    tcase_add_test(tests, tuples_that_fill_the_arena_fail_the_query);
    return tests;
}

TCase *values_tests(void)
{
    TCase *tests = tcase_create("values");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, single_values_come_back);
    tcase_add_test(tests, times_before_2000_keep_their_millisecond);
    tcase_add_test(tests, a_time_beyond_all_calendars_is_refused);
    tcase_add_test(tests, an_integer_that_does_not_fit_is_refused);
    tcase_add_test(tests, text_that_is_not_utf8_is_refused);
    tcase_add_test(tests, a_wrong_number_of_parameters_never_reaches_the_database);
    tcase_add_test(tests, columns_become_arrays_with_their_nulls);
    tcase_add_test(tests, an_empty_array_is_an_array);
    tcase_add_test(tests, a_cut_number_in_a_column_fails_the_query);
    tcase_add_test(tests, an_arena_that_is_full_fails_the_query);
    return tests;
}
