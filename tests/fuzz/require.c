#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

void require_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}
