/* Workbooks name their parts through relations: _rels/.rels names the workbook, its own relations name the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xlsx_parts.h"
#include "xml_part.h"

enum { ID_MAX = 64, SHEETS_MAX = 1024 };

/* Relations. */

typedef enum { RELATION_NONE, RELATION_BOOK, RELATION_SHEET, RELATION_STRINGS, RELATION_STYLES } relation;

/* Both families of namespaces end alike. */
static relation relation_of(const char *type)
{
    const char *word = type ? strrchr(type, '/') : NULL;

    if (!word)
        return RELATION_NONE;
    word++;
    if (strcmp(word, "officeDocument") == 0)
        return RELATION_BOOK;
    if (strcmp(word, "worksheet") == 0)
        return RELATION_SHEET;
    if (strcmp(word, "sharedStrings") == 0)
        return RELATION_STRINGS;
    return strcmp(word, "styles") == 0 ? RELATION_STYLES : RELATION_NONE;
}

/* Takes "." and ".." out of a path; false when it leads out of the container. */
static bool path_resolve(char *path)
{
    char *to = path;

    for (char *from = path; *from;) {
        size_t n = strcspn(from, "/");
        bool up = n == 2 && from[0] == '.' && from[1] == '.';

        if (up) {
            if (to == path)
                return false;
            for (to--; to > path && to[-1] != '/'; to--)
                ;
        } else if (n > 0 && !(n == 1 && *from == '.')) {
            memmove(to, from, n);
            to += n;
            if (from[n])
                *to++ = '/';
        }
        from += n + (from[n] != '\0');
    }
    *to = '\0';
    return true;
}

static bool part_name(const char *folder, const char *target, char part[XLSX_PART_NAME_MAX])
{
    int n = *target == '/' ? snprintf(part, XLSX_PART_NAME_MAX, "%s", target + 1)
                           : snprintf(part, XLSX_PART_NAME_MAX, "%s%s", folder, target);

    return n > 0 && n < XLSX_PART_NAME_MAX && path_resolve(part);
}

/* One relation; false when it leads nowhere in this container. */
static bool relation_read(const char *name, const char **attributes, const char *folder, relation *ret_kind,
                          char part[XLSX_PART_NAME_MAX])
{
    const char *target = xml_attribute(attributes, "Target"), *mode = xml_attribute(attributes, "TargetMode");

    if (strcmp(name, "Relationship") != 0 || !target || (mode && strcmp(mode, "Internal") != 0))
        return false;
    *ret_kind = relation_of(xml_attribute(attributes, "Type"));
    return *ret_kind != RELATION_NONE && part_name(folder, target, part);
}

static void book_relation_met(void *arg, xml_part *part, const char *name, const char **attributes)
{
    relation kind;

    if (relation_read(name, attributes, "", &kind, arg) && kind == RELATION_BOOK)
        xml_part_stop(part, SP_DONE);
    else
        *(char *)arg = '\0';
}

/* The name of the workbook's part. */
static sp_status book_find(archive *a, char part[XLSX_PART_NAME_MAX])
{
    static const xml_handlers handlers = {.start = book_relation_met};
    int64_t index = archive_find(a, "_rels/.rels");

    *part = '\0';
    return index < 0 ? SHEET_NOT_READABLE : xml_part_read(a, index, &handlers, part);
}

/* The workbook. */

typedef struct {
    char id[ID_MAX]; /* of its relation */
    char name[SHEET_NAME_BYTES_MAX + 1];
    char part[XLSX_PART_NAME_MAX]; /* "": it holds no cells, but a chart */
} visible_sheet;

typedef struct {
    xlsx_book *book;
    char folder[XLSX_PART_NAME_MAX]; /* of the workbook, which targets are relative to; ends with a slash or is "" */
    size_t count;
    visible_sheet sheets[SHEETS_MAX];
} book_walk;

static bool is_visible(const char **attributes)
{
    const char *state = xml_attribute(attributes, "state");

    return !state || strcmp(state, "visible") == 0;
}

/* The relation's identifier is the one with a prefix. */
static const char *relation_id(const char **attributes)
{
    for (; *attributes; attributes += 2)
        if (strchr(attributes[0], ':') && strcmp(xml_local(attributes[0]), "id") == 0)
            return attributes[1];
    return NULL;
}

static void sheet_met(book_walk *walk, xml_part *part, const char **attributes)
{
    const char *name = xml_attribute(attributes, "name"), *id = relation_id(attributes);

    if (!is_visible(attributes))
        return;
    if (!id || strlen(id) >= ID_MAX || walk->count == SHEETS_MAX) {
        xml_part_stop(part, SHEET_NOT_READABLE);
        return;
    }
    visible_sheet *sheet = &walk->sheets[walk->count++];
    strcpy(sheet->id, id);
    if (name) {
        size_t length = strlen(name);

        memcpy(sheet->name, name, length > SHEET_NAME_BYTES_MAX ? text_cut(name, SHEET_NAME_BYTES_MAX) : length);
    }
}

static void book_started(void *arg, xml_part *part, const char *name, const char **attributes)
{
    book_walk *walk = arg;

    if (strcmp(name, "workbookPr") == 0)
        walk->book->since_1904 = xml_is_true(xml_attribute(attributes, "date1904"));
    else if (strcmp(name, "sheet") == 0)
        sheet_met(walk, part, attributes);
}

static void sheet_part_found(book_walk *walk, const char *id, const char *part)
{
    for (size_t i = 0; id && i < walk->count; i++)
        if (strcmp(walk->sheets[i].id, id) == 0)
            strcpy(walk->sheets[i].part, part);
}

static void relation_met(void *arg, xml_part *part, const char *name, const char **attributes)
{
    book_walk *walk = arg;
    char target[XLSX_PART_NAME_MAX];
    relation kind;

    (void)part;
    if (!relation_read(name, attributes, walk->folder, &kind, target))
        return;
    if (kind == RELATION_SHEET)
        sheet_part_found(walk, xml_attribute(attributes, "Id"), target);
    else if (kind == RELATION_STRINGS)
        strcpy(walk->book->strings, target);
    else if (kind == RELATION_STYLES)
        strcpy(walk->book->styles, target);
}

/* "xl/workbook.xml" → "xl/" and "xl/_rels/workbook.xml.rels" */
static void relations_of(const char *part, char folder[XLSX_PART_NAME_MAX], char relations[XLSX_PART_NAME_MAX + 16])
{
    const char *slash = strrchr(part, '/');
    int n = slash ? (int)(slash + 1 - part) : 0;

    snprintf(folder, XLSX_PART_NAME_MAX, "%.*s", n, part);
    snprintf(relations, XLSX_PART_NAME_MAX + 16, "%s_rels/%s.rels", folder, part + n);
}

static sp_status walk_book(archive *a, book_walk *walk)
{
    static const xml_handlers book = {.start = book_started}, links = {.start = relation_met};
    char part[XLSX_PART_NAME_MAX], relations[XLSX_PART_NAME_MAX + 16];
    sp_status status = book_find(a, part);
    int64_t index = sp_failed(status) || !*part ? -1 : archive_find(a, part);

    if (index < 0)
        return sp_first_failure(status, SHEET_NOT_READABLE);
    status = xml_part_read(a, index, &book, walk);
    if (sp_failed(status))
        return status;
    relations_of(part, walk->folder, relations);
    index = archive_find(a, relations);
    return index < 0 ? SHEET_NOT_READABLE : xml_part_read(a, index, &links, walk);
}

sp_status xlsx_book_read(archive *a, int sheet, xlsx_book *ret_book)
{
    book_walk *walk = calloc(1, sizeof *walk);

    if (!walk)
        return SHEET_NO_MEMORY;
    *ret_book = (xlsx_book){0};
    walk->book = ret_book;
    sp_status status = walk_book(a, walk);
    const visible_sheet *wanted = NULL;
    for (size_t i = 0; !sp_failed(status) && i < walk->count; i++)
        if (*walk->sheets[i].part && sheet-- == 0)
            wanted = &walk->sheets[i];
    if (wanted) {
        strcpy(ret_book->sheet, wanted->part);
        strcpy(ret_book->name, wanted->name);
    } else {
        status = sp_first_failure(status, SHEET_NOT_THERE);
    }
    free(walk);
    return status;
}
