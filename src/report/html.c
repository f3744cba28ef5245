/* What all HTML reports share: escaping, and the frame of a page. One file, no
 * scripts, no fonts or pictures from elsewhere, so that a report can be mailed
 * or archived as it is; colours follow the reader's light or dark screen. */
#include "report/report.h"

#include "text/text.h"

#include <string.h>

/* Control characters and noncharacters, which HTML does not allow; bytes that
 * are no UTF-8, as in the names of files, come here as U+FFFD. */
static bool is_forbidden(uint32_t point) {
    return (point < 0x20 && point != '\t' && point != '\n' && point != '\r') ||
           (point >= 0x7F && point <= 0x9F) || point == 0xFFFD ||
           (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

static const char *escape_of(uint32_t point) {
    switch (point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return is_forbidden(point) ? "\xEF\xBF\xBD" : NULL;
    }
}

void report_html_text(struct buffer *out, const char *text, size_t size) {
    size_t start = 0;
    for (size_t at = 0; at < size;) {
        uint32_t point;
        size_t bytes = utf8_decode(&point, text + at, size - at);
        const char *escape = escape_of(point);
        if (escape) {
            buffer_append(out, text + start, at - start);
            buffer_text(out, escape);
            start = at + bytes;
        }
        at += bytes;
    }
    if (size > start)
        buffer_append(out, text + start, size - start);
}

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c2128;--soft:#57606a;--line:#d0d7de;"
    "--paper:#fff;--tint:#f6f8fa;--accent:#0b62b8;--mark:#b4460f}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;"
    "--line:#363d46;--paper:#0f1318;--tint:#181d24;--accent:#6cb6ff;"
    "--mark:#f0a26b}}\n"
    "body{margin:0 auto;max-width:56rem;padding:2rem 1.25rem;"
    "background:var(--paper);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.6rem;margin:0 0 .25rem}"
    "h2{font-size:1.25rem;margin:3rem 0 .25rem;padding-top:1rem;"
    "border-top:1px solid var(--line)}h3{font-size:1rem;margin:2rem 0 .5rem}\n"
    "p{margin:.5rem 0;max-width:46rem}.soft{color:var(--soft)}\n"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;margin:1rem 0;width:100%}"
    "caption{text-align:left;color:var(--soft);padding-bottom:.25rem}\n"
    "th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);"
    "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "th:first-child{text-align:left;white-space:normal;overflow-wrap:anywhere}"
    "thead th{color:var(--soft);font-weight:600}tbody th{font-weight:400}"
    "tfoot th,tfoot td{background:var(--tint);font-weight:600}\n"
    "figure{margin:1rem 0}figcaption{color:var(--soft)}"
    "svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}\n"
    "svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}"
    ".grid{stroke:var(--line);fill:none}.bar{fill:var(--accent)}"
    ".range{stroke:var(--mark);stroke-width:2;fill:none}"
    ".dot{fill:var(--accent);stroke:var(--paper)}"
    ".ideal{stroke:var(--soft);stroke-dasharray:4 4}"
    "svg .over{fill:var(--paper)}\n"
    "@media print{h2{break-before:page}body{max-width:none}}\n";

void report_html_open(struct buffer *out, const char *title,
                      const char *more_style) {
    buffer_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                     "<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\">\n"
                     "<title>");
    report_html_text(out, title, strlen(title));
    buffer_text(out, "</title>\n<style>\n");
    buffer_text(out, style);
    buffer_text(out, more_style);
    buffer_text(out, "</style>\n</head>\n<body>\n<main>\n");
}

void report_html_close(struct buffer *out) {
    buffer_text(out, "</main>\n</body>\n</html>\n");
}
