/* Streams one part of a workbook through an XML parser. Names come without their prefix, because the two families of
 * namespaces that workbooks use differ in nothing else; document types, and with them entities, are refused. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "archive.h"

typedef struct xml_part xml_part;

/* Any may be NULL. attributes: name, value, name … NULL, with their prefixes. */
typedef struct {
    void (*start)(void *arg, xml_part *part, const char *name, const char **attributes);
    void (*end)(void *arg, xml_part *part, const char *name);
    void (*text)(void *arg, xml_part *part, const char *text, size_t length);
} xml_handlers;

/* Until the end, or until a handler failed: that status. */
SP_MUST_USE sp_status xml_part_read(archive *a, int64_t index, const xml_handlers *handlers, void *arg);

/* From a handler: no more calls, and reading ends with this status. SP_DONE: the rest is not needed. */
void xml_part_stop(xml_part *part, sp_status status);

/* NULL when it is not there. The name's prefix, if any, does not count. */
const char *xml_attribute(const char **attributes, const char *name);

bool xml_is_true(const char *value); /* "1", "true", "on"; false for NULL */

/* Behind the prefix. */
const char *xml_local(const char *name);

/* What opening and reading a container answers, as reading a sheet says it. */
sp_status sheet_status_of(sp_status of_archive);
