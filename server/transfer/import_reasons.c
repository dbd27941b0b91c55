#include "import_reasons.h"

#include <string.h>

static const struct {
    const char *reason, *chinese;
} SENTENCES[] = {
    {"CARD_TAKEN", "该卡已属于其他人员。"},
    {"DATE_AMBIGUOUS", "无法区分日和月，请写作 2026-12-31。"},
    {"DATE_INVALID", "日期格式应为 2026-12-31。"},
    {"DATES_REVERSED", "结束日期早于开始日期。"},
    {"DUPLICATE_IN_FILE", "文件中前面的行已使用该编号。"},
    {"FIELD_REQUIRED", "请填写此项。"},
    {"FIELD_TOO_LONG", "内容过长。"},
    {"GENDER_UNKNOWN", "请填写女、男或其他。"},
    {"GROUP_AMBIGUOUS", "有多个同名分组，请填写完整路径。"},
    {"GROUP_UNKNOWN", "该分组不存在。"},
    {"IDENTITY_TAKEN", "该身份证号已被使用。"},
    {"NUMBER_TAKEN", "该编号已被使用。"},
    {"VALUE_INVALID", "包含无法保存的字符。"},
    {"VALUE_REFUSED", "数据库不接受此行的某个值。"},
};

const char *import_reason_sentence(const char *reason, const char *sentence, sheet_language language)
{
    for (size_t i = 0; language == LANGUAGE_ZH && i < sizeof SENTENCES / sizeof *SENTENCES; i++)
        if (strcmp(SENTENCES[i].reason, reason) == 0)
            return SENTENCES[i].chinese;
    return sentence;
}
