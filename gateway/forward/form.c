/* multipart/form-data: parts become fields of the request's message as query parameters would; files become
 * google.api.HttpBody or bytes fields, or are streamed. */
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "multipart.h"
#include "protowire.h"
#include "text.h"

enum { FILE_NAME_MAX = 250 };

typedef enum { PART_TEXT, PART_FILE, PART_STREAMED } part_kind;

struct upload_form {
    forward *f;
    bool streams, streamed;
    multipart_reader reader;
    parameter_tree tree;
    transcode_fault fault;
    byte_buffer text;  /* of the part at hand, or its file */
    byte_buffer files; /* wire bytes */
    part_kind kind;
    const char *name;        /* of the part at hand */
    const field_type *field; /* that its file fills */
    char type[128], file_name[FILE_NAME_MAX + 1];
};

static bool malformed(upload_form *form, const char *why)
{
    return fault_set(&form->fault, FAULT_INVALID_VALUE, "%s", why);
}

static bool too_large(upload_form *form)
{
    return fault_set(&form->fault, FAULT_TOO_LARGE, "The form is too large.");
}

static bool misfit(upload_form *form, fault_kind kind, const char *why)
{
    fault_set(&form->fault, kind, "%s", why);
    return fault_in_field(&form->fault, form->name, strlen(form->name));
}

/* ---- Parts ---- */

/* A field that takes bytes as they are. */
static bool takes_file(const field_type *field)
{
    return field && !field->repeated && (field->kind == FIELD_BYTES || is_http_body(field->message));
}

/* The file that is streamed has one place to go to; what its part is called matters where that is a named field. */
static bool begin_stream(upload_form *form, const multipart_part *part)
{
    const route *found = form->f->match.route;

    if (form->streamed)
        return misfit(form, FAULT_DUPLICATE_FIELD, "A form brings one file here.");
    if (!found->raw_in &&
        message_field_by_name(found->method->input, part->name, strlen(part->name)) != request_raw_field(found))
        return misfit(form, FAULT_UNKNOWN_FIELD, "There is no such field for a file.");
    if (part->file_name && strlen(part->file_name) <= FILE_NAME_MAX &&
        utf8_is_valid(part->file_name, strlen(part->file_name)))
        strcpy(form->file_name, part->file_name);
    form->kind = PART_STREAMED;
    form->streamed = true;
    return true;
}

static bool begin_file(upload_form *form, const multipart_part *part)
{
    const route *found = form->f->match.route;

    form->kind = PART_FILE;
    form->field = message_field_by_name(found->method->input, part->name, strlen(part->name));
    if (found->raw_in)
        form->field = NULL; /* the message itself is the file */
    else if (!takes_file(form->field))
        return misfit(form, FAULT_UNKNOWN_FIELD, "There is no such field for a file.");
    if (form->streamed && found->raw_in)
        return misfit(form, FAULT_DUPLICATE_FIELD, "A form brings one file here.");
    form->streamed = true;
    return true;
}

static bool on_part(void *self, const multipart_part *part)
{
    upload_form *form = self;
    const route *found = form->f->match.route;
    const field_type *field = message_field_by_name(found->method->input, part->name, strlen(part->name));

    form->name = arena_text(http_arena(form->f->x), part->name);
    if (!form->name)
        return too_large(form);
    form->text.size = 0;
    strncpy(form->type, part->content_type, sizeof form->type - 1);
    if (part->file_name || takes_file(field))
        return form->streams ? begin_stream(form, part) : begin_file(form, part);
    form->kind = PART_TEXT;
    if (form->streamed && form->streams)
        return misfit(form, FAULT_INVALID_VALUE, "Fields must come before the file.");
    return true;
}

static size_t on_data(void *self, const uint8_t *bytes, size_t size)
{
    upload_form *form = self;

    if (form->kind == PART_STREAMED)
        return parts_take(form->f, bytes, size);
    if (form->kind == PART_TEXT && form->text.size + size > form->f->gateway->options.json_max) {
        too_large(form);
        return 0;
    }
    if (!byte_buffer_append(&form->text, bytes, size)) {
        too_large(form);
        return 0;
    }
    return size;
}

static bool end_file(upload_form *form)
{
    const field_type *field = form->field;
    const uint8_t *bytes = form->text.data ? form->text.data : (const uint8_t *)"";
    bool fits;

    if (field && field->kind == FIELD_BYTES)
        fits = protowire_add_bytes(&form->files, field->number, bytes, form->text.size);
    else
        fits = request_add_raw(&form->files, field, &(raw_head){form->type, NULL}, bytes, form->text.size);
    return fits || too_large(form);
}

static bool on_end(void *self)
{
    upload_form *form = self;
    const route *found = form->f->match.route;
    char *text;

    if (form->kind == PART_STREAMED)
        return true;
    if (form->kind == PART_FILE)
        return end_file(form);
    text = arena_copy(http_arena(form->f->x), form->text.data, form->text.size);
    if (!text)
        return too_large(form);
    if (found->raw_in)
        return misfit(form, FAULT_UNKNOWN_FIELD, "A form brings a file and nothing else here.");
    return parameters_add(&form->tree, found->method->input, request_raw_field(found), form->name, strlen(form->name),
                          text, form->text.size);
}

/* ---- The form ---- */

upload_form *form_new(forward *f, bool streams)
{
    static const multipart_events events = {.part = on_part, .data = on_data, .end = on_end};
    multipart_events *own = arena_alloc(http_arena(f->x), sizeof *own);
    upload_form *form = own ? calloc(1, sizeof *form) : NULL;

    if (!form) {
        answer_no_memory(f);
        return NULL;
    }
    *own = events;
    own->self = form;
    form->f = f;
    form->streams = streams;
    byte_buffer_init(&form->text, f->gateway->options.upload_max);
    byte_buffer_init(&form->files, f->gateway->options.upload_max + 1024);
    parameter_tree_init(&form->tree, http_arena(f->x), &form->fault);
    if (!multipart_open(&form->reader, http_request_header(f->x, HTTP_CONTENT_TYPE), own))
        malformed(form, "The form has no boundary.");
    else if (request_parameters(f, &form->tree))
        return form;
    answer_fault(f, &form->fault);
    form_free(form);
    return NULL;
}

size_t form_body(upload_form *form, const uint8_t *bytes, size_t size)
{
    size_t used = multipart_feed(&form->reader, bytes, size);

    if (form->reader.state == MULTIPART_BAD)
        malformed(form, "The form is malformed.");
    return used;
}

bool form_complete(upload_form *form)
{
    return multipart_is_whole(&form->reader) || malformed(form, "The form breaks off.");
}

const transcode_fault *form_fault(const upload_form *form)
{
    return &form->fault;
}

const parameter_tree *form_parameters(const upload_form *form)
{
    return &form->tree;
}

const byte_buffer *form_files(const upload_form *form)
{
    return &form->files;
}

raw_head form_file_head(const upload_form *form)
{
    return (raw_head){form->type, form->file_name};
}

void form_free(upload_form *form)
{
    if (!form)
        return;
    byte_buffer_done(&form->text);
    byte_buffer_done(&form->files);
    free(form);
}
