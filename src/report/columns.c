/* How much room text takes on a terminal, as utf8proc knows it: two columns for
 * East Asian wide characters, none for combining marks. A control character
 * counts as one: the reports show it as "?" or not at all. */
#include "report/columns.h"

#include "text/text.h"

#include <utf8proc.h>

static size_t width_of(uint32_t point) {
    int width = utf8proc_charwidth((utf8proc_int32_t)point);
    return columns_is_control(point) ? 1 : width > 0 ? (size_t)width : 0;
}

size_t columns_measure(const char *text, size_t size) {
    size_t columns = 0;
    uint32_t point;
    for (size_t at = 0; at < size;) {
        at += utf8_decode(&point, text + at, size - at);
        columns += width_of(point);
    }
    return columns;
}

size_t columns_cut(const char *text, size_t size, size_t columns) {
    size_t at = 0;
    while (at < size) {
        uint32_t point;
        size_t bytes = utf8_decode(&point, text + at, size - at);
        size_t width = width_of(point);
        if (width > columns)
            break;
        columns -= width;
        at += bytes;
    }
    return at;
}
