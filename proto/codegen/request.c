#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "scratch.h"

const CodeGeneratorRequest *request_read(void)
{
    const ProtobufCMessageDescriptor *type = &google__protobuf__compiler__code_generator_request__descriptor;
    const CodeGeneratorRequest *request;
    uint8_t *bytes;
    size_t size;

    bytes = input_read(stdin, &size);
    if (bytes == NULL)
        return NULL;
    request = (const CodeGeneratorRequest *)scratch_unpack(type, bytes, size);
    free(bytes);
    return request;
}

static bool is_prefix(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    size_t first = strspn(text, letters);

    return first > 0 && text[first + strspn(text + first, "abcdefghijklmnopqrstuvwxyz_0123456789")] == '\0';
}

static const char *parse_one(const char *parameter, parameters *parsed)
{
    static const char prefix[] = "prefix=";

    if (strcmp(parameter, "nanopb=1") == 0)
        parsed->nanopb = true;
    else if (strcmp(parameter, "settings=1") == 0)
        parsed->settings = true;
    else if (strcmp(parameter, "policy=optional") == 0)
        parsed->policy_optional = true;
    else if (strcmp(parameter, "limits=optional") == 0)
        parsed->limits_optional = true;
    else if (strncmp(parameter, prefix, strlen(prefix)) != 0)
        return scratch_printf("unknown parameter \"%s\"; there are nanopb=1, settings=1, policy=optional, "
                              "limits=optional and prefix=NAME",
                              parameter);
    else if (!is_prefix(parameter + strlen(prefix)))
        return scratch_printf("%s: a prefix begins a name of C, in lower case", parameter);
    else
        parsed->prefix = parameter + strlen(prefix);
    return NULL;
}

const char *parameters_parse(const char *text, parameters *ret_parameters)
{
    parameters parsed = {.prefix = ""};
    const char *wrong = NULL;

    while (text != NULL && *text != '\0' && wrong == NULL) {
        size_t length = strcspn(text, ",");

        if (length > 0)
            wrong = parse_one(scratch_text(text, length), &parsed);
        text += length + (text[length] == ',');
    }
    *ret_parameters = parsed;
    return wrong;
}
