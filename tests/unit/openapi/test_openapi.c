/* The document of a whole contract, byte by byte, and what makes no document. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "openapi.h"
#include "suite.h"

enum { FILE_MAX = 16 << 20, DOCUMENT_MAX = 16 << 20 };

static const char *const servers[] = {"https://library.example"};
static openapi_options options = {.title = "Library", .licence = "MIT", .servers = servers, .server_count = 1};

typedef struct {
    char *bytes;
    size_t size;
} whole_file;

static whole_file read_whole(const char *path)
{
    whole_file file;

    ck_assert_msg(!sp_failed(file_read(path, FILE_MAX, &file.bytes, &file.size)), "%s", path);
    return file;
}

/* NULL when there is none; the fault then says why. */
static char *document_of(const char *set_path, size_t cap, char fault[256])
{
    whole_file set = read_whole(set_path);
    byte_buffer text, indented;
    bool made;

    byte_buffer_init(&text, cap);
    byte_buffer_init(&indented, DOCUMENT_MAX);
    made = openapi_write((const uint8_t *)set.bytes, set.size, &options, &text, fault, 256);
    if (made)
        ck_assert(json_indent((const char *)text.data, text.size, &indented));
    else
        ck_assert_uint_eq(text.size, 0);
    byte_buffer_done(&text);
    free(set.bytes);
    return made ? (char *)indented.data : NULL;
}

static char *must_describe(const char *set_path)
{
    char fault[256] = "", *text = document_of(set_path, DOCUMENT_MAX, fault);

    ck_assert_msg(text != NULL, "%s", fault);
    return text;
}

START_TEST(the_document_is_what_it_was)
{
    whole_file golden = read_whole(GOLDEN);
    char *text = must_describe(SETS "/library.binpb");
    size_t same = 0;

    while (text[same] && text[same] == golden.bytes[same])
        same++;
    ck_assert_msg(strcmp(text, golden.bytes) == 0, "it differs from here on: %.200s", text + same);
    free(golden.bytes);
    free(text);
}
END_TEST

START_TEST(the_same_contract_makes_the_same_bytes)
{
    char *one = must_describe(SETS "/library.binpb"), *other = must_describe(SETS "/library.binpb");

    ck_assert_str_eq(one, other);
    free(one);
    free(other);
}
END_TEST

START_TEST(a_contract_without_comments_has_the_same_operations)
{
    char *text = must_describe(SETS "/silent.binpb");

    ck_assert_ptr_nonnull(strstr(text, "\"operationId\": \"library_v1_Shelves_GetBook\""));
    ck_assert_ptr_nonnull(strstr(text, "\"summary\": \"Get book\""));
    ck_assert_ptr_nonnull(strstr(text, "Needs the permission `books.view`."));
    ck_assert_ptr_null(strstr(text, "Whoever asks"));
    free(text);
}
END_TEST

START_TEST(a_document_over_the_cap_is_refused_whole)
{
    char fault[256] = "";

    for (size_t cap = 0; cap < 30000; cap += 1999) {
        ck_assert_ptr_null(document_of(SETS "/library.binpb", cap, fault));
        ck_assert_str_eq(fault, "Memory is out, or the document is larger than it may be.");
    }
}
END_TEST

/* Wherever memory ends, nothing is left out quietly. */
START_TEST(a_document_that_takes_too_much_memory_is_refused_whole)
{
    char *whole = must_describe(SETS "/silent.binpb"), *text = NULL;
    char fault[256] = "";

    for (options.memory_max = 4096; !text; options.memory_max += 499) {
        ck_assert_uint_lt(options.memory_max, 16 << 20);
        text = document_of(SETS "/silent.binpb", DOCUMENT_MAX, fault);
        if (text)
            ck_assert_str_eq(text, whole);
        else
            ck_assert_str_eq(fault, "Memory is out, or the document is larger than it may be.");
    }
    free(text);
    free(whole);
}
END_TEST

START_TEST(what_is_no_contract_is_refused)
{
    whole_file set = read_whole(SETS "/library.binpb");
    byte_buffer text;
    char fault[256];

    byte_buffer_init(&text, DOCUMENT_MAX);
    /* A set that ends anywhere: it is malformed, or a type is missing, or it is a smaller contract. */
    for (size_t size = 1; size < set.size; size += 97) {
        fault[0] = '\0';
        if (!openapi_write((const uint8_t *)set.bytes, size, &options, &text, fault, sizeof fault))
            ck_assert_str_ne(fault, "");
        text.size = 0;
    }
    byte_buffer_done(&text);
    free(set.bytes);
}
END_TEST

START_TEST(a_contract_of_nothing_is_an_empty_document)
{
    byte_buffer text;
    char fault[256];

    byte_buffer_init(&text, DOCUMENT_MAX);
    ck_assert(openapi_write((const uint8_t *)"", 0, &(openapi_options){0}, &text, fault, sizeof fault));
    ck_assert(byte_buffer_append(&text, "", 1));
    ck_assert_ptr_nonnull(strstr((char *)text.data, "\"paths\":{}"));
    byte_buffer_done(&text);
}
END_TEST

START_TEST(indenting_keeps_what_is_in_strings)
{
    static const char json[] = "{\"a\":[1,{}],\"b\\\"{\":\"x,[:\\\\\",\"c\":[]}";
    byte_buffer text;

    byte_buffer_init(&text, DOCUMENT_MAX);
    ck_assert(json_indent(json, sizeof json - 1, &text));
    ck_assert_str_eq((char *)text.data,
                     "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\\\"{\": \"x,[:\\\\\",\n  \"c\": []\n}\n");
    byte_buffer_done(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("openapi");
    TCase *cases = tcase_create("documents");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, the_document_is_what_it_was);
    tcase_add_test(cases, the_same_contract_makes_the_same_bytes);
    tcase_add_test(cases, a_contract_without_comments_has_the_same_operations);
    tcase_add_test(cases, a_document_over_the_cap_is_refused_whole);
    tcase_add_test(cases, a_document_that_takes_too_much_memory_is_refused_whole);
    tcase_add_test(cases, what_is_no_contract_is_refused);
    tcase_add_test(cases, a_contract_of_nothing_is_an_empty_document);
    tcase_add_test(cases, indenting_keeps_what_is_in_strings);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
