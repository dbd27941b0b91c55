#include "refusal.h"

#include <stdarg.h>

void refuse(FILE *refusals, const file *f, source_place place, const char *format, ...)
{
    va_list args;

    fprintf(refusals, "%s:", f->name);
    if (place.line > 0)
        fprintf(refusals, "%d:%d:", place.line, place.column);
    fputc(' ', refusals);
    va_start(args, format);
    vfprintf(refusals, format, args);
    va_end(args);
    fputc('\n', refusals);
}
