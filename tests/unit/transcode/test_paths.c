/* Path templates of google.api.http against the paths they must and must not take. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "path_contract.h"
#include "percent.h"
#include "suite.h"

/* The outcome is the method's number and what its variables hold, "0 x|y"; "allow …" when only other HTTP methods are
 * there; "" when nothing is. */
static const struct {
    const char *rules[CONTRACT_RULES_MAX];
    const char *request;
    const char *outcome;
} cases[] = {
    /* Literals. */
    {{"GET /a"}, "GET /a", "0"},
    {{"GET /a"}, "GET /ab", ""},
    {{"GET /a"}, "GET /", ""},
    {{"GET /a"}, "GET /a/", ""},
    {{"GET /a"}, "GET //a", ""},
    {{"GET /a"}, "GET /A", ""},
    {{"GET /a/b/c"}, "GET /a/b/c", "0"},
    {{"GET /a/b/c"}, "GET /a/b", ""},
    {{"GET /a/b/c"}, "GET /a/b/c/d", ""},
    {{"GET /a-b_c.d~1"}, "GET /a-b_c.d~1", "0"},
    {{"GET /a", "POST /a"}, "POST /a", "1"},
    {{"GET /a", "POST /a"}, "DELETE /a", "allow GET,POST"},

    /* One segment. */
    {{"GET /a/*"}, "GET /a/x", "0"},
    {{"GET /a/*"}, "GET /a", ""},
    {{"GET /a/*"}, "GET /a/", ""},
    {{"GET /a/*"}, "GET /a/x/y", ""},
    {{"GET /*/b"}, "GET /x/b", "0"},
    {{"GET /*/b"}, "GET //b", ""},
    {{"GET /a/{name}"}, "GET /a/x", "0 x"},
    {{"GET /a/{name=*}"}, "GET /a/x", "0 x"},
    {{"GET /a/{name}"}, "GET /a/x%2Fy", "0 x/y"},
    {{"GET /a/{name}"}, "GET /a/x%20y+z", "0 x y+z"},
    {{"GET /a/{name}"}, "GET /a/%E4%B8%AD", "0 \xe4\xb8\xad"},
    {{"GET /a/{name}"}, "GET /a/%2F", "0 /"},
    {{"GET /a/{name}"}, "GET /a/%2e%2e", "0 .."},
    {{"GET /a/{name}"}, "GET /a/..", "0 .."},
    {{"GET /a/{name}/b/{a}"}, "GET /a/x/b/y", "0 x|y"},
    {{"GET /{name}/{a}/{b}"}, "GET /1/2/3", "0 1|2|3"},
    {{"GET /a/{inner.c}"}, "GET /a/x", "0 x"},
    {{"GET /a/{inner.inner.inner.c}"}, "GET /a/x", "0 x"},
    {{"GET /a/{inner.c}/{inner.inner.c}"}, "GET /a/x/y", "0 x|y"},

    /* Several segments: escaped slashes stay apart from real ones. */
    {{"GET /v1/{name=a/*}"}, "GET /v1/a/x", "0 a/x"},
    {{"GET /v1/{name=a/*}"}, "GET /v1/b/x", ""},
    {{"GET /v1/{name=a/*}"}, "GET /v1/a", ""},
    {{"GET /v1/{name=a/*}"}, "GET /v1/a/x%2Fy%20z", "0 a/x%2Fy z"},
    {{"GET /v1/{name=a/*}"}, "GET /v1/a/x%2fy", "0 a/x%2fy"},
    {{"GET /v1/{name=a/*/b/*}/c"}, "GET /v1/a/1/b/2/c", "0 a/1/b/2"},
    {{"GET /v1/{name=a/*/b/*}/c"}, "GET /v1/a/1/b/2", ""},
    {{"GET /v1/{name=a}/x"}, "GET /v1/a/x", "0 a"},
    {{"GET /v1/{name=a/*}/{a=b/*}"}, "GET /v1/a/1/b/2", "0 a/1|b/2"},

    /* The rest. */
    {{"GET /v1/**"}, "GET /v1/a/b/c", "0"},
    {{"GET /v1/**"}, "GET /v1", "0"},
    {{"GET /**"}, "GET /", "0"},
    {{"GET /**"}, "GET /a/b", "0"},
    {{"GET /v1/{name=**}"}, "GET /v1/a/b/c", "0 a/b/c"},
    {{"GET /v1/{name=**}"}, "GET /v1/a", "0 a"},
    {{"GET /v1/{name=**}"}, "GET /v1/", "0 "},
    {{"GET /v1/{name=**}"}, "GET /v1", "0 "},
    {{"GET /v1/{name=**}"}, "GET /v1/a%2Fb/c%20d", "0 a%2Fb/c d"},
    {{"GET /v1/{name=**}"}, "GET /v1/a//b/", "0 a//b/"},
    {{"GET /v1/{name=a/**}"}, "GET /v1/a/b/c", "0 a/b/c"},
    {{"GET /v1/{name=a/**}"}, "GET /v1/a", "0 a"},
    {{"GET /v1/{name=a/*/**}"}, "GET /v1/a/b/c/d", "0 a/b/c/d"},
    {{"GET /v1/{name=a/*/**}"}, "GET /v1/a/b", "0 a/b"},
    {{"GET /v1/{name=a/*/**}"}, "GET /v1/a", ""},
    {{"GET /v1/{name=*}/{a=**}"}, "GET /v1/x/y/z", "0 x|y/z"},
    {{"GET /v1/{name=**}"},
     "GET /v1/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/32/33/34/35/36",
     "0 1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/32/33/34/35/36"},
    {{"GET /v1/*/b"},
     "GET /v1/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/32/b",
     ""},

    /* Verbs: a colon begins one only where a route has it. */
    {{"GET /a:go"}, "GET /a:go", "0"},
    {{"GET /a:go"}, "GET /a", ""},
    {{"GET /a:go"}, "GET /a:stop", ""},
    {{"GET /a:go"}, "GET /a:go:go", ""},
    {{"GET /a/{name}:go"}, "GET /a/x:go", "0 x"},
    {{"GET /a/{name}:go"}, "GET /a/x", ""},
    {{"GET /a/{name}:go"}, "GET /a/x:y:go", "0 x:y"},
    {{"GET /a/{name}:go"}, "GET /a/:go", ""},
    {{"GET /a/{name}"}, "GET /a/x:go", "0 x:go"},
    {{"GET /a/{name}", "GET /a/{name}:go"}, "GET /a/x:go", "1 x"},
    {{"GET /a/{name}", "GET /a/{name}:go"}, "GET /a/x:gone", "0 x:gone"},
    {{"GET /a/{name}", "POST /a/{name}:go"}, "GET /a/x:go", "0 x:go"},
    {{"GET /a/{name}", "POST /a/{name}:go"}, "POST /a/x:go", "1 x"},
    {{"GET /a/{name}:go"}, "GET /a/x%3Ago", ""},
    {{"GET /v1/{name=**}:go"}, "GET /v1/a/b:go", "0 a/b"},
    {{"GET /v1/{name=**}:go"}, "GET /v1/a:go/b", ""},
    {{"GET /v1/{name=a/*}:go"}, "GET /v1/a/x:go", "0 a/x"},
    {{"GET /a:go", "GET /a:stop"}, "GET /a:stop", "1"},

    /* Precedence: literals over *, * over **, at each segment from the left, with a way back. */
    {{"GET /a/*", "GET /a/b"}, "GET /a/b", "1"},
    {{"GET /a/b", "GET /a/*"}, "GET /a/b", "0"},
    {{"GET /a/b", "GET /a/*"}, "GET /a/c", "1"},
    {{"GET /a/**", "GET /a/*"}, "GET /a/c", "1"},
    {{"GET /a/**", "GET /a/*"}, "GET /a/c/d", "0"},
    {{"GET /a/**", "GET /a/*", "GET /a/b"}, "GET /a/b", "2"},
    {{"GET /a/**", "GET /a"}, "GET /a", "1"},
    {{"GET /**", "GET /a/**", "GET /a/b/**"}, "GET /a/b/c", "2"},
    {{"GET /**", "GET /a/**", "GET /a/b/**"}, "GET /a/c", "1"},
    {{"GET /**", "GET /a/**", "GET /a/b/**"}, "GET /c", "0"},
    {{"GET /a/*/c", "GET /a/b/*"}, "GET /a/b/c", "1"},
    {{"GET /a/*/c", "GET /a/b/d"}, "GET /a/b/c", "0"},
    {{"GET /a/*/c/*", "GET /a/b/*/d"}, "GET /a/b/c/e", "0"},
    {{"GET /{name}/x", "GET /a/{b}"}, "GET /a/x", "1 x"},
    {{"GET /{name}/x", "GET /a/{b}"}, "GET /b/x", "0 b"},
    {{"GET /a/{name=**}", "GET /a/*/c"}, "GET /a/b/c", "1"},
    {{"GET /a/{name=**}", "GET /a/*/c"}, "GET /a/b/d", "0 b/d"},
    {{"GET /a/b", "POST /a/*"}, "POST /a/b", "1"},
    {{"GET /a/b", "POST /a/**"}, "POST /a/b", "1"},
    {{"GET /a/b", "POST /a/*"}, "PUT /a/b", "allow GET,POST"},

    /* Additional bindings and HTTP methods of other names. */
    {{"GET /a/{name} | POST /b/{a}"}, "POST /b/x", "0 x"},
    {{"GET /a/{name} | POST /b/{a}"}, "GET /a/x", "0 x"},
    {{"GET /a | GET /b | GET /c", "GET /d"}, "GET /c", "0"},
    {{"PURGE /a"}, "PURGE /a", "0"},
    {{"HEAD /a", "GET /a"}, "HEAD /a", "0"},
    {{"* /a"}, "GET /a", "0"},
    {{"* /a"}, "REPORT /a", "0"},
    {{"* /a", "GET /a"}, "GET /a", "1"},
    {{"GET /a", "* /a"}, "PUT /a", "1"},
    {{"* /a/**", "GET /a/b"}, "POST /a/b", "0"},
};

static route_table *open_table(const char *const *rules, descriptor_pool **ret_pool)
{
    char fault[200] = "";
    route_table *table = contract_routes(rules, ret_pool, fault, sizeof fault);

    ck_assert_msg(table != NULL, "%s", fault);
    return table;
}

static void describe_found(const route_match *match, char *out, size_t size)
{
    char *end = out + size;
    arena memory;

    arena_init(&memory, 1 << 16);
    out += snprintf(out, size, "%u", contract_method(match->route));
    for (size_t i = 0; i < match->route->path.variable_count; i++) {
        const route_capture *capture = &match->captures[i];
        percent_rule rule = match->route->variables[i].several ? PERCENT_RESERVED : PERCENT_PATH;
        size_t length;
        const char *text = percent_decode(&memory, rule, capture->text, capture->length, &length);

        ck_assert_ptr_nonnull(text);
        out += snprintf(out, (size_t)(end - out), "%s%.*s", i ? "|" : " ", (int)length, text);
    }
    arena_done(&memory);
}

static void describe(const route_table *table, const char *request, char *out, size_t size)
{
    const char *path = strchr(request, ' ') + 1;
    char http_method[16], *end = out + size;
    route_match match;

    snprintf(http_method, sizeof http_method, "%.*s", (int)(path - 1 - request), request);
    *out = '\0';
    switch (route_find(table, http_method, path, strlen(path), &match)) {
    case ROUTE_FOUND:
        describe_found(&match, out, size);
        break;
    case ROUTE_OTHER_METHOD:
        for (size_t i = 0; i < match.allowed_count; i++)
            out += snprintf(out, (size_t)(end - out), "%s%s", i ? "," : "allow ", match.allowed[i]);
        break;
    case ROUTE_NOT_FOUND:
        break;
    }
}

START_TEST(a_path_goes_to_the_route_that_means_it)
{
    descriptor_pool *pool;
    route_table *table = open_table(cases[_i].rules, &pool);
    char outcome[400];

    describe(table, cases[_i].request, outcome, sizeof outcome);
    ck_assert_msg(strcmp(outcome, cases[_i].outcome) == 0, "%s of %s, …: \"%s\", not \"%s\"", cases[_i].request,
                  cases[_i].rules[0], outcome, cases[_i].outcome);
    route_table_free(table);
    descriptor_pool_free(pool);
}
END_TEST

static const struct {
    const char *rules[CONTRACT_RULES_MAX];
    const char *fault;
} refused[] = {
    {{"GET /a", "GET /a"}, "Another method has the same route."},
    {{"GET /{name}", "GET /{a}"}, "Another method has the same route."},
    {{"GET /{name}", "GET /*"}, "Another method has the same route."},
    {{"GET /{name=**}:x", "GET /**:x"}, "Another method has the same route."},
    {{"GET /a | GET /a"}, "Another method has the same route."},
    {{"GET /{nobody}"}, "A variable names no single field of the request."},
    {{"GET /{list}"}, "A variable names no single field of the request."},
    {{"GET /{inner}"}, "A variable names a message."},
    {{"GET /{inner.inner}"}, "A variable names a message."},
    {{"GET /{name.c}"}, "A variable names a field of something that is no message."},
    {{"GET /{inner.}"}, "A variable names no single field of the request."},
    {{"GET /{.name}"}, "A variable names no single field of the request."},
    {{"GET /{name}/{name}"}, "Two variables name the same field."},
    {{"GET /{inner.c}/{name}/{inner.c}"}, "Two variables name the same field."},
    {{"GET /**/a"}, "Nothing may follow ** but a verb."},
    {{"GET /{name=**}/{a}"}, "Nothing may follow ** but a verb."},
    {{"GET a"}, "A path begins with a slash."},
    {{"GET /{name"}, "A variable is not closed."},
};

START_TEST(a_contract_that_cannot_be_meant_is_refused)
{
    descriptor_pool *pool;
    char fault[200] = "";
    route_table *table = contract_routes(refused[_i].rules, &pool, fault, sizeof fault);

    ck_assert_msg(table == NULL, "%s", refused[_i].rules[0]);
    ck_assert_msg(strstr(fault, refused[_i].fault) != NULL, "%s: %s", refused[_i].rules[0], fault);
    ck_assert_ptr_nonnull(strstr(fault, "/paths.Paths/M"));
    descriptor_pool_free(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paths");
    TCase *tests = tcase_create("paths");

    tcase_add_loop_test(tests, a_path_goes_to_the_route_that_means_it, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tests, a_contract_that_cannot_be_meant_is_refused, 0, sizeof refused / sizeof *refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
