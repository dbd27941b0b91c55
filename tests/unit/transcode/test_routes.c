#include "routes.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "percent.h"
#include "suite.h"
#include "transcode_test_set.h"

static descriptor_pool *pool;
static route_table *table;

static void open_table(void)
{
    const char *wrong;
    char fault[200] = "";

    pool = descriptor_pool_new(transcode_test_set, transcode_test_set_size, &wrong);
    ck_assert_msg(pool != NULL, "%s", wrong);
    table = route_table_new(pool, fault, sizeof fault);
    ck_assert_msg(table != NULL, "%s", fault);
}

static void close_table(void)
{
    route_table_free(table);
    descriptor_pool_free(pool);
}

/* "Method first-capture|second-capture", or the methods that the path would take, or nothing. */
static void describe(const char *http_method, const char *path, char *out, size_t size)
{
    char *end = out + size;
    route_match match;

    *out = '\0';
    switch (route_find(table, http_method, path, strlen(path), &match)) {
    case ROUTE_FOUND:
        out += snprintf(out, size, "%s", strrchr(match.route->method->path, '/') + 1);
        for (size_t i = 0; i < match.route->path.variable_count; i++)
            out += snprintf(out, (size_t)(end - out), "%s%.*s", i ? "|" : " ", (int)match.captures[i].length,
                            match.captures[i].text);
        break;
    case ROUTE_OTHER_METHOD:
        for (size_t i = 0; i < match.allowed_count; i++)
            out += snprintf(out, (size_t)(end - out), "%s%s", i ? "," : "allow ", match.allowed[i]);
        break;
    case ROUTE_NOT_FOUND:
        break;
    }
}

static const struct {
    const char *http_method;
    const char *path;
    const char *outcome;
} cases[] = {
    {"GET", "/v1/shelves/a/books/7", "GetBook a|7"},
    {"GET", "/v1/shelves/a%2Fb/books/7", "GetBook a%2Fb|7"},
    {"GET", "/v1/shelves/a/books", "ListBooks a"},
    {"POST", "/v1/shelves/a/books", "CreateBook a"},
    {"GET", "/v1/shelves/a/books/newest", "GetNewestBook a"},
    {"GET", "/v1/shelves/a/books/newest2", "GetBook a|newest2"},
    {"GET", "/v1/shelves/a/drawers/b", "GetBook shelves/a/drawers/b"},
    {"GET", "/v1/files", "GetBook files"},
    {"GET", "/v1/files/", "GetBook files/"},
    {"GET", "/v1/files/a", "GetBook files/a"},
    {"GET", "/v1/files/a/b/c", "GetBook files/a/b/c"},
    {"GET", "/v1/files/a//c", "GetBook files/a//c"},
    {"GET", "/v1/files/a:b", "GetBook files/a:b"},
    {"PATCH", "/v1/books/9", "UpdateBook 9"},
    {"POST", "/v1/books:search", "SearchBooks"},
    {"POST", "/v1/books/9:archive", "ArchiveBook 9"},
    {"POST", "/v1/books/a:b:archive", "ArchiveBook a:b"},
    {"PATCH", "/v1/books/a:b", "UpdateBook a:b"},
    {"GET", "/v1/books/9/title", "GetTitle 9"},
    {"PURGE", "/v1/books", "PurgeBooks"},
    {"GET", "/v1/books", "allow PURGE"},
    {"DELETE", "/v1/shelves/a/books", "allow GET,POST"},
    {"GET", "/v1/books:search", "allow POST"},
    {"POST", "/v1/books/9", "allow PATCH"},
    {"GET", "/v1/books/9:archive", "allow POST,PATCH"},
    {"get", "/v1/shelves/a/books", "allow GET,POST"},
    {"GET", "/", ""},
    {"GET", "", ""},
    {"GET", "v1/books", ""},
    {"GET", "/v1", ""},
    {"GET", "/v2/books", ""},
    {"GET", "/v1/shelves//books", ""},
    {"GET", "/v1/shelves/a/books/", ""},
    {"GET", "/v1/shelves/a/books/7/8", ""},
    {"GET", "/v1/shelves/a", ""},
    {"POST", "/v1/books:", ""},
    {"POST", "/v1/books:searchx", ""},
    {"POST", "/v1/books/:archive", "allow PATCH"},
    {"GET", "/V1/shelves/a/books", ""},
    {"GET", "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", ""},
};

START_TEST(a_path_finds_its_method)
{
    char outcome[200];

    describe(cases[_i].http_method, cases[_i].path, outcome, sizeof outcome);
    ck_assert_msg(strcmp(outcome, cases[_i].outcome) == 0, "%s %s: %s", cases[_i].http_method, cases[_i].path, outcome);
}
END_TEST

static const struct {
    const char *text;
    bool fine;
} templates[] = {
    {"/v1", true},
    {"/v1/*", true},
    {"/v1/**", true},
    {"/v1/**:verb", true},
    {"/v1/{a}", true},
    {"/v1/{a.b.c=x/*/**}:verb", true},
    {"/v1/{a=**}", true},
    {"/v1/{a}/{b}/c:d", true},
    {"", false},
    {"v1", false},
    {"/", false},
    {"/v1/", false},
    {"/v1//a", false},
    {"/v1/{}", false},
    {"/v1/{a", false},
    {"/v1/{a=}", false},
    {"/v1/{a={b}}", false},
    {"/v1/a}", false},
    {"/v1/**/a", false},
    {"/v1/{a=**}/b", false},
    {"/v1/***", false},
    {"/v1/a*", false},
    {"/v1/a:", false},
    {"/v1/a:b/c", false},
    {"/v1/a:b:c", false},
    {"/v1/{a}b", false},
};

START_TEST(templates_are_checked)
{
    path_template parsed;
    const char *fault;
    arena memory;

    arena_init(&memory, 1 << 16);
    fault = path_template_parse(&parsed, templates[_i].text, &memory);
    ck_assert_msg((fault == NULL) == templates[_i].fine, "%s: %s", templates[_i].text, fault ? fault : "fine");
    arena_done(&memory);
}
END_TEST

START_TEST(template_parts_are_what_was_written)
{
    path_template parsed;
    arena memory;

    arena_init(&memory, 1 << 16);
    ck_assert_ptr_null(path_template_parse(&parsed, "/v1/{a.b=x/*/**}:go", &memory));
    ck_assert_uint_eq(parsed.segment_count, 4);
    ck_assert_int_eq(parsed.segments[1].kind, SEGMENT_LITERAL);
    ck_assert_int_eq(parsed.segments[2].kind, SEGMENT_ANY);
    ck_assert_int_eq(parsed.segments[3].kind, SEGMENT_REST);
    ck_assert_str_eq(parsed.variables[0].field, "a.b");
    ck_assert_uint_eq(parsed.variables[0].first, 1);
    ck_assert_uint_eq(parsed.variables[0].count, 3);
    ck_assert_str_eq(parsed.verb, "go");
    arena_done(&memory);
}
END_TEST

START_TEST(bodies_and_kinds_are_taken_from_the_contract)
{
    route_match match;

    ck_assert_int_eq(route_find(table, "POST", "/v1/uploads", 11, &match), ROUTE_FOUND);
    ck_assert(match.route->raw_in && !match.route->raw_out && match.route->method->client_streaming);
    ck_assert_int_eq(route_find(table, "GET", "/v1/downloads/5", 15, &match), ROUTE_FOUND);
    ck_assert(!match.route->raw_in && match.route->raw_out && match.route->method->server_streaming);
    ck_assert_int_eq(route_find(table, "PATCH", "/v1/books/5", 11, &match), ROUTE_FOUND);
    ck_assert_int_eq(match.route->body, BODY_FIELD);
    ck_assert_str_eq(match.route->body_field->name, "book");
    ck_assert_uint_eq(match.route->variables[0].depth, 2);
    ck_assert_str_eq(match.route->mask_field->name, "mask");
    ck_assert_int_eq(route_find(table, "GET", "/v1/books/5/title", 17, &match), ROUTE_FOUND);
    ck_assert_str_eq(match.route->reply_field->name, "title");
}
END_TEST

START_TEST(percent_escapes_are_decoded_by_their_place)
{
    static const struct {
        percent_rule rule;
        const char *in, *out;
    } decodings[] = {
        {PERCENT_PATH, "a%2Fb%20+", "a/b +"},
        {PERCENT_RESERVED, "a%2fb%20/+", "a%2fb /+"},
        {PERCENT_QUERY, "a+b%2B%e4%B8%AD", "a b+\xe4\xb8\xad"},
        {PERCENT_PATH, "%", NULL},
        {PERCENT_PATH, "a%4", NULL},
        {PERCENT_PATH, "%g0", NULL},
        {PERCENT_PATH, "", ""},
    };
    arena memory;

    arena_init(&memory, 1 << 16);
    for (size_t i = 0; i < sizeof decodings / sizeof *decodings; i++) {
        size_t length;
        const char *out = percent_decode(&memory, decodings[i].rule, decodings[i].in, strlen(decodings[i].in), &length);

        ck_assert_int_eq(out == NULL, decodings[i].out == NULL);
        if (out) {
            ck_assert_uint_eq(length, strlen(decodings[i].out));
            ck_assert_mem_eq(out, decodings[i].out, length);
        }
    }
    arena_done(&memory);
}
END_TEST

START_TEST(a_malformed_descriptor_set_is_refused)
{
    const char *wrong = NULL;

    ck_assert_ptr_null(descriptor_pool_new((const uint8_t *)"\xff\xff", 2, &wrong));
    ck_assert_ptr_nonnull(wrong);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("routes");
    TCase *tests = tcase_create("routes");

    tcase_add_unchecked_fixture(tests, open_table, close_table);
    tcase_add_loop_test(tests, a_path_finds_its_method, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tests, templates_are_checked, 0, sizeof templates / sizeof *templates);
    tcase_add_test(tests, template_parts_are_what_was_written);
    tcase_add_test(tests, bodies_and_kinds_are_taken_from_the_contract);
    tcase_add_test(tests, percent_escapes_are_decoded_by_their_place);
    tcase_add_test(tests, a_malformed_descriptor_set_is_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
