#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "multipart.h"
#include "suite.h"

static const char type[] = "multipart/form-data; boundary=\"b-o\"";

/* What a form brought, as text; data is taken in bites of at most `bite` bytes. */
typedef struct {
    byte_buffer text;
    size_t bite;
} heard;

static bool on_part(void *self, const multipart_part *part)
{
    return byte_buffer_printf(&((heard *)self)->text, "[%s|%s|%s]", part->name, part->file_name ? part->file_name : "-",
                              part->content_type);
}

static size_t on_data(void *self, const uint8_t *bytes, size_t size)
{
    heard *h = self;
    size_t n = h->bite && size > h->bite ? h->bite : size;

    byte_buffer_append(&h->text, bytes, n);
    return n;
}

static bool on_end(void *self)
{
    return byte_buffer_append_text(&((heard *)self)->text, "$");
}

/* Feeds a form in pieces; the text of what came of it, or NULL when it was not whole. */
static char *read_form(const char *form, size_t piece, size_t bite)
{
    heard h = {.bite = bite};
    multipart_events events = {&h, on_part, on_data, on_end};
    multipart_reader reader;
    size_t size = strlen(form), at = 0;

    byte_buffer_init(&h.text, 1 << 20);
    byte_buffer_append_text(&h.text, "");
    ck_assert(multipart_open(&reader, type, &events));
    while (at < size && reader.state != MULTIPART_BAD)
        at += multipart_feed(&reader, (const uint8_t *)form + at, size - at < piece ? size - at : piece);
    if (multipart_is_whole(&reader))
        return (char *)h.text.data;
    byte_buffer_done(&h.text);
    return NULL;
}

START_TEST(parts_come_out_however_the_bytes_come_in)
{
    static const char form[] = "preamble\r\n--b-o\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
                               "--b-o \t\r\ncontent-disposition: form-data; name=f; filename=\"x \\\"y\\\".jpg\"\r\n"
                               "Content-Type: image/jpeg\r\nX: y\r\n\r\n\r\n--b-\r\r\n--b-\n\r\n-\r\n\r\n"
                               "--b-o--epilogue";
    static const char wanted[] = "[a|-|]one$[f|x \"y\".jpg|image/jpeg]\r\n--b-\r\r\n--b-\n\r\n-\r\n$";

    for (size_t piece = 1; piece < sizeof form; piece++) {
        for (size_t bite = 0; bite < 4; bite++) {
            char *text = read_form(form, piece, bite);

            ck_assert_ptr_nonnull(text);
            ck_assert_str_eq(text, wanted);
            free(text);
        }
    }
}
END_TEST

START_TEST(a_form_may_be_empty_and_begin_at_once)
{
    char *text = read_form("--b-o--", 100, 0);

    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, "");
    free(text);
    text = read_form("--b-o\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n--b-o--\r\n", 100, 0);
    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, "[|-|]$");
    free(text);
}
END_TEST

START_TEST(malformed_forms_are_not_whole)
{
    static const char *const forms[] = {
        "",
        "--b-o",
        "--b-o\r\n\r\nno head\r\n--b-o--",
        "--b-o\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--b-o--",
        "--b-o\r\nContent-Disposition: attachment; name=x\r\n\r\n\r\n--b-o--",
        "--b-o\r\nContent-Disposition: form-data; name=\"x\r\n\r\n\r\n--b-o--",
        "--b-o\r\nno colon\r\n\r\n\r\n--b-o--",
        "--b-o\r\nContent-Disposition: form-data; name=x\r\n\r\nno end",
        "--b-oxx",
        "--b-o\rx",
        "--b-o-x",
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        ck_assert_msg(!read_form(forms[i], 100, 0), "%s", forms[i]);
}
END_TEST

START_TEST(heads_and_parts_are_bounded)
{
    byte_buffer form;
    char *text;

    byte_buffer_init(&form, 1 << 20);
    for (int i = 0; i < MULTIPART_PARTS_MAX + 1; i++)
        byte_buffer_append_text(&form, "--b-o\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n");
    byte_buffer_append_text(&form, "--b-o--");
    ck_assert_ptr_null(read_form((char *)form.data, 1000, 0));
    form.size = 0;
    byte_buffer_append_text(&form, "--b-o\r\nX: ");
    for (int i = 0; i < MULTIPART_HEAD_MAX; i++)
        byte_buffer_append_text(&form, "y");
    byte_buffer_append_text(&form, "\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--b-o--");
    text = read_form((char *)form.data, 1000, 0);
    ck_assert_ptr_null(text);
    byte_buffer_done(&form);
}
END_TEST

START_TEST(a_boundary_must_be_fit)
{
    static const char *const types[] = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a\"b",
        "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=\"a\x01\"",
        "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890",
    };
    multipart_events events = {NULL, on_part, on_data, on_end};
    multipart_reader reader;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        ck_assert_msg(i == 2 || !multipart_open(&reader, types[i], &events), "%s", types[i]);
    ck_assert(multipart_open(&reader, "Multipart/Form-Data; charset=utf-8; Boundary=----x", &events));
    ck_assert_str_eq(reader.boundary, "\r\n------x");
    ck_assert(!multipart_is_form("multipart/form-datax"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forms");
    TCase *all = tcase_create("multipart");

    tcase_add_test(all, parts_come_out_however_the_bytes_come_in);
    tcase_add_test(all, a_form_may_be_empty_and_begin_at_once);
    tcase_add_test(all, malformed_forms_are_not_whole);
    tcase_add_test(all, heads_and_parts_are_bounded);
    tcase_add_test(all, a_boundary_must_be_fit);
    suite_add_tcase(suite, all);
    return suite_run(suite);
}
