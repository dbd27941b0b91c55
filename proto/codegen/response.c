#include "response.h"

#include <stdlib.h>

#include "descriptor.h"
#include "scratch.h"

static void open_stream(response_file *file)
{
    file->stream = open_memstream(&file->text, &file->size);
    if (file->stream == NULL) {
        perror("protoc-gen-smartpass-c");
        exit(1);
    }
}

/* A memory stream only fails when memory is out, and then every file is suspect. */
static void close_stream(response_file *file)
{
    if (fclose(file->stream) != 0) {
        perror("protoc-gen-smartpass-c");
        exit(1);
    }
    file->stream = NULL;
}

void response_init(response *r, size_t files)
{
    *r = (response){.files = SCRATCH_ARRAY(files, response_file)};
    open_stream(&r->error);
}

FILE *response_open(response *r, const char *name)
{
    response_file *file = &r->files[r->count++];

    file->name = name;
    open_stream(file);
    return file->stream;
}

FILE *response_error(response *r)
{
    return r->error.stream;
}

static bool write_answer(const CodeGeneratorResponse *answer)
{
    size_t size = protobuf_c_message_get_packed_size(&answer->base);
    uint8_t *bytes = SCRATCH_ARRAY(size, uint8_t);

    protobuf_c_message_pack(&answer->base, bytes);
    return fwrite(bytes, 1, size, stdout) == size && fflush(stdout) == 0;
}

bool response_send(response *r)
{
    CodeGeneratorResponse answer = GOOGLE__PROTOBUF__COMPILER__CODE_GENERATOR_RESPONSE__INIT;
    bool sent;

    answer.has_supported_features = true;
    answer.supported_features = GOOGLE__PROTOBUF__COMPILER__CODE_GENERATOR_RESPONSE__FEATURE__FEATURE_PROTO3_OPTIONAL;
    answer.file = SCRATCH_ARRAY(r->count, ResponseFile *);
    for (size_t i = 0; i < r->count; i++) {
        ResponseFile *file = SCRATCH_ARRAY(1, ResponseFile);

        close_stream(&r->files[i]);
        google__protobuf__compiler__code_generator_response__file__init(file);
        file->name = (char *)r->files[i].name;
        file->content = r->files[i].text;
        answer.file[i] = file;
    }
    close_stream(&r->error);
    if (r->error.size > 0) {
        r->error.text[r->error.size - 1] = '\0'; /* the compiler ends the line by itself */
        answer.error = r->error.text;
    } else {
        answer.n_file = r->count;
    }

    sent = write_answer(&answer);
    for (size_t i = 0; i < r->count; i++)
        free(r->files[i].text);
    free(r->error.text);
    return sent;
}
