#include "xml_part.h"

#include <expat.h>
#include <string.h>

#include "sheet_row.h"

enum { PIECE = 65536, DEPTH_MAX = 128 };

struct xml_part {
    XML_Parser parser;
    const xml_handlers *handlers;
    void *arg;
    int depth;
    bool stopped;
    sp_status status; /* when stopped */
};

void xml_part_stop(xml_part *part, sp_status status)
{
    if (part->stopped)
        return;
    part->stopped = true;
    part->status = status;
    XML_StopParser(part->parser, XML_FALSE);
}

const char *xml_local(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(xml_local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

bool xml_is_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}

static void XMLCALL started(void *arg, const XML_Char *name, const XML_Char **attributes)
{
    xml_part *part = arg;

    if (part->stopped)
        return;
    if (++part->depth > DEPTH_MAX) {
        xml_part_stop(part, SHEET_NOT_READABLE);
        return;
    }
    if (part->handlers->start)
        part->handlers->start(part->arg, part, xml_local(name), attributes);
}

static void XMLCALL ended(void *arg, const XML_Char *name)
{
    xml_part *part = arg;

    part->depth--;
    if (!part->stopped && part->handlers->end)
        part->handlers->end(part->arg, part, xml_local(name));
}

static void XMLCALL texted(void *arg, const XML_Char *text, int length)
{
    xml_part *part = arg;

    if (!part->stopped)
        part->handlers->text(part->arg, part, text, (size_t)length);
}

static void XMLCALL doctype_found(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                                  int has_internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_internal;
    xml_part_stop(arg, SHEET_HAS_ENTITIES);
}

sp_status sheet_status_of(sp_status s)
{
    if (!sp_failed(s))
        return SP_DONE;
    if (strcmp(s.reason, ARCHIVE_TOO_LARGE.reason) == 0)
        return SHEET_TOO_LARGE;
    if (strcmp(s.reason, ARCHIVE_ENCRYPTED.reason) == 0)
        return SHEET_ENCRYPTED;
    if (strcmp(s.reason, ARCHIVE_NO_MEMORY.reason) == 0)
        return SHEET_NO_MEMORY;
    return SHEET_NOT_READABLE;
}

static sp_status status_of_parser(const xml_part *part)
{
    if (part->stopped)
        return part->status;
    return XML_GetErrorCode(part->parser) == XML_ERROR_NO_MEMORY ? SHEET_NO_MEMORY : SHEET_NOT_READABLE;
}

static sp_status feed(xml_part *part, archive_entry *entry)
{
    for (;;) {
        size_t n;
        void *piece = XML_GetBuffer(part->parser, PIECE);

        if (!piece)
            return status_of_parser(part);
        sp_status status = sheet_status_of(archive_entry_read(entry, piece, PIECE, &n));
        if (sp_failed(status))
            return status;
        if (XML_ParseBuffer(part->parser, (int)n, n == 0) != XML_STATUS_OK)
            return status_of_parser(part);
        if (n == 0)
            return SP_DONE;
    }
}

sp_status xml_part_read(archive *a, int64_t index, const xml_handlers *handlers, void *arg)
{
    xml_part part = {.handlers = handlers, .arg = arg};
    archive_entry *entry;
    sp_status status = sheet_status_of(archive_entry_open(a, index, &entry));

    if (sp_failed(status))
        return status;
    part.parser = XML_ParserCreate(NULL);
    if (part.parser) {
        XML_SetUserData(part.parser, &part);
        XML_SetElementHandler(part.parser, started, ended);
        if (handlers->text)
            XML_SetCharacterDataHandler(part.parser, texted);
        XML_SetStartDoctypeDeclHandler(part.parser, doctype_found);
        status = feed(&part, entry);
        XML_ParserFree(part.parser);
    } else {
        status = SHEET_NO_MEMORY;
    }
    archive_entry_close(entry);
    return status;
}
