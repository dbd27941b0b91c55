/* What a terminal of the fleet says of its settings. */
#include <inttypes.h>
#include <string.h>

#include "fleet_terminal_parts.h"
#include "hash.h"
#include "json_line.h"
#include "text.h"

/* Whether two passwords are the same can be seen, and nothing else. */
static void tell_password(json_line *j, const char *name, const char *kept)
{
    uint8_t hash[SHA256_SIZE];
    char fingerprint[2 * SHA256_SIZE + 1] = "";

    if (kept[0] != '\0' && !sp_failed(sha256_of(kept, strlen(kept), hash)))
        hex_encode(hash, sizeof hash, fingerprint);
    json_text(j, name, fingerprint);
}

static void tell(json_line *j, const setting_rule *rule, setting_value value)
{
    if (rule->kind == SETTING_PIN)
        tell_password(j, rule->name, value.text);
    else if (setting_is_text(rule))
        json_text(j, rule->name, value.text);
    else
        json_number(j, rule->name, value.number);
}

void fleet_terminal_tell_settings(const fleet_terminal *f, FILE *file)
{
    char line[8192];
    json_line j;

    json_begin(&j, line, sizeof line);
    json_id(&j, "deviceId", f->credentials.device_id);
    json_number(&j, "version", settings_store_cursor(f->settings));
    json_number(&j, "unanswered", (int64_t)fleet_terminal_unanswered(f));
    json_open(&j, "settings");
    for (size_t i = 0; i < SETTING_COUNT; i++)
        tell(&j, &setting_rules[i], settings_get(settings_store_values(f->settings), &setting_rules[i]));
    json_close(&j, '}');
    if (json_end(&j))
        fputs(line, file);
}
