/* The index of a FileDescriptorSet. */
#include "reflection_index.h"

#include <stdlib.h>
#include <string.h>

#include "google/protobuf/descriptor.pb-c.h"
#include "rpc.h"
#include "wire.h"

typedef Google__Protobuf__DescriptorProto MessageType;
typedef Google__Protobuf__EnumDescriptorProto EnumType;
typedef Google__Protobuf__FieldDescriptorProto Field;
typedef Google__Protobuf__FileDescriptorProto File;
typedef Google__Protobuf__ServiceDescriptorProto Service;

enum {
    SET_FILE = 1, /* FileDescriptorSet.file */
    INDEX_CAP = 8 << 20,
    FILE_CAP = 64 << 20, /* one file unpacked */
};

typedef struct {
    reflection_index *index;
    const reflection_file *file;
} indexer;

/* Makes room for one more item in an array of the arena; the old array stays behind in it. */
static bool grow(arena *a, void **array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return true;

    size_t more = *room == 0 ? 64 : *room * 2;
    void *bigger = arena_array(a, more, size);

    if (bigger == NULL)
        return false;
    if (count > 0)
        memcpy(bigger, *array, count * size);
    *array = bigger;
    *room = more;
    return true;
}

/* Returns the full name; NULL when memory is out. */
static const char *add_symbol(indexer *in, const char *scope, const char *name)
{
    reflection_index *index = in->index;
    const char *full =
        scope[0] == '\0' ? arena_text(&index->memory, name) : arena_printf(&index->memory, "%s.%s", scope, name);

    if (full == NULL || !grow(&index->memory, (void **)&index->symbols, index->symbol_count, &index->symbol_room,
                              sizeof *index->symbols))
        return NULL;
    index->symbols[index->symbol_count++] = (reflection_symbol){full, in->file};
    return full;
}

static bool add_extensions(indexer *in, const char *scope, Field **fields, size_t count)
{
    reflection_index *index = in->index;

    for (size_t i = 0; i < count; i++) {
        const char *type = fields[i]->extendee[0] == '.' ? fields[i]->extendee + 1 : fields[i]->extendee;
        const char *copy = arena_text(&index->memory, type);

        if (copy == NULL || add_symbol(in, scope, fields[i]->name) == NULL ||
            !grow(&index->memory, (void **)&index->extensions, index->extension_count, &index->extension_room,
                  sizeof *index->extensions))
            return false;
        index->extensions[index->extension_count++] = (reflection_extension){copy, fields[i]->number, in->file};
    }
    return true;
}

static bool add_enums(indexer *in, const char *scope, EnumType **enums, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (add_symbol(in, scope, enums[i]->name) == NULL)
            return false;
    return true;
}

/* Recursion ends with the nesting of our own proto files. */
static bool add_messages(indexer *in, const char *scope, MessageType **messages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const MessageType *message = messages[i];
        const char *name = add_symbol(in, scope, message->name);

        if (name == NULL || !add_messages(in, name, message->nested_type, message->n_nested_type) ||
            !add_enums(in, name, message->enum_type, message->n_enum_type) ||
            !add_extensions(in, name, message->extension, message->n_extension))
            return false;
    }
    return true;
}

static bool add_services(indexer *in, const char *scope, Service **services, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = add_symbol(in, scope, services[i]->name);

        if (name == NULL)
            return false;
        for (size_t m = 0; m < services[i]->n_method; m++)
            if (add_symbol(in, name, services[i]->method[m]->name) == NULL)
                return false;
    }
    return true;
}

/* protoc writes imports before the files that import them, so all of them are known already. */
static bool add_imports(reflection_index *index, reflection_file *file, const File *proto)
{
    file->imports = arena_array(&index->memory, proto->n_dependency, sizeof *file->imports);
    if (file->imports == NULL)
        return false;
    for (size_t i = 0; i < proto->n_dependency; i++) {
        const reflection_file *import = reflection_find_file(index, proto->dependency[i]);

        if (import != NULL)
            file->imports[file->import_count++] = import;
    }
    return true;
}

static bool add_file(reflection_index *index, const File *proto, wire_reader bytes)
{
    reflection_file *file = &index->files[index->file_count];
    indexer in = {index, file};
    const char *package = proto->package != NULL ? proto->package : "";

    *file = (reflection_file){.bytes = bytes.at, .size = wire_left(&bytes)};
    file->name = arena_text(&index->memory, proto->name);
    if (file->name == NULL || !add_imports(index, file, proto))
        return false;
    index->file_count++;
    return add_messages(&in, package, proto->message_type, proto->n_message_type) &&
           add_enums(&in, package, proto->enum_type, proto->n_enum_type) &&
           add_extensions(&in, package, proto->extension, proto->n_extension) &&
           add_services(&in, package, proto->service, proto->n_service);
}

static bool malformed(reflection_index *index)
{
    index->malformed = true;
    return false;
}

static bool index_file(reflection_index *index, wire_reader bytes)
{
    const ProtobufCMessageDescriptor *type = &google__protobuf__file_descriptor_proto__descriptor;
    const char *field;
    bool added = false;
    arena unpacked;

    if (sp_failed(rpc_prescan(type, bytes.at, wire_left(&bytes), NULL, 0, &field)))
        return malformed(index);
    arena_init(&unpacked, FILE_CAP);

    const File *proto = (const File *)rpc_unpack(type, &unpacked, bytes.at, wire_left(&bytes));

    if (proto != NULL)
        added = proto->name != NULL ? add_file(index, proto, bytes) : malformed(index);
    arena_done(&unpacked);
    return added;
}

/* Calls visit for each file of the set, in its order. */
static bool for_each_file(reflection_index *index, wire_reader set, bool (*visit)(reflection_index *, wire_reader))
{
    while (wire_left(&set) > 0) {
        uint32_t field;
        wire_type type;
        wire_reader file;

        if (!wire_read_tag(&set, &field, &type))
            return malformed(index);
        if (field != SET_FILE || type != WIRE_LENGTH) {
            if (!wire_skip(&set, type))
                return malformed(index);
            continue;
        }
        if (!wire_read_length(&set, &file))
            return malformed(index);
        if (!visit(index, file))
            return false;
    }
    return true;
}

static bool count_file(reflection_index *index, wire_reader bytes)
{
    (void)bytes;
    index->file_count++;
    return true;
}

static int compare_symbols(const void *a, const void *b)
{
    return strcmp(((const reflection_symbol *)a)->name, ((const reflection_symbol *)b)->name);
}

bool reflection_index_init(reflection_index *index, const uint8_t *set, size_t size)
{
    wire_reader reader = wire_open(set, size);

    *index = (reflection_index){.file_count = 0};
    arena_init(&index->memory, INDEX_CAP);
    if (!for_each_file(index, reader, count_file))
        return false;
    index->files = arena_array(&index->memory, index->file_count, sizeof *index->files);
    index->file_count = 0;
    if (index->files == NULL || !for_each_file(index, reader, index_file))
        return false;
    if (index->symbol_count > 0)
        qsort(index->symbols, index->symbol_count, sizeof *index->symbols, compare_symbols);
    return true;
}

void reflection_index_done(reflection_index *index)
{
    arena_done(&index->memory);
    *index = (reflection_index){.file_count = 0};
}

const reflection_file *reflection_find_file(const reflection_index *index, const char *name)
{
    for (size_t i = 0; i < index->file_count; i++)
        if (strcmp(index->files[i].name, name) == 0)
            return &index->files[i];
    return NULL;
}

const reflection_file *reflection_find_symbol(const reflection_index *index, const char *name)
{
    const reflection_symbol wanted = {.name = name};
    const reflection_symbol *found = index->symbol_count == 0 ? NULL
                                                              : bsearch(&wanted, index->symbols, index->symbol_count,
                                                                        sizeof wanted, compare_symbols);

    return found != NULL ? found->file : NULL;
}

const reflection_file *reflection_find_extension(const reflection_index *index, const char *type, int32_t number)
{
    for (size_t i = 0; i < index->extension_count; i++)
        if (index->extensions[i].number == number && strcmp(index->extensions[i].type, type) == 0)
            return index->extensions[i].file;
    return NULL;
}
