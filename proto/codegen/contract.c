#include "contract.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "scratch.h"

/* Field numbers of descriptor.proto, for source paths. */
enum { FILE_MESSAGES = 4, FILE_SERVICES = 6, MESSAGE_FIELDS = 2, MESSAGE_NESTED = 3, SERVICE_METHODS = 2 };

static size_t count_messages(DescriptorProto *const *messages, size_t n)
{
    size_t count = n;

    for (size_t i = 0; i < n; i++)
        count += count_messages(messages[i]->nested_type, messages[i]->n_nested_type);
    return count;
}

static const char *scoped(const char *scope, const char *name)
{
    return scope[0] == '\0' ? name : scratch_printf("%s.%s", scope, name);
}

/* The part of a message's name below its package, "Employee.Badge". */
static const char *local_name(const message *m)
{
    size_t package = strlen(m->file->package);

    return m->full_name + (package == 0 ? 0 : package + 1);
}

static const char *without_dots(const char *name)
{
    char *out = scratch_text(name, strlen(name));
    size_t n = 0;

    for (const char *c = name; *c != '\0'; c++)
        if (*c != '.')
            out[n++] = *c;
    out[n] = '\0';
    return out;
}

static int by_number(const void *a, const void *b)
{
    int32_t left = ((const field *)a)->proto->number;
    int32_t right = ((const field *)b)->proto->number;

    return (left > right) - (left < right);
}

static void read_fields(message *m, const DescriptorProto *proto, source_path path)
{
    m->field_count = proto->n_field;
    m->fields = SCRATCH_ARRAY(proto->n_field, field);
    for (size_t i = 0; i < proto->n_field; i++)
        m->fields[i] = (field){
            .proto = proto->field[i],
            .limit = limit_of(proto->field[i]),
            .setting = setting_of(proto->field[i]),
            .place = source_place_of(m->file->proto, source_path_below(path, MESSAGE_FIELDS, i)),
            .repeated = proto->field[i]->label == FIELD_REPEATED,
        };
    qsort(m->fields, m->field_count, sizeof *m->fields, by_number);
}

static void read_message(contract *c, const file *f, const DescriptorProto *proto, const char *scope, source_path path)
{
    message *m = &c->messages[c->message_count];

    m->index = c->message_count++;
    m->file = f;
    m->full_name = scoped(scope, proto->name);
    m->type = protobuf_c_type(m->full_name);
    m->descriptor = scratch_printf("%s__descriptor", protobuf_c_lower(m->full_name));
    m->init = scratch_printf("%s__INIT", protobuf_c_upper(m->full_name));
    m->alias = not_reserved(without_dots(local_name(m)));
    m->alias_init = scratch_printf("%s_INIT", upper_snake_case(local_name(m)));
    m->comment = source_comment(f->proto, path);
    m->place = source_place_of(f->proto, path);
    m->is_map_entry = proto->options != NULL && proto->options->has_map_entry && proto->options->map_entry;
    read_fields(m, proto, path);

    for (size_t i = 0; i < proto->n_nested_type; i++)
        read_message(c, f, proto->nested_type[i], m->full_name, source_path_below(path, MESSAGE_NESTED, i));
}

/* Types come fully qualified with a dot in front. */
static const message *find_message(const contract *c, const char *type_name)
{
    for (size_t i = 0; type_name != NULL && i < c->message_count; i++)
        if (type_name[0] == '.' && strcmp(c->messages[i].full_name, type_name + 1) == 0)
            return &c->messages[i];
    return NULL;
}

static void resolve_fields(contract *c)
{
    for (size_t i = 0; i < c->message_count; i++)
        for (size_t n = 0; n < c->messages[i].field_count; n++) {
            field *f = &c->messages[i].fields[n];

            if (f->proto->type == FIELD_TYPE(MESSAGE))
                f->type = find_message(c, f->proto->type_name);
        }
}

static method_kind kind_of(const MethodDescriptorProto *proto)
{
    bool takes = proto->has_client_streaming && proto->client_streaming;
    bool answers = proto->has_server_streaming && proto->server_streaming;

    if (takes)
        return answers ? METHOD_BIDI : METHOD_CLIENT_STREAM;
    return answers ? METHOD_SERVER_STREAM : METHOD_UNARY;
}

static method read_method(const contract *c, const service *s, const MethodDescriptorProto *proto, source_path path)
{
    return (method){
        .name = proto->name,
        .slot = member_name(proto->name),
        .prefix = scratch_printf("%s_%s", s->prefix, snake_case(proto->name)),
        .index = scratch_printf("%s_%s", s->upper, upper_snake_case(proto->name)),
        .comment = source_comment(s->file->proto, path),
        .policy = policy_of(proto),
        .http = http_rule_of(proto),
        .request = find_message(c, proto->input_type),
        .reply = find_message(c, proto->output_type),
        .kind = kind_of(proto),
        .place = source_place_of(s->file->proto, path),
    };
}

static void read_service(const contract *c, const file *f, size_t index, const char *prefix, service *s)
{
    const ServiceDescriptorProto *proto = f->proto->service[index];
    source_path path = source_path_below(source_root, FILE_SERVICES, index);

    s->name = proto->name;
    s->full_name = scoped(f->package, proto->name);
    s->prefix = scratch_printf("%s%s", prefix, service_prefix(proto->name));
    s->upper = upper_snake_case(s->prefix);
    s->comment = source_comment(f->proto, path);
    s->place = source_place_of(f->proto, path);
    s->file = f;
    s->method_count = proto->n_method;
    s->methods = SCRATCH_ARRAY(proto->n_method, method);
    for (size_t i = 0; i < proto->n_method; i++)
        s->methods[i] = read_method(c, s, proto->method[i], source_path_below(path, SERVICE_METHODS, i));
}

static bool is_wanted(const CodeGeneratorRequest *request, const char *name)
{
    for (size_t i = 0; i < request->n_file_to_generate; i++)
        if (strcmp(request->file_to_generate[i], name) == 0)
            return true;
    return false;
}

contract contract_of(const CodeGeneratorRequest *request, const char *prefix)
{
    contract c = {.file_count = request->n_proto_file};
    size_t messages = 0;

    for (size_t i = 0; i < c.file_count; i++)
        messages += count_messages(request->proto_file[i]->message_type, request->proto_file[i]->n_message_type);
    c.messages = SCRATCH_ARRAY(messages, message);
    c.files = SCRATCH_ARRAY(c.file_count, file);

    for (size_t i = 0; i < c.file_count; i++) {
        FileDescriptorProto *proto = request->proto_file[i];
        file *f = &c.files[i];

        f->proto = proto;
        f->name = proto->name;
        f->stem = file_stem(proto->name);
        f->package = proto->package != NULL ? proto->package : "";
        f->wanted = is_wanted(request, proto->name);
        for (size_t n = 0; n < proto->n_message_type; n++)
            read_message(&c, f, proto->message_type[n], f->package, source_path_below(source_root, FILE_MESSAGES, n));
    }
    resolve_fields(&c);

    for (size_t i = 0; i < c.file_count; i++) {
        file *f = &c.files[i];

        f->service_count = f->wanted ? f->proto->n_service : 0;
        f->services = SCRATCH_ARRAY(f->service_count, service);
        for (size_t n = 0; n < f->service_count; n++)
            read_service(&c, f, n, prefix, &f->services[n]);
    }
    return c;
}

bool message_is_foreign(const message *m)
{
    return has_prefix(m->full_name, "google.");
}

bool method_streams(const method *m)
{
    return m->kind != METHOD_UNARY;
}

bool method_takes_stream(const method *m)
{
    return m->kind == METHOD_CLIENT_STREAM || m->kind == METHOD_BIDI;
}

bool method_answers_stream(const method *m)
{
    return m->kind == METHOD_SERVER_STREAM || m->kind == METHOD_BIDI;
}

size_t message_closure(const message *m, const message **out, size_t count, bool *seen)
{
    if (seen[m->index] || message_is_foreign(m))
        return count;
    seen[m->index] = true;
    out[count++] = m;
    for (size_t i = 0; i < m->field_count; i++)
        if (m->fields[i].type != NULL)
            count = message_closure(m->fields[i].type, out, count, seen);
    return count;
}
