/* A cell names a style, a style a number format, and that is one of those that every workbook knows or one with a code.
 */
#include <stdlib.h>
#include <string.h>

#include "xlsx_parts.h"
#include "xml_part.h"

enum { STYLES_MAX = 65536, CODES_MAX = 4096 };

typedef struct {
    unsigned id;
    number_format format;
} coded_format;

typedef struct {
    xlsx_styles *styles;
    unsigned *ids; /* of the format of each style: codes may stand behind the styles */
    coded_format *codes;
    size_t code_count;
    bool in_styles;
} styles_walk;

static void code_met(styles_walk *walk, const char **attributes)
{
    const char *id = xml_attribute(attributes, "numFmtId"), *code = xml_attribute(attributes, "formatCode");

    if (id && code && walk->code_count < CODES_MAX)
        walk->codes[walk->code_count++] = (coded_format){(unsigned)strtoul(id, NULL, 10), number_format_of(code)};
}

static void style_met(styles_walk *walk, xml_part *part, const char **attributes)
{
    const char *id = xml_attribute(attributes, "numFmtId");

    if (walk->styles->count == STYLES_MAX)
        xml_part_stop(part, SHEET_NOT_READABLE);
    else
        walk->ids[walk->styles->count++] = id ? (unsigned)strtoul(id, NULL, 10) : 0;
}

static void styles_started(void *arg, xml_part *part, const char *name, const char **attributes)
{
    styles_walk *walk = arg;

    if (strcmp(name, "numFmt") == 0)
        code_met(walk, attributes);
    else if (strcmp(name, "cellXfs") == 0)
        walk->in_styles = true;
    else if (walk->in_styles && strcmp(name, "xf") == 0)
        style_met(walk, part, attributes);
}

static void styles_ended(void *arg, xml_part *part, const char *name)
{
    styles_walk *walk = arg;

    (void)part;
    if (strcmp(name, "cellXfs") == 0)
        walk->in_styles = false;
}

static number_format format_of(const styles_walk *walk, unsigned id)
{
    for (size_t i = 0; i < walk->code_count; i++)
        if (walk->codes[i].id == id)
            return walk->codes[i].format;
    return number_format_built_in(id);
}

/* Styles come in thousands in workbooks that were copied together, with few formats. */
static void resolve(const styles_walk *walk)
{
    for (size_t i = 0; i < walk->styles->count; i++)
        walk->styles->formats[i] = (uint8_t)(i > 0 && walk->ids[i] == walk->ids[i - 1] ? walk->styles->formats[i - 1]
                                                                                       : format_of(walk, walk->ids[i]));
}

sp_status xlsx_styles_read(archive *a, const char *part, xlsx_styles *ret_styles)
{
    static const xml_handlers handlers = {.start = styles_started, .end = styles_ended};
    int64_t index = *part ? archive_find(a, part) : -1;
    styles_walk walk = {.styles = ret_styles};
    sp_status status = SHEET_NO_MEMORY;

    if (index < 0)
        return SP_DONE;
    walk.ids = malloc(STYLES_MAX * sizeof *walk.ids);
    walk.codes = malloc(CODES_MAX * sizeof *walk.codes);
    ret_styles->formats = malloc(STYLES_MAX);
    if (walk.ids && walk.codes && ret_styles->formats)
        status = xml_part_read(a, index, &handlers, &walk);
    if (!sp_failed(status))
        resolve(&walk);
    free(walk.ids);
    free(walk.codes);
    return status;
}

number_format xlsx_style_format(const xlsx_styles *styles, unsigned style)
{
    return style < styles->count ? (number_format)styles->formats[style] : FORMAT_NUMBER;
}
