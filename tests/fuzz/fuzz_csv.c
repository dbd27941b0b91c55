/* CSV in any encoding. */
#include "fuzz.h"
#include "sheet_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sheet_rows_check(data, size, SHEET_CSV);
    return 0;
}
