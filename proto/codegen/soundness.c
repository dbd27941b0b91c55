#include "soundness.h"

#include <string.h>

#include "scratch.h"

enum {
    MESSAGES_MAX = 16384, /* of one request, far above any contract: what messages lead to is followed by recursion */
    FIELD_NUMBER_MAX = (1 << 29) - 1,
};

static bool is_identifier(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

    return text != NULL && text[0] != '\0' && strchr(letters, text[0]) != NULL &&
           text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789")] == '\0';
}

/* Identifiers with dots between them, or nothing. */
static bool is_package(const char *text)
{
    if (text == NULL || text[0] == '\0')
        return true;
    for (size_t part = strcspn(text, "."); text[part] != '\0'; text += part + 1, part = strcspn(text, "."))
        if (!is_identifier(scratch_text(text, part)))
            return false;
    return is_identifier(text);
}

/* It stands in comments and in #include lines. */
static bool is_file_name(const char *text)
{
    if (text == NULL || text[0] == '\0' || strpbrk(text, "\"\\*") != NULL)
        return false;
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

static const char *fields_fault(const DescriptorProto *proto)
{
    for (size_t i = 0; i < proto->n_field; i++) {
        const FieldDescriptorProto *member = proto->field[i];

        if (!is_identifier(member->name))
            return scratch_printf("a field of %s has no proper name", proto->name);
        if (member->number < 1 || member->number > FIELD_NUMBER_MAX)
            return scratch_printf("%s.%s has no proper number", proto->name, member->name);
    }
    return NULL;
}

/* The reader of the request has seen to it that messages are not nested deep. */
static const char *messages_fault(DescriptorProto *const *messages, size_t n, size_t *count)
{
    const char *fault = NULL;

    for (size_t i = 0; i < n && fault == NULL; i++) {
        if (++*count > MESSAGES_MAX)
            return "there are too many messages";
        if (!is_identifier(messages[i]->name))
            return "a message has no proper name";
        fault = fields_fault(messages[i]);
        if (fault == NULL)
            fault = messages_fault(messages[i]->nested_type, messages[i]->n_nested_type, count);
    }
    return fault;
}

static const char *services_fault(const FileDescriptorProto *proto)
{
    for (size_t i = 0; i < proto->n_service; i++) {
        const ServiceDescriptorProto *offer = proto->service[i];

        if (!is_identifier(offer->name))
            return "a service has no proper name";
        for (size_t n = 0; n < offer->n_method; n++)
            if (!is_identifier(offer->method[n]->name))
                return scratch_printf("a method of %s has no proper name", offer->name);
    }
    return NULL;
}

const char *request_fault(const CodeGeneratorRequest *request)
{
    size_t messages = 0;

    for (size_t i = 0; i < request->n_proto_file; i++) {
        const FileDescriptorProto *proto = request->proto_file[i];
        const char *fault = NULL;

        if (!is_file_name(proto->name))
            return "a file has no proper name";
        if (!is_package(proto->package))
            fault = "its package has no proper name";
        if (fault == NULL)
            fault = messages_fault(proto->message_type, proto->n_message_type, &messages);
        if (fault == NULL)
            fault = services_fault(proto);
        if (fault != NULL)
            return scratch_printf("%s: %s", proto->name, fault);
    }
    return NULL;
}

static const char *service_fault(const service *s)
{
    for (size_t i = 0; i < s->method_count; i++)
        if (s->methods[i].request == NULL || s->methods[i].reply == NULL)
            return scratch_printf("%s: a type of %s.%s is nowhere", s->file->name, s->name, s->methods[i].name);
    return NULL;
}

const char *contract_fault(const contract *c)
{
    const char *fault = NULL;

    for (size_t i = 0; i < c->message_count; i++)
        for (size_t n = 0; n < c->messages[i].field_count; n++) {
            const field *f = &c->messages[i].fields[n];

            if (f->proto->type == FIELD_TYPE(MESSAGE) && f->type == NULL)
                return scratch_printf("%s: the type of %s.%s is nowhere", c->messages[i].file->name,
                                      c->messages[i].full_name, f->proto->name);
        }
    for (size_t i = 0; i < c->file_count; i++)
        for (size_t n = 0; n < c->files[i].service_count && fault == NULL; n++)
            fault = service_fault(&c->files[i].services[n]);
    return fault;
}
