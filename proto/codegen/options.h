/* Options of the contract as the compiler hands them over: unknown fields of the standard options messages. */
#pragma once

#include "descriptor.h"
#include "google/api/http.pb-c.h"
#include "smartpass/v1/options.pb-c.h"

typedef Smartpass__V1__MethodPolicy MethodPolicy;
typedef Smartpass__V1__FieldLimit FieldLimit;
typedef Smartpass__V1__SettingRule SettingRule;
typedef Google__Api__HttpRule HttpRule;

#define CALLER(name) SMARTPASS__V1__METHOD_POLICY__CALLER__CALLER_##name

/* NULL when the option is not set (or its bytes are not of its type). In scratch memory. */
const MethodPolicy *policy_of(const MethodDescriptorProto *method);
const HttpRule *http_rule_of(const MethodDescriptorProto *method);
const FieldLimit *limit_of(const FieldDescriptorProto *field);
const SettingRule *setting_of(const FieldDescriptorProto *field);

/* "GET" and its path; the verb of a custom pattern is its own. NULL when the rule has no pattern. */
const char *http_verb(const HttpRule *rule);
const char *http_path(const HttpRule *rule);
