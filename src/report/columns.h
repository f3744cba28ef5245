/* The columns of a terminal that text takes. Private to report/. */
#ifndef TENOR_REPORT_COLUMNS_H
#define TENOR_REPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* C0, DEL and C1: they could steer a terminal. */
static inline bool columns_is_control(uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}
/* Embeddings, overrides and isolates of direction: with them a text can look
 * like another. They take no room. */
static inline bool columns_is_turn(uint32_t point) {
    return (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}
size_t columns_measure(const char *text, size_t size);
/* The bytes that fit into `columns`, with the marks that belong to them. */
size_t columns_cut(const char *text, size_t size, size_t columns);

#endif
