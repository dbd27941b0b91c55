/* Requests: what path, query and body give becomes one message. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "text.h"
#include "transcoding.h"

START_TEST(a_body_field_takes_the_JSON_and_parameters_the_rest)
{
    const message_type *type = message_named("BookRequest");
    const field_type *book = message_field_by_name(type, "book", 4);
    const field_type *id[] = {book, message_field_by_name(book->message, "id", 2)};
    parameter_tree tree;
    wire_request request = {.message = type,
                            .body = BODY_FIELD,
                            .body_field = book,
                            .json = "{\"id\":\"1\",\"title\":\"t\"}",
                            .json_size = 22};
    const char *text = "shelf=s+1&page_size=5";

    parameter_tree_init(&tree, &memory, &fault);
    ck_assert(parameter_add_captured(&tree, id, 2, "77", 2));
    ck_assert(parameters_add_query(&tree, type, book, text, strlen(text)));
    request.parameters = tree.first;
    ck_assert_msg(json_to_wire(pool, &request, &memory, &wire, &fault), "%s", fault.message);
    ck_assert_str_eq(decoded("BookRequest"),
                     "{\"book\":{\"id\":\"77\",\"title\":\"t\",\"colour\":\"COLOUR_UNSPECIFIED\","
                     "\"authors\":[]},\"name\":\"\","
                     "\"shelf\":\"s 1\",\"pageSize\":5,\"ids\":[],\"deep\":false,\"weight\":0,\"token\":\"\","
                     "\"labels\":{},"
                     "\"books\":[]}");
}
END_TEST

START_TEST(the_bodys_field_is_not_for_the_query)
{
    const message_type *type = message_named("BookRequest");
    const field_type *book = message_field_by_name(type, "book", 4);
    parameter_tree tree;

    parameter_tree_init(&tree, &memory, &fault);
    ck_assert(!parameters_add_query(&tree, type, book, "book.title=x", 12));
    ck_assert_int_eq(fault.kind, FAULT_UNKNOWN_PARAMETER);
    ck_assert_str_eq(fault.where, "book.title");
}
END_TEST

START_TEST(what_the_path_gives_is_not_for_the_query)
{
    const message_type *type = message_named("BookRequest");
    const field_type *shelf[] = {message_field_by_name(type, "shelf", 5)};
    parameter_tree tree;

    parameter_tree_init(&tree, &memory, &fault);
    ck_assert(parameter_add_captured(&tree, shelf, 1, "s", 1));
    ck_assert(!parameters_add_query(&tree, type, NULL, "shelf=t", 7));
    ck_assert_int_eq(fault.kind, FAULT_UNKNOWN_PARAMETER);
}
END_TEST

START_TEST(an_empty_body_still_has_its_parameters)
{
    const message_type *type = message_named("BookRequest");
    const field_type *shelf[] = {message_field_by_name(type, "shelf", 5)};
    wire_request request = {.message = type, .body = BODY_WHOLE, .json = ""};
    parameter_tree tree;
    char hex[20];

    parameter_tree_init(&tree, &memory, &fault);
    ck_assert(parameter_add_captured(&tree, shelf, 1, "s", 1));
    request.parameters = tree.first;
    ck_assert(json_to_wire(pool, &request, &memory, &wire, &fault));
    hex_encode(wire.data, wire.size, hex);
    ck_assert_str_eq(hex, "1a0173");
}
END_TEST

static const struct {
    const char *query;
    fault_kind kind;
    const char *text; /* where, or the message */
} queries[] = {
    {"", FAULT_NONE, "{}"},
    {"&&", FAULT_NONE, "{}"},
    {"shelf=a%20b%2Bc+d", FAULT_NONE, "{\"shelf\":\"a b+c d\"}"},
    {"shelf", FAULT_NONE, "{\"shelf\":\"\"}"},
    {"shelf=a=b", FAULT_NONE, "{\"shelf\":\"a=b\"}"},
    {"pageSize=7&page%5Fsize=8", FAULT_DUPLICATE_FIELD, "page_size"},
    {"ids=1&ids=2&ids=3", FAULT_NONE, "{\"ids\":[\"1\",\"2\",\"3\"]}"},
    {"book.id=1&book.colour=COLOUR_RED&book.sequel.title=x", FAULT_NONE,
     "{\"book\":{\"id\":\"1\",\"colour\":\"COLOUR_RED\",\"sequel\":{\"title\":\"x\"}}}"},
    {"book.printed=2026-01-01T00:00:00Z", FAULT_NONE, "{\"book\":{\"printed\":\"2026-01-01T00:00:00Z\"}}"},
    {"book.authors=a&book.authors=b", FAULT_NONE, "{\"book\":{\"authors\":[\"a\",\"b\"]}}"},
    {"mask=pageSize,deep", FAULT_NONE, "{\"mask\":\"pageSize,deep\"}"},
    {"limit=0", FAULT_NONE, "{\"limit\":0}"},
    {"deep=true&weight=1.5&token=AP8&age=3s", FAULT_NONE,
     "{\"deep\":true,\"weight\":1.5,\"token\":\"AP8=\",\"age\":\"3s\"}"},
    {"book.colour=1", FAULT_NONE, "{\"book\":{\"colour\":\"COLOUR_RED\"}}"},
    {"nope=1", FAULT_UNKNOWN_PARAMETER, "nope"},
    {"book.nope=1", FAULT_UNKNOWN_PARAMETER, "book.nope"},
    {"book=1", FAULT_UNKNOWN_PARAMETER, "book"},
    {"book.=1", FAULT_UNKNOWN_PARAMETER, "book."},
    {"=1", FAULT_UNKNOWN_PARAMETER, ""},
    {"shelf.x=1", FAULT_UNKNOWN_PARAMETER, "shelf.x"},
    {"labels=1", FAULT_UNKNOWN_PARAMETER, "labels"},
    {"labels.a=1", FAULT_UNKNOWN_PARAMETER, "labels.a"},
    {"books.id=1", FAULT_UNKNOWN_PARAMETER, "books.id"},
    {"age.seconds=1", FAULT_UNKNOWN_PARAMETER, "age.seconds"},
    {"pageSize=x", FAULT_INVALID_VALUE, "page_size"},
    {"pageSize=", FAULT_INVALID_VALUE, "page_size"},
    {"deep=1", FAULT_INVALID_VALUE, "deep"},
    {"book.printed=now", FAULT_INVALID_VALUE, "book.printed"},
    {"shelf=%ff", FAULT_INVALID_VALUE, "shelf"},
    {"shelf=%00", FAULT_INVALID_VALUE, "shelf"},
    {"shelf=%4", FAULT_INVALID_VALUE, ""},
    {"shelf=%zz", FAULT_INVALID_VALUE, ""},
};

/* Only what is set: defaults would hide the case. */
static bool encode_query(const char *query)
{
    const message_type *type = message_named("BookRequest");
    wire_request request = {.message = type, .body = BODY_NONE};
    parameter_tree tree;

    parameter_tree_init(&tree, &memory, &fault);
    if (!parameters_add_query(&tree, type, NULL, query, strlen(query)))
        return false;
    request.parameters = tree.first;
    return json_to_wire(pool, &request, &memory, &wire, &fault);
}

START_TEST(query_parameters_become_fields)
{
    bool fits = encode_query(queries[_i].query);
    char *from_query;

    ck_assert_msg(fault.kind == queries[_i].kind, "%s: %s %s", queries[_i].query, fault.where, fault.message);
    ck_assert_int_eq(fits, fault.kind == FAULT_NONE);
    if (!fits) {
        ck_assert_str_eq(fault.where, queries[_i].text);
        return;
    }
    from_query = strdup(decoded("BookRequest"));
    wire.size = json.size = 0;
    ck_assert(encode("BookRequest", queries[_i].text));
    ck_assert_str_eq(decoded("BookRequest"), from_query);
    free(from_query);
}
END_TEST

START_TEST(a_query_gives_one_member_of_a_oneof)
{
    static const char *const both[] = {"presence.name=a&presence.id=1", "presence.id=1&presence.inner.number=2",
                                       "presence.inner.name=a&presence.inner.inner.number=2"};
    const message_type *type = message_named("EchoRequest");
    parameter_tree tree;

    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        fault = (transcode_fault){0};
        parameter_tree_init(&tree, &memory, &fault);
        ck_assert_msg(!parameters_add_query(&tree, type, NULL, both[i], strlen(both[i])), "%s", both[i]);
        ck_assert_int_eq(fault.kind, FAULT_DUPLICATE_FIELD);
    }
    fault = (transcode_fault){0};
    parameter_tree_init(&tree, &memory, &fault);
    ck_assert(parameters_add_query(&tree, type, NULL, "presence.inner.name=a&presence.inner.number=2", 45));
}
END_TEST

/* PATCH /v1/books/{book.id} with the book as body. */
static const struct {
    const char *body;
    const char *query;
    const char *mask;
} patches[] = {
    {"{\"title\":\"x\"}", "", "title"},
    {"{\"title\":null,\"colour\":0}", "", "title,colour"},
    {"{\"sequel\":{\"title\":\"x\",\"sequel\":{\"id\":4}}}", "", "sequel.title,sequel.sequel.id"},
    {"{\"sequel\":{},\"authors\":[\"a\"]}", "", "sequel,authors"},
    {"{\"sequel\":null}", "", "sequel"},
    {"{\"printed\":\"2026-01-01T00:00:00Z\"}", "", "printed"},
    {"{\"id\":\"9\",\"title\":\"x\"}", "", "title"},
    {"{\"sequel\":{\"id\":\"9\"}}", "", "sequel.id"},
    {"{}", "", ""},
    {"", "", ""},
    {"null", "", ""},
    {"{\"title\":\"x\",\"colour\":1}", "mask=title", "title"},
    {"{\"title\":\"x\"}", "mask=", ""},
};

START_TEST(a_patch_without_a_mask_gets_one_from_its_body)
{
    const message_type *type = message_named("BookRequest");
    const field_type *id[] = {message_field_by_name(type, "book", 4),
                              message_field_by_name(message_named("Book"), "id", 2)};
    wire_request request = {.message = type,
                            .body = BODY_FIELD,
                            .body_field = id[0],
                            .mask = message_field_by_name(type, "mask", 4),
                            .json = patches[_i].body,
                            .json_size = strlen(patches[_i].body)};
    wire_reply reply = {.pool = pool, .message = type, .only = request.mask};
    char quoted[100];
    parameter_tree tree;

    parameter_tree_init(&tree, &memory, &fault);
    ck_assert(parameter_add_captured(&tree, id, 2, "7", 1));
    ck_assert(parameters_add_query(&tree, type, id[0], patches[_i].query, strlen(patches[_i].query)));
    request.parameters = tree.first;
    ck_assert_msg(json_to_wire(pool, &request, &memory, &wire, &fault), "%s: %s", patches[_i].body, fault.message);
    snprintf(quoted, sizeof quoted, "\"%s\"", patches[_i].mask);
    ck_assert_str_eq(decoded_by(&reply), quoted);
}
END_TEST

START_TEST(a_mask_beyond_the_buffers_cap_is_refused)
{
    const message_type *type = message_named("BookRequest");
    wire_request request = {.message = type,
                            .body = BODY_FIELD,
                            .body_field = message_field_by_name(type, "book", 4),
                            .mask = message_field_by_name(type, "mask", 4),
                            .json = "{\"title\":\"\"}",
                            .json_size = 12};

    byte_buffer_done(&wire);
    byte_buffer_init(&wire, 8);
    ck_assert(!json_to_wire(pool, &request, &memory, &wire, &fault));
    ck_assert_int_eq(fault.kind, FAULT_TOO_LARGE);
}
END_TEST

START_TEST(too_many_query_parameters_are_refused)
{
    static char query[8 * (PARAMETERS_MAX + 2)];

    for (int i = 0; i <= PARAMETERS_MAX; i++)
        strcat(query, "ids=1&");
    ck_assert(!encode_query(query));
    ck_assert_int_eq(fault.kind, FAULT_TOO_LARGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("requests");
    TCase *tests = tcase_create("requests");

    tcase_add_unchecked_fixture(tests, open_pool, close_pool);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_loop_test(tests, query_parameters_become_fields, 0, sizeof queries / sizeof *queries);
    tcase_add_test(tests, a_body_field_takes_the_JSON_and_parameters_the_rest);
    tcase_add_test(tests, the_bodys_field_is_not_for_the_query);
    tcase_add_test(tests, what_the_path_gives_is_not_for_the_query);
    tcase_add_test(tests, an_empty_body_still_has_its_parameters);
    tcase_add_test(tests, a_query_gives_one_member_of_a_oneof);
    tcase_add_loop_test(tests, a_patch_without_a_mask_gets_one_from_its_body, 0, sizeof patches / sizeof *patches);
    tcase_add_test(tests, a_mask_beyond_the_buffers_cap_is_refused);
    tcase_add_test(tests, too_many_query_parameters_are_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
