#include "rules.h"

#include <string.h>

#include "refusal.h"
#include "scratch.h"

static bool type_has_bytes(const FieldDescriptorProto *proto)
{
    return proto->type == FIELD_TYPE(STRING) || proto->type == FIELD_TYPE(BYTES);
}

const message *field_map_entry(const field *f)
{
    return f->type != NULL && f->type->is_map_entry ? f->type : NULL;
}

bool field_has_bytes(const field *f)
{
    const message *entry = field_map_entry(f);

    if (entry == NULL)
        return type_has_bytes(f->proto);
    for (size_t i = 0; i < entry->field_count; i++)
        if (type_has_bytes(entry->fields[i].proto))
            return true;
    return false;
}

static void refuse_method(FILE *refusals, const service *s, const method *m, const char *what)
{
    refuse(refusals, s->file, m->place, "%s.%s: %s", s->name, m->name, what);
}

static void refuse_field(FILE *refusals, const message *m, const field *f, const char *what)
{
    refuse(refusals, m->file, f->place, "%s.%s: %s", m->full_name, f->proto->name, what);
}

/* "employees.view": two words of lower-case letters and underscores. */
static bool is_permission(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    size_t module = strspn(text, letters);
    size_t operation = text[module] == '.' ? strspn(text + module + 1, letters) : 0;

    return module > 0 && operation > 0 && text[module + 1 + operation] == '\0';
}

static void check_policy(FILE *refusals, const service *s, const method *m, bool optional)
{
    const MethodPolicy *policy = m->policy;

    if (policy == NULL) {
        if (!optional)
            refuse_method(refusals, s, m, "the option (smartpass.v1.policy) is missing");
        return;
    }
    if (policy->caller <= CALLER(UNSPECIFIED) || policy->caller > CALLER(ENTERPRISE_ADMIN)) {
        refuse_method(refusals, s, m, "(smartpass.v1.policy) does not state its caller");
        return;
    }
    if (policy->caller != CALLER(PERMITTED)) {
        if (policy->permission[0] != '\0')
            refuse_method(refusals, s, m, "a permission is stated, but caller is not CALLER_PERMITTED");
    } else if (!is_permission(policy->permission)) {
        refuse_method(refusals, s, m, "CALLER_PERMITTED needs a permission of the form \"module.operation\"");
    }
}

static void check_http(FILE *refusals, const service *s, const method *m)
{
    if (m->http == NULL)
        return;
    if (http_verb(m->http) == NULL)
        refuse_method(refusals, s, m, "(google.api.http) has no pattern");
    for (size_t i = 0; i < m->http->n_additional_bindings; i++)
        if (http_verb(m->http->additional_bindings[i]) == NULL)
            refuse_method(refusals, s, m, "an additional binding of (google.api.http) has no pattern");
}

/* Everything that comes from outside has a limit. The message names one method that receives the field. */
static void check_received(FILE *refusals, const service *s, const method *by, const message *m)
{
    if (m->is_map_entry)
        return;
    for (size_t i = 0; i < m->field_count; i++) {
        const field *f = &m->fields[i];
        const char *missing = NULL;

        if (field_has_bytes(f) && (f->limit == NULL || f->limit->max_bytes == 0))
            missing = "max_bytes";
        else if (f->repeated && (f->limit == NULL || f->limit->max_items == 0))
            missing = "max_items";
        if (missing != NULL)
            refuse_field(refusals, m, f,
                         scratch_printf("(smartpass.v1.limit).%s is missing, and %s.%s receives this field", missing,
                                        s->name, by->name));
    }
}

static void check_service(const contract *c, const parameters *chosen, const service *s, bool *seen, FILE *refusals)
{
    const message **reached = SCRATCH_ARRAY(c->message_count, const message *);

    if (s->prefix[0] == '\0')
        refuse(refusals, s->file, s->place, "%s: nothing is left of the name without \"Service\"", s->name);
    if (s->method_count == 0)
        refuse(refusals, s->file, s->place, "%s: a service without methods", s->name);
    for (size_t i = 0; i < s->method_count; i++) {
        const method *m = &s->methods[i];
        size_t count = message_closure(m->request, reached, 0, seen);

        check_policy(refusals, s, m, chosen->policy_optional);
        check_http(refusals, s, m);
        for (size_t n = 0; n < count && !chosen->limits_optional; n++)
            check_received(refusals, s, m, reached[n]);
    }
}

static void check_stated_limits(const message *m, FILE *refusals)
{
    for (size_t i = 0; i < m->field_count; i++) {
        const field *f = &m->fields[i];

        if (f->limit == NULL)
            continue;
        if (f->limit->max_bytes > 0 && !field_has_bytes(f))
            refuse_field(refusals, m, f, "(smartpass.v1.limit).max_bytes is for string, bytes and maps of them");
        if (f->limit->max_items > 0 && !f->repeated)
            refuse_field(refusals, m, f, "(smartpass.v1.limit).max_items is for repeated fields");
    }
}

/* The factory's value is one that could be set. */
static void check_setting(const message *m, const field *f, FILE *refusals)
{
    const SettingRule *rule = f->setting;
    int type = (int)f->proto->type;
    int64_t above = (int64_t)rule->factory - rule->min, step = rule->step > 0 ? rule->step : 1;
    bool fits = above >= 0 && rule->factory <= rule->max && above % step == 0;

    if (type != FIELD_TYPE(BOOL) && type != FIELD_TYPE(ENUM) && type != FIELD_TYPE(STRING) && type != FIELD_TYPE(INT32))
        refuse_field(refusals, m, f, "(smartpass.v1.setting) is for bool, int32, string and enums");
    else if (f->repeated)
        refuse_field(refusals, m, f, "(smartpass.v1.setting) is not for repeated fields");
    else if (type == FIELD_TYPE(INT32) && (rule->min >= rule->max || !fits))
        refuse_field(refusals, m, f, "(smartpass.v1.setting) needs min below max, and a factory value that fits them");
    else if (type == FIELD_TYPE(BOOL) && (rule->factory < 0 || rule->factory > 1))
        refuse_field(refusals, m, f, "(smartpass.v1.setting).factory is 0 or 1");
    else if (type == FIELD_TYPE(ENUM) && rule->factory < 1)
        refuse_field(refusals, m, f, "(smartpass.v1.setting).factory is a named value of the enum");
}

/* Within one file each alias must stand for one message. */
static void check_alias(const contract *c, const message *m, FILE *refusals)
{
    for (const message *other = c->messages; other < m; other++)
        if (other->file == m->file && strcmp(other->alias, m->alias) == 0)
            refuse(refusals, m->file, m->place, "%s and %s would both be called %s", other->full_name, m->full_name,
                   m->alias);
        else if (other->file == m->file && strcmp(other->alias_init, m->alias_init) == 0)
            refuse(refusals, m->file, m->place, "%s and %s would both be initialised by %s", other->full_name,
                   m->full_name, m->alias_init);
}

void rules_check(const contract *c, const parameters *chosen, FILE *refusals)
{
    bool *seen = SCRATCH_ARRAY(c->message_count, bool);

    for (size_t i = 0; i < c->message_count; i++)
        if (c->messages[i].file->wanted) {
            check_stated_limits(&c->messages[i], refusals);
            for (size_t n = 0; n < c->messages[i].field_count; n++)
                if (c->messages[i].fields[n].setting != NULL)
                    check_setting(&c->messages[i], &c->messages[i].fields[n], refusals);
            check_alias(c, &c->messages[i], refusals);
        }
    for (size_t i = 0; i < c->file_count; i++)
        for (size_t n = 0; n < c->files[i].service_count; n++)
            check_service(c, chosen, &c->files[i].services[n], seen, refusals);
}
