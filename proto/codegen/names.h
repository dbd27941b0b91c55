/* How names of the contract become names of C. The protobuf_c_* functions follow protoc-gen-c to the letter, because
 * our code refers to what it generates; the others are our own style. All results live in scratch memory. */
#pragma once

#include <stdbool.h>

/* "smartpass.v1.GetURL" → "Smartpass__V1__GetURL" */
const char *protobuf_c_type(const char *full_name);

/* "smartpass.v1.GetURL" → "smartpass__v1__get_url", or the same in upper case */
const char *protobuf_c_lower(const char *full_name);
const char *protobuf_c_upper(const char *full_name);

/* "GetHTTPHeader" → "get_http_header"; a dot becomes an underscore */
const char *snake_case(const char *name);
const char *upper_snake_case(const char *name);

/* The name itself, or with an underscore behind it when it is a word of C or C++: "register_". */
const char *not_reserved(const char *name);

/* The member of a handlers' table, whose first is "size": "GetEmployee" → "get_employee", "Size" → "size_" */
const char *member_name(const char *method);

/* "PeopleService" → "people" */
const char *service_prefix(const char *service);

/* "smartpass/v1/people.proto" → "smartpass/v1/people" */
const char *file_stem(const char *file);

bool has_prefix(const char *text, const char *prefix);
