#include "configuration.h"

#include <string.h>

#include "https.h"
#include "members.h"

static bool endpoint_read(const json_members *members, const char *name, const char *issuer, const char **ret_url)
{
    *ret_url = json_member_text(members, name);
    return https_url_is_legal(*ret_url, https_url_is_plain(issuer));
}

static bool has_text(const text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], text) == 0)
            return true;
    return false;
}

/* Without a word about it, HTTP Basic is what every provider takes. */
static bool wants_secret_in_form(const json_members *members)
{
    text_list methods;

    return json_member_texts(members, "token_endpoint_auth_methods_supported", &methods) &&
           !has_text(&methods, "client_secret_basic") && has_text(&methods, "client_secret_post");
}

sp_status configuration_read(const char *issuer, const char *bytes, size_t size, arena *a,
                             provider_configuration *ret_configuration, const char **ret_why)
{
    provider_configuration found = {0};
    json_members members;

    if (!json_members_read(bytes, size, a, &members)) {
        *ret_why = "its configuration is no JSON object";
        return PROVIDER_MALFORMED;
    }
    found.issuer = json_member_text(&members, "issuer");
    if (strcmp(found.issuer, issuer) != 0) {
        *ret_why = "its configuration names another issuer";
        return ISSUER_MISMATCH;
    }
    found.userinfo_endpoint = json_member_text(&members, "userinfo_endpoint");
    if (!endpoint_read(&members, "authorization_endpoint", issuer, &found.authorization_endpoint) ||
        !endpoint_read(&members, "token_endpoint", issuer, &found.token_endpoint) ||
        !endpoint_read(&members, "jwks_uri", issuer, &found.keys_uri) ||
        (*found.userinfo_endpoint && !endpoint_read(&members, "userinfo_endpoint", issuer, &found.userinfo_endpoint))) {
        *ret_why = "an endpoint is missing, or is not https";
        return PROVIDER_MALFORMED;
    }
    found.secret_in_form = wants_secret_in_form(&members);
    *ret_configuration = found;
    return SP_DONE;
}

bool configuration_copy(const provider_configuration *from, arena *a, provider_configuration *ret_copy)
{
    *ret_copy = (provider_configuration){
        .issuer = arena_text(a, from->issuer),
        .authorization_endpoint = arena_text(a, from->authorization_endpoint),
        .token_endpoint = arena_text(a, from->token_endpoint),
        .userinfo_endpoint = arena_text(a, from->userinfo_endpoint),
        .keys_uri = arena_text(a, from->keys_uri),
        .secret_in_form = from->secret_in_form,
    };
    return ret_copy->issuer && ret_copy->authorization_endpoint && ret_copy->token_endpoint &&
           ret_copy->userinfo_endpoint && ret_copy->keys_uri;
}
