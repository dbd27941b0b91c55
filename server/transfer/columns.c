#include "columns.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { HEADER_MAX = 96 };

/* What the kinds have in common, beside the texts of a person. */
enum { GENDER = PERSON_TEXTS, GROUP, HOST, WORDS_COUNT };

#define DATE_EN "A date such as 2026-12-31."
#define DATE_ZH "日期，例如 2026-12-31。"

static const sheet_column WORDS[WORDS_COUNT] = {
    [PERSON_NUMBER] = {.width = 16,
                       .required = true,
                       .headers = {"Personnel ID", "人员编号"},
                       .notes = {"Text: leading zeros stay. Nobody else of the list has it.",
                                 "按文本处理，保留前导零，同一列表中不可重复。"}},
    [PERSON_NAME] = {.width = 20, .required = true, .headers = {"Name", "姓名"}, .notes = {"", ""}},
    [PERSON_PHONE] = {.width = 18, .headers = {"Phone", "电话"}, .notes = {"", ""}},
    [PERSON_CARD_NUMBER] = {.width = 18,
                            .headers = {"IC card number", "IC卡号"},
                            .notes = {"Of the card that is held to a terminal; one employee or visitor has it.",
                                      "刷卡使用的卡号，只能属于一名员工或访客。"}},
    [PERSON_IDENTITY_NUMBER] = {.width = 22,
                                .headers = {"ID card number", "身份证号"},
                                .notes = {"Text. Nobody else of the list has it.", "按文本处理，同一列表中不可重复。"}},
    [PERSON_NATIONALITY] = {.width = 16, .headers = {"Nationality", "国籍"}, .notes = {"", ""}},
    [PERSON_ETHNICITY] = {.width = 16, .headers = {"Ethnicity", "民族"}, .notes = {"", ""}},
    [PERSON_BIRTHPLACE] = {.width = 20, .headers = {"Place of birth", "出生地"}, .notes = {"", ""}},
    [PERSON_BIRTH_DATE] = {.width = 14, .headers = {"Date of birth", "出生日期"}, .notes = {DATE_EN, DATE_ZH}},
    [PERSON_ADDRESS] = {.width = 32, .headers = {"Address", "联系地址"}, .notes = {"", ""}},
    [PERSON_COMPANY] = {.width = 24, .headers = {"Company", "公司"}, .notes = {"", ""}},
    [PERSON_PURPOSE] = {.width = 24, .headers = {"Purpose", "来访事由"}, .notes = {"", ""}},
    [PERSON_EMPLOYED_FROM] = {.width = 14,
                              .headers = {"Employed from", "入职日期"},
                              .notes = {"The first day. " DATE_EN, "首日。" DATE_ZH}},
    [PERSON_EMPLOYED_UNTIL] = {.width = 14,
                               .headers = {"Employed until", "离职日期"},
                               .notes = {"The last day, after which every grant ends by itself. " DATE_EN,
                                         "最后一天，之后通行权限自动失效。" DATE_ZH}},
    [PERSON_CONSENT_DATE] = {.width = 14,
                             .headers = {"Consent date", "同意日期"},
                             .notes = {"When the person agreed to be recognised by the face. " DATE_EN,
                                       "本人同意使用人脸识别的日期。" DATE_ZH}},
    [PERSON_CONSENT_NOTE] = {.width = 24,
                             .headers = {"Consent note", "同意说明"},
                             .notes = {"How the person agreed.", "同意的方式。"}},
    [PERSON_NOTES] = {.width = 32, .headers = {"Notes", "备注"}, .notes = {"Line ends are kept.", "保留换行。"}},
    [GENDER] = {.field = "gender",
                .form = COLUMN_GENDER,
                .width = 10,
                .headers = {"Gender", "性别"},
                .notes = {"Female, Male or Other; empty: not stated.", "女、男或其他，留空表示未填写。"}},
    [GROUP] = {.field = "group_id",
               .form = COLUMN_GROUP,
               .width = 32,
               .headers = {"Group", "分组"},
               .notes =
                   {"The path of a group, such as Head office / Workshop, or a name that no other group has. Empty: "
                    "the group that is chosen for the import.",
                    "分组路径，例如“总部 / 车间”，名称唯一时可只填名称。留空则使用导入时选择的分组。"}},
    [HOST] = {.field = "host_id",
              .form = COLUMN_HOST,
              .width = 16,
              .headers = {"Host", "被访人编号"},
              .notes = {"The personnel ID of the employee who is visited.", "被访员工的人员编号。"}},
};

static const char *const NUMBER_HEADERS[][LANGUAGES] = {
    [PERSON_EMPLOYEE] = {"Personnel ID", "人员编号"},
    [PERSON_VISITOR] = {"Visitor ID", "访客编号"},
    [PERSON_BLACKLIST_ENTRY] = {"Blacklist ID", "黑名单编号"},
};

/* The manual's order. */
static const signed char ORDERS[][COLUMNS_MAX + 1] = {
    [PERSON_EMPLOYEE] = {PERSON_NUMBER, PERSON_NAME, GENDER, GROUP, PERSON_PHONE, PERSON_IDENTITY_NUMBER,
                         PERSON_CARD_NUMBER, PERSON_NATIONALITY, PERSON_BIRTHPLACE, PERSON_BIRTH_DATE, PERSON_ADDRESS,
                         PERSON_NOTES, PERSON_EMPLOYED_FROM, PERSON_EMPLOYED_UNTIL, PERSON_CONSENT_DATE,
                         PERSON_CONSENT_NOTE, -1},
    [PERSON_VISITOR] = {PERSON_NUMBER, PERSON_NAME, GENDER, GROUP, PERSON_PHONE, PERSON_IDENTITY_NUMBER,
                        PERSON_CARD_NUMBER, PERSON_ETHNICITY, PERSON_NATIONALITY, PERSON_BIRTH_DATE, PERSON_ADDRESS,
                        PERSON_COMPANY, HOST, PERSON_PURPOSE, PERSON_NOTES, PERSON_CONSENT_DATE, PERSON_CONSENT_NOTE,
                        -1},
    [PERSON_BLACKLIST_ENTRY] = {PERSON_NUMBER, PERSON_NAME, GENDER, GROUP, PERSON_PHONE, PERSON_IDENTITY_NUMBER,
                                PERSON_CARD_NUMBER, PERSON_ETHNICITY, PERSON_BIRTHPLACE, PERSON_BIRTH_DATE,
                                PERSON_ADDRESS, PERSON_NOTES, -1},
};

enum { KINDS = sizeof ORDERS / sizeof *ORDERS };

static sheet_column columns[KINDS][COLUMNS_MAX];
static size_t counts[KINDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void columns_make(void)
{
    for (int kind = PERSON_EMPLOYEE; kind < KINDS; kind++)
        for (const signed char *at = ORDERS[kind]; *at >= 0; at++) {
            sheet_column *c = &columns[kind][counts[kind]++];

            *c = WORDS[*at];
            if (c->form == COLUMN_TEXT) {
                c->text = (person_text)*at;
                c->field = person_text_name(c->text);
            }
            if (*at == PERSON_NUMBER)
                memcpy(c->headers, NUMBER_HEADERS[kind], sizeof c->headers);
        }
}

const sheet_column *columns_of(person_kind kind, size_t *ret_count)
{
    pthread_once(&once, columns_make);
    *ret_count = counts[kind];
    return columns[kind];
}

sheet_language sheet_language_of(const char *text)
{
    return strncasecmp(text, "zh", 2) == 0 ? LANGUAGE_ZH : LANGUAGE_EN;
}

/* ---- Headers ----------------------------------------------------------------------------------------------------- */

/* Without case, blanks, asterisks and what some put between words. Too long a header is cut, and means nothing then. */
static void header_fold(const char *header, char folded[HEADER_MAX])
{
    static const char *const unseen[] = {" ", "\t", "\r", "\n", "*", "_", "-", "\xc2\xa0", "　", "＊", "\xef\xbb\xbf"};
    size_t n = 0;

    while (*header && n < HEADER_MAX - 1) {
        size_t skip = 0;

        for (size_t i = 0; i < sizeof unseen / sizeof *unseen && skip == 0; i++)
            if (strncmp(header, unseen[i], strlen(unseen[i])) == 0)
                skip = strlen(unseen[i]);
        if (skip == 0) {
            folded[n++] = *header >= 'A' && *header <= 'Z' ? (char)(*header + 32) : *header;
            skip = 1;
        }
        header += skip;
    }
    folded[n] = '\0';
}

static bool header_is(const char *folded, const char *word)
{
    char other[HEADER_MAX];

    header_fold(word, other);
    return strcmp(folded, other) == 0;
}

int column_find(person_kind kind, const char *header)
{
    char folded[HEADER_MAX];
    size_t count;
    const sheet_column *all = columns_of(kind, &count);

    header_fold(header, folded);
    for (size_t i = 0; i < count; i++)
        if (header_is(folded, all[i].headers[LANGUAGE_EN]) || header_is(folded, all[i].headers[LANGUAGE_ZH]))
            return (int)i;
    return -1;
}

static const char *const REASON[LANGUAGES] = {"Reason", "失败原因"};

const char *column_reason_header(sheet_language language)
{
    return REASON[language];
}

bool column_is_reason(const char *header)
{
    char folded[HEADER_MAX];

    header_fold(header, folded);
    return header_is(folded, REASON[LANGUAGE_EN]) || header_is(folded, REASON[LANGUAGE_ZH]);
}
