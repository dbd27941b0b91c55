#include "made_zip.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static made_entry last;

static void u16(byte_buffer *out, unsigned value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};

    ck_assert(byte_buffer_append(out, bytes, sizeof bytes));
}

static void u32(byte_buffer *out, uint32_t value)
{
    u16(out, value & 0xffff);
    u16(out, value >> 16);
}

void made_zip_init(made_zip *z)
{
    *z = (made_zip){0};
    byte_buffer_init(&z->body, 1u << 30);
    byte_buffer_init(&z->directory, 1u << 30);
}

/* What a header and its line in the directory have in common. */
static void facts(byte_buffer *out, const char *name, made_entry e)
{
    u16(out, 20);
    u16(out, 0);
    u16(out, 8); /* deflate */
    u32(out, 0); /* time */
    u32(out, e.checksum);
    u32(out, e.stored);
    u32(out, e.size);
    u16(out, (unsigned)strlen(name));
    u16(out, 0);
}

void made_zip_point(made_zip *z, const char *name, made_entry e)
{
    u32(&z->directory, 0x02014b50);
    u16(&z->directory, 20);
    facts(&z->directory, name, e);
    u16(&z->directory, 0);
    u16(&z->directory, 0);
    u16(&z->directory, 0);
    u32(&z->directory, 0);
    u32(&z->directory, e.at);
    ck_assert(byte_buffer_append_text(&z->directory, name));
    z->count++;
    last = e;
}

void made_zip_add_lying(made_zip *z, const char *name, const void *bytes, size_t size, uint32_t told)
{
    z_stream deflating = {.next_in = (void *)bytes, .avail_in = (uInt)size};
    size_t room = size + size / 1000 + 1000;
    uint8_t *stored = malloc(room);

    ck_assert_ptr_nonnull(stored);
    ck_assert_int_eq(deflateInit2(&deflating, size > 1 << 20 ? 1 : 6, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
    deflating.next_out = stored;
    deflating.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&deflating, Z_FINISH), Z_STREAM_END);
    made_entry e = {(uint32_t)z->body.size, (uint32_t)deflating.total_out, told, (uint32_t)crc32(0, bytes, (uInt)size)};
    deflateEnd(&deflating);
    u32(&z->body, 0x04034b50);
    facts(&z->body, name, e);
    ck_assert(byte_buffer_append_text(&z->body, name));
    ck_assert(byte_buffer_append(&z->body, stored, e.stored));
    free(stored);
    made_zip_point(z, name, e);
}

void made_zip_add(made_zip *z, const char *name, const void *bytes, size_t size)
{
    made_zip_add_lying(z, name, bytes, size, (uint32_t)size);
}

made_entry made_zip_last(const made_zip *z)
{
    (void)z;
    return last;
}

uint8_t *made_zip_done(made_zip *z, size_t *ret_size)
{
    uint32_t at = (uint32_t)z->body.size;

    ck_assert(byte_buffer_append(&z->body, z->directory.data, z->directory.size));
    u32(&z->body, 0x06054b50);
    u16(&z->body, 0);
    u16(&z->body, 0);
    u16(&z->body, z->count);
    u16(&z->body, z->count);
    u32(&z->body, (uint32_t)z->directory.size);
    u32(&z->body, at);
    u16(&z->body, 0);
    byte_buffer_done(&z->directory);
    *ret_size = z->body.size;
    return z->body.data;
}

#define TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

void made_book_begin(made_zip *z)
{
    static const char root[] = "<Relationships><Relationship Id='r1' Type='" TYPES
                               "officeDocument' Target='xl/workbook.xml'/></Relationships>";
    static const char book[] =
        "<workbook xmlns:r='x'><sheets><sheet name='One' sheetId='1' r:id='r1'/></sheets></workbook>";
    static const char relations[] =
        "<Relationships><Relationship Id='r1' Type='" TYPES "worksheet' Target='worksheets/sheet1.xml'/>"
        "<Relationship Id='r2' Type='" TYPES "sharedStrings' Target='/xl/sharedStrings.xml'/>"
        "<Relationship Id='r3' Type='" TYPES "styles' Target='./extra/../styles.xml'/></Relationships>";

    made_zip_init(z);
    made_zip_add(z, "_rels/.rels", root, strlen(root));
    made_zip_add(z, "xl/workbook.xml", book, strlen(book));
    made_zip_add(z, "xl/_rels/workbook.xml.rels", relations, strlen(relations));
}

uint8_t *made_book(const char *sheet, const char *strings, const char *styles, size_t *ret_size)
{
    made_zip z;
    char *part;

    made_book_begin(&z);
    ck_assert_int_gt(asprintf(&part, "<worksheet>%s</worksheet>", sheet), 0);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", part, strlen(part));
    free(part);
    if (strings)
        made_zip_add(&z, "xl/sharedStrings.xml", strings, strlen(strings));
    if (styles)
        made_zip_add(&z, "xl/styles.xml", styles, strlen(styles));
    return made_zip_done(&z, ret_size);
}
