#include "contract_notes.h"

#include <stdlib.h>
#include <string.h>

#include "comment_text.h"
#include "contract_options.h"
#include "google/protobuf/descriptor.pb-c.h"
#include "name_table.h"

typedef Google__Protobuf__DescriptorProto DescriptorProto;
typedef Google__Protobuf__EnumDescriptorProto EnumDescriptorProto;
typedef Google__Protobuf__FieldDescriptorProto FieldDescriptorProto;
typedef Google__Protobuf__FileDescriptorProto FileDescriptorProto;
typedef Google__Protobuf__FileDescriptorSet FileDescriptorSet;
typedef Google__Protobuf__MethodDescriptorProto MethodDescriptorProto;
typedef Google__Protobuf__ServiceDescriptorProto ServiceDescriptorProto;
typedef Google__Protobuf__SourceCodeInfo__Location Location;

enum { PATH_MAX_STEPS = 64 };

/* Field numbers of descriptor.proto, of which the paths of source information consist. */
enum {
    FILE_PACKAGE = 2,
    FILE_MESSAGE = 4,
    FILE_ENUM = 5,
    FILE_SERVICE = 6,
    FILE_SYNTAX = 12,
    MESSAGE_FIELD = 2,
    MESSAGE_NESTED = 3,
    MESSAGE_ENUM = 4,
    MESSAGE_ONEOF = 8,
    ENUM_VALUE = 2,
    SERVICE_METHOD = 2,
};

struct contract_notes {
    name_table by_name;
    size_t count;
};

typedef struct {
    arena *memory;
    contract_notes *into;
    const char *package;
    const Location **locations; /* of the present file, by path */
    size_t location_count;
    int32_t path[PATH_MAX_STEPS]; /* to where the walk is */
    size_t depth;
} walk;

/* ---- Comments ---- */

static int by_path(const void *a, const void *b)
{
    const Location *one = *(const Location *const *)a, *other = *(const Location *const *)b;
    size_t common = one->n_path < other->n_path ? one->n_path : other->n_path;

    for (size_t i = 0; i < common; i++)
        if (one->path[i] != other->path[i])
            return one->path[i] < other->path[i] ? -1 : 1;
    return (one->n_path > other->n_path) - (one->n_path < other->n_path);
}

static bool sort_locations(walk *w, const FileDescriptorProto *file)
{
    w->location_count = file->source_code_info ? file->source_code_info->n_location : 0;
    w->locations = arena_array(w->memory, w->location_count, sizeof *w->locations);
    if (!w->locations)
        return false;
    for (size_t i = 0; i < w->location_count; i++)
        w->locations[i] = file->source_code_info->location[i];
    qsort(w->locations, w->location_count, sizeof *w->locations, by_path);
    return true;
}

/* Of where the walk is: the comment above, or the one that follows; NULL when memory is out. */
static const char *comment_here(walk *w)
{
    const Location wanted = {.n_path = w->depth, .path = w->path}, *key = &wanted;
    const Location **found = bsearch(&key, w->locations, w->location_count, sizeof *w->locations, by_path);
    const char *text = "";

    if (found && (*found)->leading_comments)
        text = (*found)->leading_comments;
    else if (found && (*found)->trailing_comments)
        text = (*found)->trailing_comments;
    return comment_reflow(text, w->memory);
}

/* False when the contract is nested more deeply than anything sane. */
static bool enter(walk *w, int32_t field, size_t index)
{
    if (w->depth + 2 > PATH_MAX_STEPS)
        return false;
    w->path[w->depth++] = field;
    w->path[w->depth++] = (int32_t)index;
    return true;
}

static void leave(walk *w)
{
    w->depth -= 2;
}

/* ---- The walk ---- */

static contract_note *notes_array(walk *w, size_t count)
{
    contract_note *notes = arena_array(w->memory, count, sizeof *notes);

    for (size_t i = 0; notes && i < count; i++)
        notes[i] = (contract_note){.comment = "", .name = "", .package = w->package, .permission = "", .audit = ""};
    return notes;
}

static contract_note *add_note(walk *w, const char *name)
{
    contract_note *note = notes_array(w, 1);

    if (!name || !note)
        return NULL;
    note->comment = comment_here(w);
    return note->comment && name_table_add(&w->into->by_name, name, note) ? note : NULL;
}

static const char *name_in(walk *w, const char *scope, const char *name)
{
    return arena_printf(w->memory, "%s%s%s", scope, *scope ? "." : "", name);
}

static bool note_field(walk *w, contract_note *into, const FieldDescriptorProto *field)
{
    into->comment = comment_here(w);
    into->deprecated = field->options && field->options->deprecated;
    if (field->options)
        options_of_field(&field->options->base, into);
    return into->comment != NULL;
}

static bool note_enum(walk *w, const EnumDescriptorProto *from, const char *scope)
{
    contract_note *note = add_note(w, name_in(w, scope, from->name)), *values = notes_array(w, from->n_value);

    if (!note || !values)
        return false;
    note->deprecated = from->options && from->options->deprecated;
    note->members = values;
    for (size_t i = 0; i < from->n_value; i++) {
        if (!enter(w, ENUM_VALUE, i))
            return false;
        values[i].comment = comment_here(w);
        values[i].deprecated = from->value[i]->options && from->value[i]->options->deprecated;
        leave(w);
        if (!values[i].comment)
            return false;
    }
    return true;
}

static bool note_fields(walk *w, const DescriptorProto *from, contract_note *note)
{
    contract_note *fields = notes_array(w, from->n_field), *oneofs = notes_array(w, from->n_oneof_decl);
    bool fine = fields && oneofs;

    for (size_t i = 0; fine && i < from->n_field; i++) {
        fine = enter(w, MESSAGE_FIELD, i) && note_field(w, &fields[i], from->field[i]);
        leave(w);
    }
    for (size_t i = 0; fine && i < from->n_oneof_decl; i++) {
        fine = enter(w, MESSAGE_ONEOF, i);
        oneofs[i].comment = fine ? comment_here(w) : NULL;
        oneofs[i].name = arena_text(w->memory, from->oneof_decl[i]->name);
        fine = fine && oneofs[i].comment && oneofs[i].name;
        leave(w);
    }
    note->members = fields;
    note->oneofs = oneofs;
    return fine;
}

static bool note_message(walk *w, const DescriptorProto *from, const char *scope)
{
    const char *name = name_in(w, scope, from->name);
    contract_note *note = add_note(w, name);
    bool fine = note && note_fields(w, from, note);

    if (fine)
        note->deprecated = from->options && from->options->deprecated;
    for (size_t i = 0; fine && i < from->n_enum_type; i++) {
        fine = enter(w, MESSAGE_ENUM, i) && note_enum(w, from->enum_type[i], name);
        leave(w);
    }
    for (size_t i = 0; fine && i < from->n_nested_type; i++) {
        fine = enter(w, MESSAGE_NESTED, i) && note_message(w, from->nested_type[i], name);
        leave(w);
    }
    return fine;
}

static bool note_method(walk *w, const MethodDescriptorProto *from, const char *service)
{
    contract_note *note = add_note(w, arena_printf(w->memory, "/%s/%s", service, from->name));

    if (!note)
        return false;
    note->deprecated = from->options && from->options->deprecated;
    return !from->options || options_of_method(&from->options->base, note, w->memory);
}

/* A service without a comment of its own takes the file's. */
static bool note_service(walk *w, const ServiceDescriptorProto *from, const char *file_comment)
{
    const char *name = name_in(w, w->package, from->name);
    contract_note *note = add_note(w, name);
    bool fine = note != NULL;

    if (fine && !*note->comment)
        note->comment = file_comment;
    if (fine)
        note->deprecated = from->options && from->options->deprecated;
    for (size_t i = 0; fine && i < from->n_method; i++) {
        fine = enter(w, SERVICE_METHOD, i) && note_method(w, from->method[i], name);
        leave(w);
    }
    return fine;
}

/* What stands above everything else: over the syntax line, or over the package. */
static const char *comment_of_file(walk *w)
{
    const char *comment;

    w->depth = 1;
    w->path[0] = FILE_SYNTAX;
    comment = comment_here(w);
    if (comment && !*comment) {
        w->path[0] = FILE_PACKAGE;
        comment = comment_here(w);
    }
    w->depth = 0;
    return comment;
}

static bool note_file(walk *w, const FileDescriptorProto *file)
{
    const char *comment = NULL;
    bool fine = sort_locations(w, file);

    w->package = file->package ? arena_text(w->memory, file->package) : "";
    if (fine)
        comment = comment_of_file(w);
    fine = comment && w->package;
    for (size_t i = 0; fine && i < file->n_enum_type; i++) {
        fine = enter(w, FILE_ENUM, i) && note_enum(w, file->enum_type[i], w->package);
        leave(w);
    }
    for (size_t i = 0; fine && i < file->n_message_type; i++) {
        fine = enter(w, FILE_MESSAGE, i) && note_message(w, file->message_type[i], w->package);
        leave(w);
    }
    for (size_t i = 0; fine && i < file->n_service; i++) {
        fine = enter(w, FILE_SERVICE, i) && note_service(w, file->service[i], comment);
        leave(w);
    }
    return fine;
}

static size_t count_message(const DescriptorProto *message)
{
    size_t count = 1 + message->n_enum_type;

    for (size_t i = 0; i < message->n_nested_type; i++)
        count += count_message(message->nested_type[i]);
    return count;
}

static size_t count_names(const FileDescriptorSet *set)
{
    size_t count = 0;

    for (size_t f = 0; f < set->n_file; f++) {
        const FileDescriptorProto *file = set->file[f];

        count += file->n_enum_type + file->n_service;
        for (size_t i = 0; i < file->n_message_type; i++)
            count += count_message(file->message_type[i]);
        for (size_t i = 0; i < file->n_service; i++)
            count += file->service[i]->n_method;
    }
    return count;
}

const contract_notes *contract_notes_read(const uint8_t *bytes, size_t size, arena *memory)
{
    FileDescriptorSet *set = google__protobuf__file_descriptor_set__unpack(NULL, size, bytes);
    walk w = {.memory = memory, .into = arena_alloc(memory, sizeof(contract_notes))};
    bool fine = set && w.into;

    if (fine) {
        w.into->count = count_names(set);
        fine = name_table_init(&w.into->by_name, w.into->count, memory);
    }
    for (size_t i = 0; fine && i < set->n_file; i++)
        fine = note_file(&w, set->file[i]);
    if (set)
        google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
    return fine ? w.into : NULL;
}

size_t contract_notes_count(const contract_notes *notes)
{
    return notes->count;
}

const contract_note *note_of(const contract_notes *notes, const char *name)
{
    static const contract_note nothing = {.comment = "", .name = "", .package = "", .permission = "", .audit = ""};
    const contract_note *found = name_table_find(&notes->by_name, name, strlen(name));

    return found ? found : &nothing;
}
