#include "response.h"

#include <stdlib.h>

#include "descriptor.h"
#include "scratch.h"

/* Of one file; far above any. */
#define TEXT_CAP ((size_t)256 << 20)

static void die(void)
{
    perror("protoc-gen-smartpass-c");
    exit(1);
}

static void open_stream(response_file *file)
{
    byte_buffer_init(&file->text, TEXT_CAP);
    file->stream = byte_buffer_stream(&file->text);
    if (file->stream == NULL)
        die();
}

/* A stream only fails when memory is out, and then every file is suspect. */
static void close_stream(response_file *file)
{
    if (!byte_buffer_stream_close(file->stream))
        die();
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

static char *text_of(const response_file *file)
{
    return file->text.data != NULL ? (char *)file->text.data : "";
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
        file->content = text_of(&r->files[i]);
        answer.file[i] = file;
    }
    close_stream(&r->error);
    if (r->error.text.size > 0) {
        r->error.text.data[r->error.text.size - 1] = '\0'; /* the compiler ends the line by itself */
        answer.error = text_of(&r->error);
    } else {
        answer.n_file = r->count;
    }

    sent = write_answer(&answer);
    for (size_t i = 0; i < r->count; i++)
        byte_buffer_done(&r->files[i].text);
    byte_buffer_done(&r->error.text);
    return sent;
}
