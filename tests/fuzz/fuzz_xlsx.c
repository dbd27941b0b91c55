/* Workbooks: the first byte says which of their parts the rest is, or that it is the whole container. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sheet_rows.h"
#include "stored_zip.h"

#define KINDS "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

enum { PARTS = 6 };

static const char *const names[PARTS] = {
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",       "xl/styles.xml",
    "xl/workbook.xml",          "xl/_rels/workbook.xml.rels", "_rels/.rels",
};

static const char *const parts[PARTS] = {
    "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c s='1'><v>45351.5</v></c><c t='inlineStr'><is><t>x"
    "</t></is></c></row></sheetData></worksheet>",
    "<sst><si><t>ID</t></si><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>",
    "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='yyyy h:mm'/></numFmts><cellXfs><xf numFmtId='0'/>"
    "<xf numFmtId='170'/></cellXfs></styleSheet>",
    "<workbook xmlns:r='x'><workbookPr date1904='0'/><sheets><sheet name='Off' state='hidden' r:id='r9'/>"
    "<sheet name='One' r:id='r1'/></sheets></workbook>",
    "<Relationships><Relationship Id='r1' Type='" KINDS "worksheet' Target='worksheets/sheet1.xml'/>"
    "<Relationship Id='r2' Type='" KINDS "sharedStrings' Target='/xl/sharedStrings.xml'/>"
    "<Relationship Id='r3' Type='" KINDS "styles' Target='styles.xml'/></Relationships>",
    "<Relationships><Relationship Id='r1' Type='" KINDS "officeDocument' Target='xl/workbook.xml'/></Relationships>",
};

static void check_book_with(size_t part, const uint8_t *bytes, size_t size)
{
    stored_entry entries[PARTS];

    for (size_t i = 0; i < PARTS; i++)
        entries[i] = (stored_entry){names[i], (const uint8_t *)parts[i], strlen(parts[i])};
    entries[part].bytes = bytes;
    entries[part].size = size;
    size_t length = stored_zip_size(entries, PARTS);
    uint8_t *book = malloc(length);
    REQUIRE(book);
    stored_zip_write(entries, PARTS, book);
    sheet_rows_check(book, length, SHEET_XLSX);
    free(book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] < PARTS)
        check_book_with(data[0], data + 1, size - 1);
    else if (size > 0)
        sheet_rows_check(data + 1, size - 1, SHEET_XLSX);
    return 0;
}
