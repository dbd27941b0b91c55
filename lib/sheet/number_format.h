/* What a cell's number format makes of its number. Pure. */
#pragma once

typedef enum {
    FORMAT_NUMBER,
    FORMAT_DATE,
    FORMAT_DATE_TIME,
    FORMAT_TIME, /* of a day */
    FORMAT_SPAN, /* hours that do not begin anew at 24 */
} number_format;

/* By the number that every workbook knows without a definition. */
number_format number_format_built_in(unsigned id);

/* By the code of a format of its own: "yyyy-mm-dd", "[$-804]d mmm", "0.00" … */
number_format number_format_of(const char *code);
