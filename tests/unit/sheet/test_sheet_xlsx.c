/* What the format allows and the fixtures do not have. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "made_zip.h"
#include "sheet_tests.h"
#include "suite.h"

#define DATA(rows) "<sheetData>" rows "</sheetData>"
#define ROW(cells) DATA("<row r='1'>" cells "</row>")
#define TEXT(at, text) "<c r='" at "' t='inlineStr'><is><t>" text "</t></is></c>"

static const struct {
    const char *sheet, *strings, *styles, *rows;
} cases[] = {
    {DATA(""), NULL, NULL, ""},
    {ROW(TEXT("A1", "a") TEXT("B1", "b")), NULL, NULL, "1: a|b\n"},
    {ROW(TEXT("C1", "c") TEXT("A1", "a")), NULL, NULL, "1: a||c\n"},
    {DATA("<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='7'><c><v>4</v></c></row><row><c><v>5</v></c></row>"),
     NULL, NULL, "1: 1||3\n7: 4\n8: 5\n"},
    {ROW("<c r='A1' t='b'><v>1</v></c><c t='b'><v>0</v></c><c t='e'><v>#DIV/0!</v></c><c "
         "t='str'><f>x()</f><v>r</v></c>"),
     NULL, NULL, "1: TRUE|FALSE|#DIV/0!|r\n"},
    {ROW("<c t='d'><v>2024-02-29T00:00:00.000</v></c><c t='d'><v>2024-02-29T08:30:00Z</v></c><c "
         "t='d'><v>2024-02-29</v></c>"),
     NULL, NULL, "1: 2024-02-29|2024-02-29 08:30:00|2024-02-29\n"},
    {ROW("<c><v> 5 </v></c><c><v>n</v></c><c><v>1.50</v></c>"), NULL, NULL, "1:  5 |n|1.5\n"},
    {ROW("<c t='s'><v>1</v></c><c t='s'><v>0</v></c>"),
     "<sst><si><t>zero</t></si><si><r><t>o</t></r><rPh sb='0' eb='1'><t>sound</t></rPh><r><t>ne </t></r><phoneticPr/>"
     "</si></sst>",
     NULL, "1: one |zero\n"},
    {ROW("<c t='inlineStr'><is><r><t>a</t></r><rPh><t>b</t></rPh><r><t>c</t></r></is></c>"), NULL, NULL, "1: ac\n"},
    {ROW(TEXT("A1", "a_x000A_b_x005F_x0041__xD83D__xDE00__xD83D_!_x0000__x12_")), NULL, NULL,
     "1: a\nb_x0041_😀_xD83D_!_x0000__x12_\n"},
    {ROW(TEXT("A1", "&lt;&amp;&#x5f20;") TEXT("B1", "<![CDATA[<b>]]>")), NULL, NULL, "1: <&张|<b>\n"},
    {"<x:sheetData xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:row r='2'><x:c r='B2'><x:v>1</x:v></x:c>"
     "</x:row></x:sheetData>",
     NULL, NULL, "2: |1\n"},
    {ROW("<c s='0'><v>45351</v></c><c s='1'><v>45351</v></c><c s='2'><v>45351.5</v></c><c s='3'><v>45351</v></c>"
         "<c s='9'><v>1</v></c><c s='1'><v>-4</v></c>"),
     NULL,
     "<styleSheet><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
     "<xf numFmtId='170'/><xf numFmtId='171'/></cellXfs><numFmts><numFmt numFmtId='170' formatCode='d/m/yy h:mm'/>"
     "<numFmt numFmtId='171' formatCode='0.00'/></numFmts></styleSheet>",
     "1: 45351|2024-02-29|2024-02-29 12:00:00|45351|1|-4\n"},
    {DATA("<row r='1'><c r='A1' t='inlineStr'><is><t>m</t></is></c><c r='B1' s='3'/></row>") "<mergeCells><mergeCell "
                                                                                             "ref='A1:B1'/></"
                                                                                             "mergeCells>",
     NULL, NULL, "1: m\n"},
    {"<sheetViews/>" ROW("<c><v>1</v><extLst><ext><v>2</v></ext></extLst></c>") "<sheetData><row r='9'/></sheetData>",
     NULL, NULL, "1: 2\n"},
};

START_TEST(cells_are_read_as_spreadsheets_show_them)
{
    size_t size;
    uint8_t *book = made_book(cases[_i].sheet, cases[_i].strings, cases[_i].styles, &size);

    reads_as(SHEET_XLSX, book, size, cases[_i].rows);
    free(book);
}
END_TEST

#define LINKS "http://purl.oclc.org/ooxml/officeDocument/relationships/"

START_TEST(parts_may_be_called_anything)
{
    static const char root[] = "<p:Relationships xmlns:p='x'><p:Relationship Id='a' Type='" LINKS
                               "officeDocument' Target='/book'/></p:Relationships>";
    static const char book[] =
        "<workbook xmlns:k='y'><workbookPr date1904='true'/><sheets><sheet name='Chart' k:id='c'/>"
        "<sheet name='Off' state='hidden' k:id='h'/><sheet name='Third' k:id='s'/></sheets></workbook>";
    static const char relations[] =
        "<Relationships><Relationship Id='c' Type='" LINKS "chartsheet' Target='chart'/>"
        "<Relationship Id='h' Type='" LINKS "worksheet' Target='off'/>"
        "<Relationship Id='s' Type='" LINKS "worksheet' Target='a/b/../DATA'/></Relationships>";
    static const char sheet[] = "<worksheet><sheetData><row><c t='d'><v>1</v></c></row></sheetData></worksheet>";
    made_zip z;
    made_sheet made;
    sheet_facts facts;
    sp_status status;
    size_t size;

    made_zip_init(&z);
    made_zip_add(&z, "_rels/.rels", root, strlen(root));
    made_zip_add(&z, "book", book, strlen(book));
    made_zip_add(&z, "_rels/book.rels", relations, strlen(relations));
    made_zip_add(&z, "a/data", sheet, strlen(sheet));
    uint8_t *bytes = made_zip_done(&z, &size);
    made_sheet_init(&made, bytes, size);
    char *rows = rows_read(&made.file, SHEET_XLSX, (sheet_want){0}, &status, &facts);
    ck_assert_str_eq(status.reason, "");
    ck_assert_str_eq(facts.name, "Third");
    ck_assert_str_eq(rows, "1: 1\n");
    free(rows);
    free(bytes);
    made_sheet_done(&made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sheet_xlsx");
    TCase *tests = tcase_create("sheet_xlsx");

    tcase_add_loop_test(tests, cells_are_read_as_spreadsheets_show_them, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, parts_may_be_called_anything);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
