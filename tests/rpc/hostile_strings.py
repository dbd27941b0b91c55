"""Five hundred texts that do harm wherever a program takes them for something else than text: SQL, HTML and scripts,
formulas, templates, paths, control characters, every length of UTF-8, and mixtures of them. Always the same ones.

"python3 hostile_strings.py 100" prints the first hundred as JSON, for tests in other languages: the ones that a browser
could run come first."""

import json
import random
import sys

COUNT = 500
LONGEST = 512  # bytes; most are short, because many fields are

# What a page would run, or show as something else, if it took it for markup. __hit is what a test looks for.
MARKUP = [
    "<script>window.__hit=1</script>",
    "<img src=x onerror=window.__hit=2>",
    "\"><script>window.__hit=3</script>",
    "'><svg/onload=window.__hit=4>",
    "</title><script>window.__hit=5</script>",
    "</textarea><img src=x onerror='__hit=6'>",
    "</script><script>__hit=7</script>",
    "<iframe srcdoc='<script>parent.__hit=8</script>'>",
    "<a href=\"javascript:window.__hit=9\">open</a>",
    "javascript:window.__hit=10",
    "<body onload=__hit=11>",
    "<details open ontoggle=__hit=12>",
    "<input autofocus onfocus=__hit=13>",
    "<video><source onerror=__hit=14>",
    "<math><mtext><img src=x onerror=__hit=15>",
    "\" onmouseover=\"__hit=16\" x=\"",
    "' autofocus onfocus='__hit=17' x='",
    "<style>@import 'javascript:__hit=18'</style>",
    "<link rel=stylesheet href=//example.invalid/x.css>",
    "<meta http-equiv=refresh content='0;url=//example.invalid'>",
    "<base href=//example.invalid/>",
    "<form action=//example.invalid><button>go</button>",
    "<object data='data:text/html,<script>__hit=19</script>'>",
    "<img src=//example.invalid/leak.png>",
    "<svg><script>__hit=20</script></svg>",
    "<!--<img src='--><img src=x onerror=__hit=21>'>",
    "<![CDATA[<script>__hit=22</script>]]>",
    "&lt;script&gt;__hit=23&lt;/script&gt;",
    "&#60;script&#62;__hit=24&#60;/script&#62;",
    "%3Cscript%3E__hit=25%3C/script%3E",
    "\\u003cscript\\u003e__hit=26\\u003c/script\\u003e",
    "<scr<script>ipt>__hit=27</scr</script>ipt>",
    "<IMG SRC=x ONERROR=__hit=28>",
    "<img/src=x/onerror=__hit=29//",
    "<p style=background:url(javascript:__hit=30)>",
    "&", "&amp;", "&nbsp;", "<", ">", "<>", "</", "<!--", "-->", "<b>bold</b>",
]
TEMPLATES = [
    "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{constructor.constructor('__hit=31')()}}", "${__hit=32}", "`${__hit=33}`",
    "{%raw%}", "@{x}", "$(id)", "`id`", "{0}", "{}", "{{}}", "${}", "%s%n%x", "%d", "%%", "%00", "\\0", "$1", "$$",
    "__proto__", "constructor", "toString", "hasOwnProperty", "{count, plural, one {#} other {#}}", "{name}", "[object Object]",
    "undefined", "null", "NaN", "Infinity", "true", "false", "None", "nil",
]
SQL = [
    "'", "''", "'''", "\"", "\"\"", "`", "\\", "\\'", "\\\\", ";", "--", "/*", "*/", "' OR 1=1 --", "\" OR \"\"=\"", "') OR ('1'='1",
    "'; DROP TABLE person; --", "Robert'); DELETE FROM app_user;--", "1; SELECT pg_sleep(9)", "' UNION SELECT NULL--",
    "'||(SELECT 1)||'", "$1", "$2::text", "$tag$x$tag$", "E'\\x27'", "U&'\\0027'", "%", "_", "%%%", "\\%", "\\_", "a%b_c",
    "admin'--", "admin'/*", "x' AND 1=0 UNION ALL SELECT '", "COPY person TO '/tmp/x'", "::bigint", "NULL", "DEFAULT",
    "{NULL}", "{1,2}", "(1,2)", "ARRAY[1]", "[1,2)", "epoch", "infinity", "-infinity", "now()",
]
FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "=HYPERLINK(\"//example.invalid\")", "=IMPORTXML(1,1)",
    "+49 30 1234", "-", "=", "+", "@", "|cmd", "\t=1", "a,b", "a;b", "\"a\",\"b\"", "a\"b", "a\",\"b", "a\tb", "a\nb", "a\r\nb",
    ",", ",,,", "\"\"\"", "sep=;", "#REF!", "0001", "1e5", "1E400", "0x10", "1/2", "2026-01-01", "1,5", "\u0661\u0662\u0663",
]
STRUCTURES = [
    "{\"a\":1}", "[1,2,3]", "\"", "{\"__proto__\":{\"x\":1}}", "<?xml version=\"1.0\"?>", "<!DOCTYPE x [<!ENTITY e SYSTEM \"f\">]>",
    "&e;", "key: value", "- item", "!!python/object", "../../etc/passwd", "..\\..\\x", "/etc/passwd", "C:\\CON", "file:///etc/passwd",
    "http://example.invalid/?a=b&c=d#e", "a/b", "a?b", "a#b", "a%2Fb", "a b", "a+b", ".", "..", "...", "~", "*", "?", ":", "|",
    "name\r\nSet-Cookie: x=y", "a\r\n\r\nb", "a;b=c", "() { :; }", "&& id", "|| id", "> /tmp/x", "!!", "-rf", "--help", "\\n",
    "\\r\\n", "\\t", "\\u0000", "\\x00", "^x", "x$", ".*", "(a+)+$", "[", "(", "\\d",
]
CONTROLS = ["a%sb" % chr(code) for code in [*range(1, 32), 127, *range(0x80, 0xa0)]]
UNICODE = [
    "王小明", "Zoë Ünal", "Ærøskøbing", "Нина Ж.", "Αθηνά", "דנה", "ليلى", "สมชาย", "김철수", "さくら", "हिन्दी", "ፊደል",
    "\U0001f6aa", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "✌\U0001f3fd", "\U00020000\U0002a6d6",
    "\U0010ffff", "\U000e0041\U000e007f", "e\u0301", "\u00e9", "a" + "\u0300" * 10, "Z\u0351\u036b\u0343\u0363", "\u0301x", "ﬁ", "ß", "ẞ",
    "İ", "ı", "ſ", "Å", "\u212b", "Ⅷ", "½", "①", "Ａｂｃ", "\ufeffx", "x\ufeff", "a\u200bb", "a\u200cb", "a\u200db", "a\u2060b", "a\u00adb",
    "a\u034fb", "\u200e", "\u200fx", "\u202eabc", "abc\u202c", "a\u2066b\u2069", "a\u2028b", "a\u2029b", "a\u0085b", "a\u00a0b", "\u3000a", "a\u3000",
    "a\u2003b", "\u1680", "a\u180eb", "\u115f", "\u2800", "\u3164", "\ufffd", "\ufffe", "\uffff", "\ufdd0", "\ufff9a\ufffab\ufffb", "\ue000",
    "аdmin", "ａdmin", "admin\u200b", "﷽", "𝕊𝕞𝕒𝕣𝕥", "\u202e<script>__hit=34</script>",
]
EDGES = [" ", "  ", " a", "a ", " a b ", "\ta", "a\n", "\u00a0a\u00a0", "", "a" * 32, "a" * 33, "a" * 96, "a" * 97, "a" * 512, "é" * 16,
         "é" * 48, "王" * 32, "王" * 170, "\U0001f6aa" * 8, "\U0001f6aa" * 24, "\U0001f6aa" * 128, "a" * 95 + "é", "a" * 31 + "é", "<" * 96, "'" * 96,
         "\"" * 32, "\\" * 32, "%" * 32, "(" * 200, "{" * 200, "\u0300" * 40]


def _mixture(source, parts):
    """A few pieces of the others in a row, cut to a length that some field takes."""
    text = source.choice(["", "", " ", ",", "'", "\""]).join(source.choice(parts) for _ in range(source.randint(2, 4)))
    limit = source.choice([16, 24, 32, 32, 64, 96, 96, 256, LONGEST])
    return text.encode()[:limit].decode(errors="ignore")


def hostile_strings():
    texts = list(dict.fromkeys(MARKUP + TEMPLATES + SQL + FORMULAS + STRUCTURES + CONTROLS + UNICODE + EDGES))
    parts = [text for text in texts if 0 < len(text) <= 40]
    source = random.Random(4711)
    while len(texts) < COUNT:
        text = _mixture(source, parts)
        if text not in texts:
            texts.append(text)
    return texts[:COUNT]


if __name__ == "__main__":
    json.dump(hostile_strings()[:int(sys.argv[1])], sys.stdout)
