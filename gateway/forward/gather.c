/* Bodies that are gathered until the request is whole, because its message needs all of them: JSON, one raw body, the
 * fields of a form. */
#include <string.h>

#include "forward.h"
#include "multipart.h"

static const char *type_of(const forward *f)
{
    return http_request_header(f->x, HTTP_CONTENT_TYPE);
}

static bool is_raw(const forward *f)
{
    return f->match.route->raw_in || request_raw_field(f->match.route);
}

static void refuse_size(forward *f)
{
    answer_refuse(f, 413, SP_OUT_OF_RANGE, "BODY_TOO_LARGE", "The request's body is too large.");
}

static void gather_begin(forward *f)
{
    const gateway_options *options = &f->gateway->options;
    bool takes = f->match.route->body != BODY_NONE, form = takes && multipart_is_form(type_of(f));
    size_t max = is_raw(f) || form ? options->upload_max : options->json_max;

    byte_buffer_init(&f->body, max);
    if (http_content_length(f->x) > (int64_t)max)
        refuse_size(f);
    else if (form)
        f->form = form_new(f, false);
}

static size_t gather_body(forward *f, const uint8_t *bytes, size_t size)
{
    f->taken += size;
    if (f->match.route->body == BODY_NONE)
        return size;
    if (f->taken > f->body.cap) {
        refuse_size(f);
    } else if (f->form) {
        if (form_body(f->form, bytes, size) < size)
            answer_fault(f, form_fault(f->form));
    } else if (!byte_buffer_append(&f->body, bytes, size)) {
        answer_no_memory(f);
    }
    return size;
}

/* The message of what was gathered; false with the fault set. */
static bool build(forward *f, byte_buffer *wire, transcode_fault *fault)
{
    parameter_tree tree;
    const field_type *raw = request_raw_field(f->match.route);

    parameter_tree_init(&tree, http_arena(f->x), fault);
    if (!request_parameters(f, &tree))
        return false;
    if (!is_raw(f))
        return request_from_json(f, &tree, f->body.data, f->body.size, wire);
    if (!request_without_body(f, &tree, wire))
        return false;
    return request_add_raw(wire, raw, &(raw_head){type_of(f), NULL}, f->body.data, f->body.size) ||
           fault_set(fault, FAULT_TOO_LARGE, "The request is too large.");
}

static bool build_from_form(forward *f, byte_buffer *wire, transcode_fault *fault)
{
    const byte_buffer *files = form_files(f->form);

    if (!form_complete(f->form) || !request_without_body(f, form_parameters(f->form), wire)) {
        *fault = *form_fault(f->form);
        return false;
    }
    return byte_buffer_append(wire, files->data, files->size) ||
           fault_set(fault, FAULT_TOO_LARGE, "The request is too large.");
}

static void gather_complete(forward *f)
{
    const gateway_options *options = &f->gateway->options;
    transcode_fault fault = {.kind = FAULT_NONE};
    byte_buffer wire;

    byte_buffer_init(&wire, options->json_max * 2 + options->upload_max);
    if (f->form ? build_from_form(f, &wire, &fault) : build(f, &wire, &fault))
        forward_start_method(f, &wire);
    else
        answer_fault(f, &fault);
    byte_buffer_done(&wire);
}

const forward_input gather_input = {.begin = gather_begin, .body = gather_body, .complete = gather_complete};
