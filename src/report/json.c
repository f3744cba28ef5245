/* JSON's strings and numbers, appended to a buffer. A number has six
 * significant digits and a point whatever the locale; what is no number, which
 * JSON can't hold, becomes null. */
#include "report/report.h"

#include <math.h>
#include <string.h>

void report_json_string(struct buffer *out, const char *text, size_t size) {
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    size_t start = 0;
    buffer_byte(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F)
            continue;
        buffer_append(out, text + start, i - start);
        start = i + 1;
        const char *found = byte ? strchr(escaped, byte) : NULL;
        if (found)
            buffer_format(out, "\\%c", letters[found - escaped]);
        else
            buffer_format(out, "\\u%04x", (unsigned)byte);
    }
    buffer_append(out, text + start, size - start);
    buffer_byte(out, '"');
}

void report_json_number(struct buffer *out, double value) {
    if (!isfinite(value)) {
        buffer_text(out, "null");
        return;
    }
    char text[64];
    snprintf(text, sizeof text, "%.6g", value);
    bool in_point = false;
    for (const char *at = text; *at; at++) {
        bool is_point = !strchr("0123456789+-e", *at);
        if (!is_point || !in_point) /* some locales' point has two bytes */
            buffer_byte(out, is_point ? '.' : *at);
        in_point = is_point;
    }
}
