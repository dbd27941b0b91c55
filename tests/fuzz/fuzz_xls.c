/* What is read of older workbooks beside libfreexl. That library itself is not run here: damaged files kill it, which
 * is why it runs in a sandbox. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sheet_rows.h"
#include "text.h"
#include "xls_book.h"

static void check_cells(ole *o, const char *stream, const xls_book *book, size_t sheet)
{
    xls_cells cells = {0};
    ole_stream *s = ole_stream_open(o, stream);

    REQUIRE(s);
    if (ole_stream_skip(s, book->sheets[sheet].at))
        REQUIRE(!sp_failed(xls_cells_read(s, book, &cells)));
    for (size_t i = 0; i < cells.count; i++) {
        const char *text = cells.texts + cells.cells[i].at;

        REQUIRE(cells.cells[i].at < cells.texts_size && utf8_is_valid(text, strlen(text)));
        REQUIRE(i == 0 || cells.cells[i - 1].row < cells.cells[i].row ||
                (cells.cells[i - 1].row == cells.cells[i].row && cells.cells[i - 1].column <= cells.cells[i].column));
    }
    xls_cells_done(&cells);
    ole_stream_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const sheet_file file = sheet_rows_file(data, size);
    xls_book *book = calloc(1, sizeof *book);
    ole *o;

    REQUIRE(book);
    (void)ole_is_encrypted_workbook(&file);
    if (!sp_failed(ole_open(&file, &o))) {
        const char *stream = ole_holds(o, "Workbook") ? "Workbook" : "Book";
        ole_stream *s = ole_stream_open(o, stream);

        if (s)
            xls_book_read(s, book);
        ole_stream_close(s);
        for (unsigned style = 0; style <= book->style_count; style++)
            REQUIRE(xls_style_format(book, style) <= FORMAT_SPAN);
        for (size_t i = 0; i < book->sheet_count && i < 8; i++)
            check_cells(o, stream, book, i);
        ole_close(o);
    }
    free(book);
    return 0;
}
