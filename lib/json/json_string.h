/* Strings of JSON texts, for the reader alone. */
#pragma once

#include "json_reader.h"

/* Reads the string whose opening quote the reader stands at into text and length, checking UTF-8 and escapes. False
 * with fault set when it is malformed or memory is out. */
bool json_string_read(json_reader *reader);
