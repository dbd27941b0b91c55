/* What is wrong with a row, in the language of its sheet. Pure. */
#pragma once

#include "columns.h"

/* For a reason of an import's problem (import_fault). The English sentence is that of the problem, and stands for a
 * reason that has no other. */
const char *import_reason_sentence(const char *reason, const char *sentence, sheet_language language);
