/* How a refusal reads: "file:line:column: what: why", as compilers say it, so that editors find the place. */
#pragma once

#include <stdio.h>

#include "contract.h"

/* One line; the place is left out when the compiler did not tell it. */
void refuse(FILE *refusals, const file *f, source_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
